"""Writes on the staff of a station and its leave."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.kernel import audit
from waystation.organizations.models import Unit
from waystation.stations.duty.models import FormerLimit, Leave, Posting, Turn, Window


class PostingRefused(Exception):
    """The posting cannot be so; the sentence says why."""


class LeaveRefused(Exception):
    """The leave cannot be so; the sentence says why."""


@transaction.atomic
def open_posting(
    *, station: Unit, user, kind: str, windows: Iterable[str], most_week: int, most_month: int, starts_on: date,
    ends_on: date | None = None, sent_by: str = "", by, at: datetime,
) -> Posting:  # fmt: skip
    """Post a user to a station from a day on, with the windows that the person may open.

    Refuses (PostingRefused) a unit that is no station, a second posting there on any of the days, and numbers
    that do not go together.
    """
    if station.kind != Unit.Kind.STATION:
        raise PostingRefused(_("Only a station has staff."))
    # The station is the lock: of two postings of one user the second sees the first.
    Unit.objects.select_for_update().get(pk=station.pk)
    _refuse_numbers(most_week, most_month)
    if ends_on is not None and ends_on <= starts_on:
        raise PostingRefused(_("A posting ends after it begins."))
    own = Posting.objects.filter(station=station, user=user)
    if own.touching(starts_on, ends_on or date.max).exists():
        raise PostingRefused(_("%(name)s is posted here on some of these days already.") % {"name": user.full_name})
    posting = Posting.objects.create(
        station=station, user=user, kind=Posting.Kind(kind), sent_by=sent_by[:100], windows=_windows(windows),
        most_week=most_week, most_month=most_month, starts_on=starts_on, ends_on=ends_on, created_at=at,
        created_by=by,
    )  # fmt: skip
    audit.record("posting.opened", on=posting, by=by, at=at, unit_path=station.path, user=str(user.pk), kind=kind)
    return posting


def _windows(keys: Iterable[str]) -> list[str]:
    wanted = set(keys)
    return [key for key in Window.values if key in wanted]


def _refuse_numbers(most_week: int, most_month: int) -> None:
    if not 1 <= most_week <= most_month:
        raise PostingRefused(_("At least one shift a week, and no more a week than a month."))


@transaction.atomic
def edit_posting(
    posting: Posting, *, windows: Iterable[str], most_week: int, most_month: int, sent_by: str, by, at: datetime
) -> Posting:
    """Change what the person may open and how often the person comes, from today on.

    The days before keep the number of shifts a month that held then: the fair shares of past months are not
    rewritten. Refuses numbers that do not go together.
    """
    _refuse_numbers(most_week, most_month)
    posting = Posting.objects.select_for_update().select_related("station", "user").get(pk=posting.pk)
    wanted = {
        "windows": _windows(windows), "most_week": most_week, "most_month": most_month, "sent_by": sent_by[:100],
    }  # fmt: skip
    changed = [name for name, value in wanted.items() if getattr(posting, name) != value]
    if changed:
        _keep_limit(posting, most_month, day=timezone.localdate(at))
        for name in changed:
            setattr(posting, name, wanted[name])
        posting.save(update_fields=changed)
        audit.record("posting.edited", on=posting, by=by, at=at, unit_path=posting.station.path, fields=changed)
    return posting


def _keep_limit(posting: Posting, most_month: int, *, day: date) -> None:
    """Keep what held until the day; a second change on one day leaves what held before the first."""
    if posting.most_month != most_month and posting.starts_on < day:
        FormerLimit.objects.get_or_create(posting=posting, until=day, defaults={"most_month": posting.most_month})


@transaction.atomic
def end_posting(posting: Posting, *, ends_on: date, by, at: datetime) -> Posting:
    """End the posting on a day (excluded).

    Refuses (PostingRefused) one that has ended, a day before the last shift the person is on, and a day before
    it began.
    """
    posting = Posting.objects.select_for_update().select_related("station", "user").get(pk=posting.pk)
    if posting.ends_on is not None and posting.ends_on <= ends_on:
        raise PostingRefused(_("This posting ends earlier already."))
    if ends_on <= posting.starts_on:
        raise PostingRefused(_("A posting ends after it begins."))
    last = Turn.objects.live().filter(posting=posting).aggregate(day=Max("shift__day"))["day"]
    if last is not None and last >= ends_on:
        words = _("%(name)s is on the rota until %(day)s: put others on these shifts first.")
        raise PostingRefused(words % {"name": posting.user.full_name, "day": last.isoformat()})
    posting.ends_on = ends_on
    posting.save(update_fields=["ends_on"])
    audit.record("posting.ended", on=posting, by=by, at=at, unit_path=posting.station.path, ends_on=ends_on)
    return posting


# --- leave ----------------------------------------------------------------------------------------


@transaction.atomic
def ask_leave(posting: Posting, *, starts_on: date, ends_on: date, reason: str = "", by, at: datetime) -> Leave:
    """Ask to be away from a day until, but not on, another.

    Refuses (LeaveRefused) days outside the posting and days on which leave is asked or granted already.
    """
    posting = Posting.objects.select_for_update().select_related("station", "user").get(pk=posting.pk)
    if ends_on <= starts_on:
        raise LeaveRefused(_("Leave ends after it begins."))
    if not posting.holds_on(starts_on):
        raise LeaveRefused(_("The person is not posted here on the first of these days."))
    standing = (Leave.State.ASKED, Leave.State.GRANTED)
    if posting.leaves.filter(state__in=standing).touching(starts_on, ends_on).exists():
        raise LeaveRefused(_("Leave on some of these days has been asked or granted already."))
    leave = Leave.objects.create(
        posting=posting, starts_on=starts_on, ends_on=ends_on, reason=reason[:200], asked_at=at, asked_by=by
    )
    audit.record("leave.asked", on=leave, by=by, at=at, unit_path=posting.station.path)
    return leave


@transaction.atomic
def decide_leave(leave: Leave, *, grants: bool, note: str = "", by, at: datetime) -> Leave:
    """Grant or refuse leave that was asked.

    Refuses (LeaveRefused) what is decided already, one's own leave, and a refusal without a reason.
    """
    if by is not None and leave.posting.user_id == by.pk:
        raise LeaveRefused(_("Nobody grants their own leave."))
    if not grants and not note.strip():
        raise LeaveRefused(_("Say why it is refused."))
    state = Leave.State.GRANTED if grants else Leave.State.REFUSED
    mine = Leave.objects.filter(pk=leave.pk, state=Leave.State.ASKED)
    if not mine.update(state=state, decided_at=at, decided_by=by, note=note[:200]):
        raise LeaveRefused(_("This leave has been decided already."))
    leave.refresh_from_db()
    audit.record(f"leave.{state}", on=leave, by=by, at=at, unit_path=leave.posting.station.path)
    return leave


@transaction.atomic
def enter_leave(posting: Posting, *, starts_on: date, ends_on: date, reason: str = "", by, at: datetime) -> Leave:
    """Write down leave that is granted with it. Refuses what asking and granting refuse."""
    leave = ask_leave(posting, starts_on=starts_on, ends_on=ends_on, reason=reason, by=by, at=at)
    return decide_leave(leave, grants=True, by=by, at=at)


@transaction.atomic
def withdraw_leave(leave: Leave, *, by, at: datetime) -> Leave:
    """Take leave back that was asked or granted. Refuses what is refused or withdrawn already (LeaveRefused)."""
    standing = Leave.objects.filter(pk=leave.pk, state__in=(Leave.State.ASKED, Leave.State.GRANTED))
    if not standing.update(state=Leave.State.WITHDRAWN, decided_at=at, decided_by=by):
        raise LeaveRefused(_("This leave has been decided already."))
    leave.refresh_from_db()
    audit.record("leave.withdrawn", on=leave, by=by, at=at, unit_path=leave.posting.station.path)
    return leave
