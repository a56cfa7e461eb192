"""Drawing up a month's rota, and publishing it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.kernel import audit, dated, jobs
from waystation.kernel.models import Job
from waystation.organizations.models import Unit
from waystation.stations.duty import rules, solving
from waystation.stations.duty.actions.items import return_items
from waystation.stations.duty.actions.turns import (
    add_turn,
    lock_people,
    lock_shifts,
    overtake_swaps,
    release_unstaffed,
    remove_turn,
)
from waystation.stations.duty.models import CalendarDay, Posting, Rota, Shift, ShiftPattern, Turn, Window
from waystation.stations.duty.queries.days import (
    days_between,
    first_of_month,
    hours,
    is_kept,
    month_words,
    next_month,
)
from waystation.stations.duty.queries.fitting import Limits, people_around, refusal, span_of
from waystation.stations.duty.queries.planning import question_of

MAKE_ROTA = "duty.rota"


class RotaRefused(Exception):
    """The rota or its pattern cannot be so; the sentence says why."""


# --- the pattern and the calendar -----------------------------------------------------------------


@transaction.atomic
def add_pattern(
    *, station: Unit, name: str, begins: time, ends: time, weekdays: Iterable[int], staff: int,
    windows: Iterable[str] = (), on_holidays: bool = False, starts_on: date, by, at: datetime,
) -> ShiftPattern:  # fmt: skip
    """Let the station keep a shift on some weekdays from a day on.

    Refuses (RotaRefused) one that ends before it begins, without any day, or of a name in use.
    """
    weekdays = sorted({int(day) for day in weekdays if 0 <= int(day) <= 6})
    if ends <= begins:
        raise RotaRefused(_("A shift ends after it begins, on the same day."))
    if not weekdays and not on_holidays:
        raise RotaRefused(_("Choose the weekdays on which the shift is kept."))
    wanted = set(windows)
    try:
        with transaction.atomic():
            pattern = ShiftPattern.objects.create(
                station=station, name=name[:40], begins=begins, ends=ends, weekdays=weekdays, staff=max(1, staff),
                windows=[key for key in Window.values if key in wanted], on_holidays=on_holidays,
                starts_on=starts_on,
            )  # fmt: skip
    except IntegrityError as error:
        raise RotaRefused(_("The station keeps a shift of this name already; end it first.")) from error
    audit.record("pattern.added", on=pattern, by=by, at=at, unit_path=station.path)
    return pattern


@transaction.atomic
def end_pattern(pattern: ShiftPattern, *, ends_on: date, by, at: datetime) -> ShiftPattern:
    """Keep the shift no more from a day on. Refuses a day before it began, and what has ended (RotaRefused)."""
    if ends_on <= pattern.starts_on:
        raise RotaRefused(_("A shift is kept for one day at least."))
    if not ShiftPattern.objects.filter(pk=pattern.pk, ends_on=None).update(ends_on=ends_on):
        raise RotaRefused(_("This shift has ended already."))
    pattern.refresh_from_db()
    audit.record("pattern.ended", on=pattern, by=by, at=at, unit_path=pattern.station.path)
    return pattern


@transaction.atomic
def set_day(
    *, station: Unit | None, day: date, kind: str, name: str, works_as: int | None = None, source: str = "",
    by, at: datetime,
) -> CalendarDay:  # fmt: skip
    """Say that a day is a holiday or made up for one, everywhere or at one station; what was said is replaced."""
    works_as = works_as if kind == CalendarDay.Kind.WORKING else None
    if kind == CalendarDay.Kind.WORKING and works_as is None:
        raise RotaRefused(_("Say as which weekday the day is worked."))
    row, _made = CalendarDay.objects.update_or_create(
        station=station, day=day,
        defaults={"kind": kind, "name": name[:60], "works_as": works_as, "source": source[:200]},
    )  # fmt: skip
    path = station.path if station else ""
    audit.record("calendar.day_set", on=row, by=by, at=at, unit_path=path, day=day, kind=kind)
    return row


@transaction.atomic
def drop_day(row: CalendarDay, *, by, at: datetime) -> None:
    """Let the day be again what its weekday, or the general calendar, says."""
    path = row.station.path if row.station_id else ""
    audit.record("calendar.day_dropped", on=row, by=by, at=at, unit_path=path, day=row.day)
    row.delete()


# --- drawing up -----------------------------------------------------------------------------------


@transaction.atomic
def start_rota(station: Unit, month: date, *, by, at: datetime) -> Job:
    """Put the drawing up of a month's rota into the queue.

    Refuses (RotaRefused) a month that is over, a station without a pattern or without staff, and a rota that
    is being drawn up at this moment.
    """
    month = first_of_month(month)
    if next_month(month) <= timezone.localdate(at):
        raise RotaRefused(_("This month is over."))
    after = next_month(month)
    if not ShiftPattern.objects.filter(station=station).touching(month, after).exists():
        raise RotaRefused(_("Say first which shifts the station keeps."))
    if not Posting.objects.filter(station=station).touching(month, after).exists():
        raise RotaRefused(_("Nobody is posted to the station in this month."))
    rota, _made = Rota.objects.get_or_create(station=station, month=month)
    rota = Rota.objects.select_for_update().get(pk=rota.pk)
    waiting = (Job.State.QUEUED, Job.State.RUNNING)
    if rota.job is not None and Job.objects.filter(pk=rota.job, state__in=waiting).exists():
        raise RotaRefused(_("This rota is being drawn up already."))
    title = _("Duty rota of %(station)s, %(month)s") % {"station": station.name, "month": month_words(month)}
    job = jobs.enqueue(
        MAKE_ROTA, by=by, at=at, args={"rota": str(rota.pk)}, unit_path=station.path, title=title
    )  # fmt: skip
    rota.job = job.pk
    rota.save(update_fields=["job"])
    return job


def make_rota(rota: Rota, *, by, at: datetime, seconds: float | None = None) -> dict:
    """Lay out the month's shifts and staff them; returns how many turns were added and taken away.

    What was set by hand or by consent, and every shift that has begun, stays. A published rota keeps everybody
    who is on it: only its gaps are filled.
    """
    lay_out(rota, at=at)
    limit = seconds or dated.value(rules.SOLVER_SECONDS, rota.month)
    # The solver works outside of any transaction; what it says is judged anew before it is written.
    question, postings = question_of(rota, at=at, seconds=limit)
    answer = solving.solve(question)
    wanted = {(shift, postings[worker].pk) for shift, workers in answer.items() for worker in workers}
    return _write(rota, wanted, by=by, at=at)


@transaction.atomic
def lay_out(rota: Rota, *, at: datetime) -> None:
    """The shifts of the month as the pattern and the calendar say; what is not kept any more is cancelled."""
    rota = Rota.objects.select_for_update().select_related("station").get(pk=rota.pk)
    station, after = rota.station, next_month(rota.month)
    days = days_between(station, rota.month, after)
    held = {
        (shift.pattern_id, shift.day): shift
        for shift in Shift.objects.kept().select_for_update().filter(rota=rota).order_by("pk")
    }
    patterns = list(ShiftPattern.objects.filter(station=station).touching(rota.month, after).order_by("begins", "pk"))
    wanted = {(p.pk, day.day): (p, *hours(p, day.day)) for p in patterns for day in days.values() if is_kept(p, day)}
    for key, shift in held.items():
        if key not in wanted and shift.pattern_id is not None and shift.starts_at > at:
            drop_shift(shift, at=at)
    for key, (pattern, starts_at, ends_at) in wanted.items():
        if key in held:
            _follow_pattern(held[key], pattern, at)
        elif starts_at > at:
            Shift.objects.create(
                rota=rota, station=station, pattern=pattern, day=key[1], name=pattern.name, starts_at=starts_at,
                ends_at=ends_at, staff=pattern.staff, windows=pattern.windows,
            )  # fmt: skip


def _follow_pattern(shift: Shift, pattern: ShiftPattern, at: datetime) -> None:
    if shift.starts_at > at and (shift.staff, shift.windows) != (pattern.staff, pattern.windows):
        shift.staff, shift.windows = pattern.staff, pattern.windows
        shift.save(update_fields=["staff", "windows"])


def drop_shift(shift: Shift, *, at: datetime) -> None:
    """Cancel a shift that has not begun, with its turns; what it holds goes back to the unit."""
    turns = list(shift.turns.filter(removed_at=None).order_by("pk"))
    overtake_swaps([turn.pk for turn in turns], at=at)
    for turn in turns:
        remove_turn(turn, at=at)
    return_items(shift, by=None, at=at)
    shift.cancelled_at = at
    shift.save(update_fields=["cancelled_at"])


@transaction.atomic
def cancel_shift(shift: Shift, *, reason: str, by, at: datetime) -> Shift:
    """Keep a single shift not at all. Refuses without a reason, and a shift that has begun (RotaRefused)."""
    if not reason.strip():
        raise RotaRefused(_("Say why; it stays with the shift."))
    lock_people(shift.turns.filter(removed_at=None).values_list("user", flat=True))
    shift = lock_shifts([shift.pk])[shift.pk]
    if shift.cancelled_at is not None or shift.opened_at is not None or shift.starts_at <= at:
        raise RotaRefused(_("This shift has begun or is cancelled already."))
    drop_shift(shift, at=at)
    audit.record("shift.cancelled", on=shift, by=by, at=at, unit_path=shift.station.path, reason=reason)
    return shift


@transaction.atomic
def _write(rota: Rota, wanted: set, *, by, at: datetime) -> dict:
    """Bring the turns of shifts that have not begun to what is wanted, each judged by the hard rules again."""
    postings = {row.pk: row for row in Posting.objects.filter(station=rota.station_id).select_related("user")}
    lock_people({posting.user_id for posting in postings.values()})
    shifts = lock_shifts(Shift.objects.kept().filter(rota=rota, starts_at__gt=at).values_list("pk", flat=True))
    rota = Rota.objects.select_for_update().select_related("station").get(pk=rota.pk)
    turns = list(Turn.objects.live().filter(shift__in=shifts).order_by("pk"))
    gone = [
        turn for turn in turns
        if not (turn.is_fixed or rota.is_published or (turn.shift_id, turn.posting_id) in wanted)
    ]  # fmt: skip
    overtake_swaps([turn.pk for turn in gone], at=at)
    for turn in gone:
        remove_turn(turn, at=at)
    held = {(turn.shift_id, turn.posting_id) for turn in turns if turn not in gone}
    added = _add(rota, shifts, postings, wanted - held, at=at)
    for shift in {turn.shift_id for turn in gone}:
        release_unstaffed(shifts[shift], at=at)
    rota.made_at, rota.made_by, rota.job = at, by, None
    rota.save(update_fields=["made_at", "made_by", "job"])
    facts = {"shifts": len(shifts), "added": added, "removed": len(gone)}
    audit.record("rota.made", on=rota, by=by, at=at, unit_path=rota.station.path, **facts)
    return facts


def _add(rota: Rota, shifts: dict, postings: dict, wanted: set, *, at: datetime) -> int:
    people = people_around({p.user_id for p in postings.values()}, rota.month, next_month(rota.month))
    limits, added = Limits.on(rota.month), 0
    for shift_id, posting_id in sorted(wanted, key=lambda pair: (str(pair[0]), str(pair[1]))):
        shift, posting = shifts.get(shift_id), postings.get(posting_id)
        if shift is None or posting is None:
            continue
        person = people[posting.user_id]
        if not refusal(shift, posting, person, limits):
            shift.rota = rota
            add_turn(shift, posting, at=at)
            person.spans.append(span_of(shift, posting.pk))
            added += 1
    return added


@transaction.atomic
def publish_rota(rota: Rota, *, by, at: datetime) -> Rota:
    """Tell the staff: from now on every change of the rota reaches their calendars.

    Refuses (RotaRefused) a rota that is published already or has not been drawn up.
    """
    rota = Rota.objects.select_for_update().select_related("station").get(pk=rota.pk)
    if rota.is_published:
        raise RotaRefused(_("This rota is published already."))
    if rota.made_at is None:
        raise RotaRefused(_("Draw the rota up first."))
    rota.state, rota.published_at, rota.published_by = Rota.State.PUBLISHED, at, by
    rota.save(update_fields=["state", "published_at", "published_by"])
    Turn.objects.live().filter(shift__rota=rota, published_at=None).update(published_at=at, changed_at=at)
    audit.record("rota.published", on=rota, by=by, at=at, unit_path=rota.station.path, month=rota.month)
    return rota
