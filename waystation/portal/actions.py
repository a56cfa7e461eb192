"""What a visitor of the portal does: reporting at a station."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from waystation.kernel import audit
from waystation.kernel.sealing import blinds
from waystation.organizations.models import Unit
from waystation.organizations.places import Places
from waystation.stations.sites.models import Station
from waystation.stewardship.people.actions import register_arrival
from waystation.stewardship.people.claims import Claim
from waystation.stewardship.people.identity import read_id_number, read_phones
from waystation.stewardship.people.models import Arrival
from waystation.stewardship.people.names import name_key

NOTICE_VERSION = "2026-11"
ONCE_IN = timedelta(days=1)


@transaction.atomic
def report(station: Station, answers: dict, *, at: datetime) -> Arrival:
    """Enter what the visitor says in the station's register, as a claim until it is verified.

    Whoever reports again within a day, with the same name and phone at the same station, gets the
    first entry back: a page sent twice, or a visitor who was not sure, is one arrival.
    """
    # The station's row is the lock: of two sendings at once the second finds the first.
    Station.objects.select_for_update().get(pk=station.pk)
    earlier = _same(station, answers, at)
    if earlier is not None:
        return earlier
    arrival = register_arrival(
        _claim(answers),
        station=station.unit,
        channel=Arrival.Channel.QR,
        home=_home(answers["home_text"]),
        destination=_destination(station, answers.get("community", "")),
        notice_version=NOTICE_VERSION,
        by=None,
        at=at,
    )
    audit.record(
        "notice.accepted",
        on=arrival,
        at=at,
        unit_path=arrival.station_path,
        version=NOTICE_VERSION,
        id_number_agreed=bool(answers.get("may_ask_id")),
    )
    return arrival


def _same(station: Station, answers: dict, at: datetime) -> Arrival | None:
    return (
        Arrival.objects.pending()
        .filter(
            station=station.unit,
            channel=Arrival.Channel.QR,
            name_key=name_key(answers["full_name"]),
            phone_index__in=blinds("phone", answers["phone"]),
            created_at__gt=at - ONCE_IN,
        )
        .order_by("created_at")
        .first()
    )


def _claim(answers: dict) -> Claim:
    number = read_id_number(answers.get("id_number", ""))
    return Claim(
        answers["full_name"],
        phone=next(iter(read_phones(answers["phone"])), None),
        id_number=number or None,
        sex=(number.sex or "") if number else "",
        born=number.birth.isoformat() if number and number.birth else "",
        home_text=answers["home_text"],
        destination_text=answers.get("community_text", ""),
        address=answers.get("address", ""),
        trade=answers.get("trade", ""),
        skill=answers.get("skill", ""),
    )


def _home(text: str) -> Unit | None:
    """The branch or place that the visitor's words certainly mean; the register keeps the words."""
    root = Unit.objects.filter(parent=None).order_by("pk").first()
    return Places(root).branch(text) if root is not None else None


def _destination(station: Station, community: str) -> Unit | None:
    return station.communities.filter(pk=community).first() if community.isdigit() else None
