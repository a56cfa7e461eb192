"""What a leader suggests that the group could do, and what the station answers."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.accounts.models import User
from waystation.kernel import audit
from waystation.stations.duty.actions import finish_key, open_item
from waystation.stations.duty.models import OpenItem
from waystation.stewardship.groups.actions.errors import GroupRefused, NotTheLeader, SuggestionAnswered
from waystation.stewardship.groups.actions.members import hold_group
from waystation.stewardship.groups.models import FunctionalGroup, GroupLeader, SuggestedActivity

State = SuggestedActivity.State


def answer_key(suggested: SuggestedActivity) -> str:
    """The one open item of a suggestion that waits for an answer."""
    return f"group-suggested:{suggested.pk}"


def entry_key(suggested: SuggestedActivity) -> str:
    """The one open item of a suggestion that was taken up and whose occasion is to be entered."""
    return f"group-suggested-entry:{suggested.pk}"


@transaction.atomic
def suggest_activity(
    group: FunctionalGroup, *, held_on: date, topic: str, reason: str, place: str = "", by: User, at: datetime
) -> SuggestedActivity:
    """Suggest to the station what the group could do on a day; until it answers it stands among its open items.

    Refuses everybody but the present leader, by their own account (NotTheLeader), a day that is over and an empty
    reason (GroupRefused), and a closed group (GroupClosed).
    """
    # The lock of the group is the one that a change of leaders takes, too.
    group = hold_group(group)
    term = GroupLeader.objects.filter(group=group, ends_on=None, member__person__user=by.pk).first()
    if term is None:
        raise NotTheLeader
    if held_on < timezone.localdate(at):
        raise GroupRefused(_("Choose today or a day to come."))
    if not reason.strip():
        raise GroupRefused(_("Write why the group should do it."))
    made = SuggestedActivity.objects.create(
        group=group, leader=term, held_on=held_on, topic=topic, place=place, reason=reason.strip(), suggested_at=at,
        suggested_by=by,
    )  # fmt: skip
    audit.record("group.activity_suggested", on=made, by=by, at=at, unit_path=group.station_path)
    words = _("Answer the suggestion of %(group)s: %(topic)s")
    _open(made, group, answer_key(made), words, by=by, at=at)
    return made


def _open(suggested: SuggestedActivity, group: FunctionalGroup, key: str, words: str, *, by, at: datetime) -> None:
    open_item(
        unit=group.station, topic=OpenItem.Topic.LIFE, key=key, due_on=suggested.held_on, link="groups:suggested",
        link_pk=suggested.pk, title=words % {"group": group.name, "topic": suggested.topic}, by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def take_up(suggested: SuggestedActivity, *, by, at: datetime) -> SuggestedActivity:
    """Say yes; until its occasion is entered it stands among the open items of the station, due on its day.

    Refuses one that is answered (SuggestionAnswered), and a closed group (GroupClosed).
    """
    group = hold_group(suggested.group)
    _answer(suggested, State.TAKEN, "", by, at)
    audit.record("group.suggestion_taken", on=suggested, by=by, at=at, unit_path=group.station_path)
    finish_key(answer_key(suggested), outcome=_("Taken up"), by=by, at=at)
    _open(suggested, group, entry_key(suggested), _("Enter the activity of %(group)s: %(topic)s"), by=by, at=at)
    return suggested


@transaction.atomic
def decline(suggested: SuggestedActivity, *, reason: str, by, at: datetime) -> SuggestedActivity:
    """Say no; the leader reads the reason.

    Refuses one that is answered (SuggestionAnswered), an empty reason (GroupRefused) and a closed group (GroupClosed).
    """
    group = hold_group(suggested.group)
    if not reason.strip():
        raise GroupRefused(_("Write why; the leader reads it."))
    return _decline(suggested, group, reason.strip(), by, at)


def _decline(suggested: SuggestedActivity, group: FunctionalGroup, reason: str, by, at: datetime) -> SuggestedActivity:
    _answer(suggested, State.DECLINED, reason, by, at)
    path = group.station_path
    audit.record("group.suggestion_declined", on=suggested, by=by, at=at, unit_path=path, reason=reason)
    finish_key(answer_key(suggested), outcome=_("Declined: %(reason)s") % {"reason": reason}, by=by, at=at)
    return suggested


def _answer(suggested: SuggestedActivity, state: str, answer: str, by, at: datetime) -> None:
    # Of two who answer at once the second finds no row that waits.
    mine = SuggestedActivity.objects.waiting().filter(pk=suggested.pk)
    if not mine.update(state=state, answer=answer, answered_at=at, answered_by=by):
        raise SuggestionAnswered
    suggested.refresh_from_db()


@transaction.atomic
def note_entered(suggested: SuggestedActivity, *, group_key: UUID | None, occasion_key: UUID, by, at: datetime) -> bool:
    """Its occasion was entered for the group; False for one that is not to be entered (any more) or another group's."""
    mine = SuggestedActivity.objects.to_enter().filter(pk=suggested.pk, group=group_key)
    if not mine.update(occasion_key=occasion_key):
        return False
    finish_key(entry_key(suggested), outcome=_("The occasion is entered"), by=by, at=at)
    return True


def drop_suggested(group: FunctionalGroup, *, reason: str, by, at: datetime) -> None:
    """Decline what a held group still waits for, and let nobody wait for what was taken up: the group ends."""
    for suggested in list(SuggestedActivity.objects.waiting().filter(group=group)):
        _decline(suggested, group, reason, by, at)
    for suggested in SuggestedActivity.objects.to_enter().filter(group=group):
        finish_key(entry_key(suggested), outcome=reason, by=by, at=at)
