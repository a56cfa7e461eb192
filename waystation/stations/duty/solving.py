"""A month's rota as a model of CP-SAT (ADR 0008): plain values in, plain values out, no rows of ours.

Hard: posting, leave, the right to a window, one shift at a time, rest, the most of a week and of a month, and
days running. What cannot be staffed becomes a gap, so there is always an answer; among the answers with the
fewest gaps that one is sought whose shifts, weekends and holidays are the most evenly borne, with the balance
of past months. One thread, a fixed seed and a limit in the solver's own units of work: the same question gives
the same answer on every computer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

SEED = 350900
SCALE = 10  # shares are counted in tenths of a shift
UNSTAFFED, UNCOVERED, EXTRA = 100_000, 80_000, 2_000
SHIFTS, WEEKENDS, HOLIDAYS = "shifts", "weekends", "holidays"
WEIGHTS = {SHIFTS: 10, WEEKENDS: 8, HOLIDAYS: 8}


@dataclass(frozen=True)
class Slot:
    """A shift to staff."""

    key: object
    day: date
    starts_at: datetime
    ends_at: datetime
    staff: int
    windows: frozenset[str] = frozenset()
    is_weekend: bool = False
    is_holiday: bool = False

    def counts_as(self, kind: str) -> bool:
        return kind == SHIFTS or (self.is_weekend if kind == WEEKENDS else self.is_holiday)


@dataclass(frozen=True)
class Busy:
    """A turn that stands already: elsewhere, in another month, or kept by hand. `counts` if it is by this posting."""

    day: date
    starts_at: datetime
    ends_at: datetime
    counts: bool = True


@dataclass
class Worker:
    """Somebody to plan: `shares` says how much of each kind falls to the person, in tenths."""

    key: object
    windows: frozenset[str]
    most_week: int
    most_month: int
    may: Callable[[Slot], bool]
    busy: list[Busy] = field(default_factory=list)
    fixed: set = field(default_factory=set)  # keys of slots that the person keeps
    shares: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    slots: list[Slot]
    workers: list[Worker]
    rest: timedelta
    running: int
    seconds: float


def solve(question: Question) -> dict[object, list[object]]:
    """For each slot the keys of the workers on it, those who were fixed there first."""
    from ortools.sat.python import cp_model  # noqa: PLC0415 - slow import

    model = cp_model.CpModel()
    table = _Table(question, model)
    table.keep_hard_rules()
    model.minimize(sum(table.staffing()) + sum(table.fairness()))
    solver = cp_model.CpSolver()
    solver.parameters.random_seed = SEED
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = question.seconds
    solver.parameters.max_time_in_seconds = question.seconds * 5
    status = solver.solve(model)
    chosen = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return {slot.key: table.on(slot, solver if chosen else None) for slot in question.slots}


class _Table:
    """The variables: who (row) is on what (column)."""

    def __init__(self, question: Question, model):
        self.question, self.model = question, model
        self.cells = {}
        for worker in question.workers:
            for slot in question.slots:
                if slot.key not in worker.fixed and worker.may(slot) and self._has_time(worker, slot):
                    self.cells[worker.key, slot.key] = model.new_bool_var("")

    def on(self, slot: Slot, solver) -> list:
        workers = self.question.workers
        kept = [worker.key for worker in workers if slot.key in worker.fixed]
        if solver is None:
            return kept
        cells = [(worker.key, self.cells.get((worker.key, slot.key))) for worker in workers]
        return kept + [key for key, cell in cells if cell is not None and solver.boolean_value(cell)]

    def _busy_of(self, worker: Worker) -> list[Busy]:
        kept = [
            Busy(slot.day, slot.starts_at, slot.ends_at) for slot in self.question.slots if slot.key in worker.fixed
        ]
        return worker.busy + kept

    def _has_time(self, worker: Worker, slot: Slot) -> bool:
        return not any(self._clash(slot, busy) for busy in self._busy_of(worker))

    def _clash(self, one, other) -> bool:
        if one.starts_at < other.ends_at and other.starts_at < one.ends_at:
            return True
        apart = max(one.starts_at - other.ends_at, other.starts_at - one.ends_at)
        return one.day != other.day and apart < self.question.rest

    # --- hard rules ---------------------------------------------------------------------------------

    def keep_hard_rules(self) -> None:
        near = list(self._clashing_slots())
        for worker in self.question.workers:
            busy = self._busy_of(worker)
            self._one_at_a_time(worker, near)
            self._at_most(worker, busy, worker.most_week, lambda day: day - timedelta(days=day.weekday()))
            self._at_most(worker, busy, worker.most_month, lambda day: day.replace(day=1))
            self._days_running(worker, busy)

    def _clashing_slots(self) -> Iterable[tuple[Slot, Slot]]:
        slots = sorted(self.question.slots, key=lambda slot: slot.starts_at)
        for place, one in enumerate(slots):
            for other in slots[place + 1 :]:
                if other.starts_at - one.ends_at >= self.question.rest:
                    break
                if self._clash(one, other):
                    yield one, other

    def _one_at_a_time(self, worker: Worker, near) -> None:
        for one, other in near:
            cells = [self.cells.get((worker.key, slot.key)) for slot in (one, other)]
            if all(cell is not None for cell in cells):
                self.model.add_at_most_one(cells)

    def _at_most(self, worker: Worker, busy: list[Busy], most: int, period) -> None:
        """No more than the posting allows in each week or month, with what stands already."""
        taken, free = defaultdict(int), defaultdict(list)
        for one in busy:
            taken[period(one.day)] += one.counts
        for slot in self.question.slots:
            if (worker.key, slot.key) in self.cells:
                free[period(slot.day)].append(self.cells[worker.key, slot.key])
        for key, cells in free.items():
            self.model.add(sum(cells) <= max(0, most - taken[key]))

    def _days_running(self, worker: Worker, busy: list[Busy]) -> None:
        """Among every `running` + 1 days one is free, as far as what stands already leaves a choice."""
        standing = {one.day for one in busy}
        by_day = defaultdict(list)
        for slot in self.question.slots:
            if (worker.key, slot.key) in self.cells and slot.day not in standing:
                by_day[slot.day].append(self.cells[worker.key, slot.key])
        works = {}
        for day, cells in by_day.items():
            works[day] = self.model.new_bool_var("")
            self.model.add_max_equality(works[day], cells)
        length = self.question.running + 1
        firsts = {day - timedelta(days=back) for day in works for back in range(length)}
        for first in sorted(firsts):
            days = [first + timedelta(days=number) for number in range(length)]
            open_days = [works[day] for day in days if day in works]
            taken = sum(day in standing for day in days)
            self.model.add(sum(open_days) <= max(0, self.question.running - taken))

    # --- what is sought -----------------------------------------------------------------------------

    def staffing(self) -> Iterable:
        """What gaps cost: every missing person, every window nobody opens, and a little for too many."""
        for slot in self.question.slots:
            cells = [(w, self.cells[w.key, slot.key]) for w in self.question.workers if (w.key, slot.key) in self.cells]
            kept = [worker for worker in self.question.workers if slot.key in worker.fixed]
            on = sum(cell for _worker, cell in cells) + len(kept)
            gap = self.model.new_int_var(0, slot.staff, "")
            extra = self.model.new_int_var(0, len(cells) + len(kept), "")
            self.model.add(on + gap >= slot.staff)
            self.model.add(on - extra <= slot.staff)
            yield UNSTAFFED * gap
            yield EXTRA * extra
            for window in sorted(slot.windows):
                if any(window in worker.windows for worker in kept):
                    continue
                shut = self.model.new_bool_var("")
                self.model.add(sum(cell for worker, cell in cells if window in worker.windows) + shut >= 1)
                yield UNCOVERED * shut

    def fairness(self) -> Iterable:
        """How far each person is from the share of each kind, and the furthest once more."""
        slots = {slot.key: slot for slot in self.question.slots}
        for kind, weight in WEIGHTS.items():
            top = SCALE * (len(slots) + 1) + max((abs(w.shares.get(kind, 0)) for w in self.question.workers), default=0)
            worst = self.model.new_int_var(0, top, "")
            for worker in self.question.workers:
                cells = [
                    cell for (person, key), cell in self.cells.items()
                    if person == worker.key and slots[key].counts_as(kind)
                ]  # fmt: skip
                kept = sum(slots[key].counts_as(kind) for key in worker.fixed if key in slots)
                off = self.model.new_int_var(0, top, "")
                difference = SCALE * (sum(cells) + kept) - worker.shares.get(kind, 0)
                self.model.add(off >= difference)
                self.model.add(off >= -difference)
                self.model.add(worst >= off)
                yield weight * off
            yield weight * len(self.question.workers) * worst
