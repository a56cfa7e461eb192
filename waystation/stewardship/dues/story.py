"""The part of a person's time line that the dues know: told to whoever answers for the member."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from waystation.kernel.templatetags.ui import thousands, zh_date
from waystation.organizations.permissions import Permission
from waystation.stewardship.dues.models import DuesBase, DuesEntry, DuesReduction
from waystation.stewardship.dues.rates import Category
from waystation.stewardship.people.models import Person
from waystation.stewardship.people.queries import timeline
from waystation.stewardship.people.queries.sights import Sight

State = DuesReduction.State


def months_text(first, last) -> str:
    """One month, or from one to another, as the language writes days."""
    if first == last:
        return f"{first:%Y-%m}"
    return _("%(first)s to %(last)s") % {"first": f"{first:%Y-%m}", "last": f"{last:%Y-%m}"}


@timeline.register
def tell(person: Person, sight: Sight) -> Iterator[timeline.Entry]:
    """Payments on record, bases and reductions; not to grid leaders and destinations, who have no part in dues."""
    if not sight.may(Permission.DUES_VIEW):
        return
    url = reverse("dues:person", args=[person.pk])
    yield from _payments(person, url)
    yield from _bases(person, url)
    yield from _reductions(person)


def _payments(person: Person, url: str) -> Iterator[timeline.Entry]:
    rows = DuesEntry.objects.filter(person=person).select_related("unit", "recorded_by")
    for row in rows:
        words = {"months": months_text(row.first_month, row.last_month), "amount": thousands(abs(row.amount))}
        title = _("A payment of dues for %(months)s was reversed: %(amount)s yuan")
        if row.reverses_id is None:
            title = _("Dues for %(months)s on record: %(amount)s yuan")
        yield timeline.Entry(
            row.recorded_at,
            title % words,
            [
                row.unit.name,
                _("paid on %(day)s") % {"day": zh_date(row.paid_on)},
                row.remark,
                str(row.recorded_by or ""),
            ],
            about=f"dues:{row.pk}",
            url=url,
            tone="plain",
        )


def _bases(person: Person, url: str) -> Iterator[timeline.Entry]:
    for row in DuesBase.objects.filter(person=person).select_related("recorded_by", "withdrawn_by"):
        words = {"category": Category(row.category).label, "month": f"{row.starts_on:%Y-%m}"}
        yield timeline.Entry(
            row.recorded_at,
            _("Dues reckoned by “%(category)s” from %(month)s on") % words,
            [str(row.recorded_by or "")],
            url=url,
            tone="plain",
        )
        if row.withdrawn_at is not None:
            yield timeline.Entry(
                row.withdrawn_at,
                _("The base of dues from %(month)s was withdrawn") % words,
                [row.withdrawn_reason, str(row.withdrawn_by or "")],
                tone="plain",
            )


def _reductions(person: Person) -> Iterator[timeline.Entry]:
    for row in DuesReduction.objects.filter(person=person).defer("reason").select_related("asked_by", "decided_by"):
        words = {"kind": row.get_kind_display(), "months": months_text(row.starts_on, row.last_month)}
        url = reverse("dues:reduction", args=[row.pk])
        yield timeline.Entry(
            row.asked_at,
            _("Asked that the member pay less dues: %(kind)s, %(months)s") % words,
            [str(row.asked_by)],
            url=url,
            tone="waiting" if row.state == State.ASKED else "plain",
        )
        if row.decided_at is not None:
            title = _("Lower dues were approved: %(kind)s, %(months)s")
            if row.state == State.REFUSED:
                title = _("Lower dues were refused: %(kind)s, %(months)s")
            yield timeline.Entry(
                row.decided_at,
                title % words,
                [row.decision, str(row.decided_by)],
                url=url,
            )
