"""The part of a person's time line that contact and care know; only for those who answer for the member."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.kernel.days import midnight
from waystation.organizations.permissions import Permission
from waystation.stewardship.contacts.models import Contact, Excuse, LostContact
from waystation.stewardship.contacts.queries.sections import about
from waystation.stewardship.people.models import Person
from waystation.stewardship.people.queries import panels, timeline
from waystation.stewardship.people.queries.sights import Sight

SHOWN = 50


def _moment(day: date, entered: datetime | None = None) -> datetime:
    """The beginning of the day; the time of the entry where it was made on the day itself."""
    if entered is not None and timezone.localdate(entered) == day:
        return entered
    return midnight(day)


@timeline.register
def tell(person: Person, sight: Sight) -> Iterator[timeline.Entry]:
    """The latest contacts, each excuse and each case of lost contact. Sealed notes are not told."""
    if not sight.may(Permission.CONTACT_VIEW):
        return
    rows = Contact.objects.standing().filter(person=person).defer("sealed_note", "needs")
    for row in rows.order_by("-contacted_on", "-pk")[:SHOWN]:
        yield timeline.Entry(
            _moment(row.contacted_on, row.recorded_at),
            f"{row.get_channel_display()} · {row.get_outcome_display()}",
            [row.spoken_by, row.note],
            about=f"contact:{row.pk}",
            tone="" if row.is_real else "plain",
        )
    for excuse in Excuse.objects.filter(person=person).defer("facts"):
        yield from _of_excuse(excuse)
    for case in LostContact.objects.filter(person=person).select_related("reported_by", "suspended_by"):
        yield from _of_case(case)


@panels.register
def card(person: Person, user, sight: Sight) -> panels.Panel | None:
    """How contact and care stand, on the member's page; for those who may see contacts and answer for the member."""
    if not sight.may(Permission.CONTACT_VIEW):
        return None
    data = {"person": person, "about": about(person, timezone.localdate())}
    return panels.Panel("contacts/panel.html", data)


def _of_excuse(row: Excuse) -> Iterator[timeline.Entry]:
    yield timeline.Entry(_moment(row.starts_on), _("Excused: nothing is required of the member"), tone="plain")
    if row.ends_on is not None:
        yield timeline.Entry(_moment(row.ends_on), _("The excuse ended"), [row.ending_reason], tone="plain")


def _of_case(row: LostContact) -> Iterator[timeline.Entry]:
    url = reverse("contacts:lost", args=[row.pk])
    about = f"lost:{row.pk}"
    yield timeline.Entry(
        row.reported_at, _("Reported as lost"), [str(row.reported_by)], about=about, url=url, tone="waiting"
    )
    if row.suspended_on is not None:
        document = [row.suspension_document]
        yield timeline.Entry(_moment(row.suspended_on), _("Membership suspended"), document, url=url, tone="waiting")
    if row.closed_at is not None:
        yield timeline.Entry(row.closed_at, str(row.get_state_display()), [row.closing_note], url=url, tone="plain")
