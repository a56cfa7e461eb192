"""The signed address by which a member reports at a station: behind the QR code of its poster."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from waystation.kernel.sealing import BadSignature, sign, verify
from waystation.stations.sites.models import Station

PURPOSE = "report"


def token(station: Station) -> str:
    """What vouches for the station. It has no end: posters hang for years."""
    return sign(PURPOSE, {"s": station.pk})


def station_of(text: str) -> Station | None:
    """The open station that the token names; None for whatever was not signed here."""
    try:
        pk = verify(PURPOSE, text)["s"]
    except (BadSignature, KeyError):
        return None
    open_ones = Station.objects.filter(unit__closed_on=None)
    return open_ones.select_related("unit", "host_town").filter(pk=pk).first()


def address(station: Station) -> str:
    """The whole address, as it stands in the QR code."""
    path = reverse("portal:arrive", args=[token(station)])
    return f"{settings.SITE_ADDRESS.rstrip('/')}{path}"
