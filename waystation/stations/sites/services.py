"""What a station usually does for people, until it writes down its own list."""

from __future__ import annotations

from django.utils.translation import gettext as _


def usual_services() -> list[str]:
    """In the language of whoever opens the station; the station changes them as it likes."""
    return [
        _("Registration of mobile Party members, by oneself or at the desk"),
        _("Questions about formal transfer, dues and the activity card"),
        _("Organization life, Party days and classes for members away from their village"),
        _("One-stop window: civil affairs, medical insurance, employment and other matters"),
        _("Talks, help in hardship, and a place to meet"),
    ]
