"""What a member may know about their own file beside its columns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.accounts.models import User
from waystation.kernel.models import AuditEvent
from waystation.kernel.partial_dates import PartialDate
from waystation.kernel.templatetags.ui import zh_date
from waystation.organizations.models import Mandate
from waystation.organizations.permissions import ROLES
from waystation.stewardship.contacts.models import Contact
from waystation.stewardship.grids.models import Grid, GridAssignment
from waystation.stewardship.people.models import Person

LOOKED_DAYS = 30
KEPT_DAYS = 180
# Whoever gives the member an account could keep it: the member sees that, too.
_LOOKS = (
    "person.viewed", "person.revealed", "person.corrected", "person.exported", "card.issued",
    "person.account_linked", "person.account_unlinked", "person.slip_renewed",
)  # fmt: skip
_MOBILE = re.compile(r"1[3-9]\d{9}")


def grid_of(person: Person) -> Grid | None:
    """The grid the member is in now."""
    row = (
        GridAssignment.objects.filter(person=person, ends_on=None).select_related("grid__unit", "grid__station").first()
    )
    return row.grid if row else None


@dataclass(frozen=True)
class Leader:
    """Who leads the member's grid; `phone` only where the sign-in name is a mobile number."""

    name: str
    phone: str


def leader_of(person: Person, day: date) -> Leader | None:
    """The leader of the member's grid on the day."""
    grid = grid_of(person)
    if grid is None:
        return None
    held = Mandate.objects.in_force(day).filter(unit=grid.pk, role="grid_leader")
    mandate = held.select_related("user").first()
    return Leader(mandate.user.full_name, _phone(mandate.user)) if mandate else None


def _phone(user: User) -> str:
    return user.username if _MOBILE.fullmatch(user.username) else ""


def contacts_of(person: Person) -> list[Contact]:
    """The latest hundred contacts with the member that stand; only day, channel and whose they were are shown."""
    rows = Contact.objects.standing().filter(person=person, outcome=Contact.Outcome.REACHED)
    rows = rows.select_related("unit").only("contacted_on", "channel", "unit__name")
    return list(rows.order_by("-contacted_on", "-pk")[:100])


def sightings(person: Person, *, since_days: int) -> QuerySet[AuditEvent]:
    """Events in which somebody else opened the file, showed a number of it, changed it, or its account."""
    since = timezone.now() - timedelta(days=since_days)
    events = AuditEvent.objects.about(person).filter(verb__in=_LOOKS, at__gte=since)
    return events.exclude(actor=person.user_id)


@dataclass(frozen=True)
class Look:
    """One event in words for the member."""

    at: datetime
    who: str
    what: str
    why: str


def told(event: AuditEvent) -> Look:
    """The event as the member reads it: who, in which role, what, and the purpose given."""
    words = {
        "person.viewed": _("opened your file"),
        "person.revealed": _("had a number of your file shown"),
        "person.corrected": _("corrected your file"),
        "person.exported": _("took your file out in a list"),
        "card.issued": _("issued your card"),
        "person.account_linked": _("gave you your account"),
        "person.account_unlinked": _("took the link of your account back"),
        "person.slip_renewed": _("made a new one-time password for you"),
    }
    role = ROLES[event.role].label if event.role in ROLES else ""
    who = event.actor_label or _("the system")
    return Look(event.at, f"{who}（{role}）" if role else who, words[event.verb], event.purpose)


def day_text(partial: str) -> str:
    """A stored partial date as the language writes it."""
    return zh_date(PartialDate.parse_iso(partial)) if partial else ""
