"""The checklist that a city may begin with.

The city's guidance names four functions: convenience service, office and meetings, education and management
of members, culture, sport and recreation. The items are what stations show for each; the city changes them.
"""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _

from waystation.stations.sites.models import Function


class UsualItem(NamedTuple):
    function: str
    title: str
    meaning: str


def usual_checklist() -> list[UsualItem]:
    """In the language of whoever takes it over."""
    service, office, education, culture = Function.values
    return [
        UsualItem(
            service,
            _("Service windows"),
            _("Windows for Party affairs, public security, civil affairs, medical insurance, with named clerks"),
        ),
        UsualItem(
            service, _("List and process of services on display"), _("Items, papers, steps and times, up to date")
        ),
        UsualItem(
            service, _("Service on behalf"), _("Somebody takes papers to the office for the aged and the disabled")
        ),
        UsualItem(
            office, _("Duty office"), _("A desk that is staffed in opening hours, with telephone, computer and printer")
        ),
        UsualItem(office, _("Meeting room"), _("For joint conferences and meetings of at least 20 people")),
        UsualItem(office, _("Room for talks"), _("A closed room for talks between two people")),
        UsualItem(
            education, _("Registration desk for mobile members"), _("Arrivals are entered and told what comes next")
        ),
        UsualItem(education, _("Classroom"), _("Seats for at least 30, with a screen and remote education")),
        UsualItem(
            education, _("Activity room for members"), _("Party emblem, rules on the wall, place for organization life")
        ),
        UsualItem(education, _("Cabinet for member files"), _("Locked, with one keeper")),
        UsualItem(culture, _("Reading room"), _("Books and newspapers, open to residents")),
        UsualItem(culture, _("Room for culture and sport"), _("Equipment in working order, open to residents")),
    ]
