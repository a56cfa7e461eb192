"""Transfers and activity cards in the story of one person, and on the person's page."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.kernel.templatetags.ui import zh_date
from waystation.organizations.access import Reach
from waystation.organizations.permissions import Permission
from waystation.stewardship.formalities.models import ActivityCard, CardCheck, Transfer
from waystation.stewardship.people.models import Person
from waystation.stewardship.people.queries import panels, timeline
from waystation.stewardship.people.queries.sights import Sight


@timeline.register
def tell(person: Person, sight: Sight) -> Iterator[timeline.Entry]:
    """Each letter and what came of it, each activity card and its checks; each only to whoever may open its page."""
    if sight.may(Permission.TRANSFER_VIEW):
        for row in Transfer.objects.filter(person=person).select_related("origin", "to"):
            yield from _of_transfer(row)
    if sight.may(Permission.ACTIVITY_CARD_CHECK):
        yield from _of_cards(person)


def _of_cards(person: Person) -> Iterator[timeline.Entry]:
    for card in ActivityCard.objects.filter(person=person).select_related("branch"):
        names = {"branch": card.branch.name, "number": card.number}
        yield timeline.Entry(
            card.issued_at, _("%(branch)s issued the activity card %(number)s") % names, tone="plain",
            url=reverse("formalities:card", args=[card.pk]),
        )  # fmt: skip
        if card.closed_at is not None:
            yield timeline.Entry(
                card.closed_at,
                _("Activity card %(number)s: %(state)s") % {"number": card.number, "state": card.get_state_display()},
                [card.closing_reason], tone="plain",
            )  # fmt: skip
    for check in CardCheck.objects.filter(card__person=person).select_related("unit"):
        yield timeline.Entry(
            check.checked_at,
            _("%(unit)s checked the activity card for %(year)d") % {"unit": check.unit.name, "year": check.year},
            [check.remark], tone="plain",
        )  # fmt: skip


def _of_transfer(row: Transfer) -> Iterator[timeline.Entry]:
    names = {"to": row.to_name, "branch": row.origin.name, "number": row.number or "—"}
    yield timeline.Entry(
        row.issued_at,
        _("%(branch)s issued a transfer to %(to)s, no. %(number)s") % names,
        [_("valid to %(day)s") % {"day": zh_date(row.expires_on)}, row.reason],
        tone="waiting" if row.state == Transfer.State.ISSUED else "",
        url=reverse("formalities:transfer", args=[row.pk]),
    )
    titles = {
        Transfer.State.RECEIVED: _("%(to)s recorded the receipt; the formal relation is there now")
        if row.to_id is not None
        else _("The receipt of %(to)s came back by post; the formal relation is there now"),
        Transfer.State.EXPIRED: _("The transfer letter to %(to)s expired without a receipt"),
        Transfer.State.WITHDRAWN: _("%(branch)s withdrew the transfer to %(to)s"),
    }
    if row.closed_at is not None:
        tone = "ok" if row.state == Transfer.State.RECEIVED else "plain"
        yield timeline.Entry(row.closed_at, titles[row.state] % names, [row.closing_reason], tone=tone)


@panels.register
def show(person: Person, user, sight: Sight) -> panels.Panel | None:
    """The open transfer and the valid card, with what the branch may do."""
    if not sight.cares:
        return None
    branch = person.home_path
    transfer = Transfer.objects.open().filter(person=person).select_related("to").first()
    card = ActivityCard.objects.valid().filter(person=person).first()
    may_issue = transfer is None and Reach.of(user, Permission.TRANSFER_TRACK).covers(branch)
    may_card = card is None and Reach.of(user, Permission.ACTIVITY_CARD_ISSUE).covers(branch)
    shows_transfer = transfer if sight.may(Permission.TRANSFER_VIEW) else None
    shows_card = card if sight.may(Permission.ACTIVITY_CARD_CHECK) else None
    if not (shows_transfer or shows_card or may_issue or may_card):
        return None
    data = {
        "person": person, "transfer": shows_transfer, "card": shows_card, "may_issue": may_issue,
        "may_card": may_card, "today": timezone.localdate(),
    }  # fmt: skip
    return panels.Panel("formalities/_panel.html", data)
