"""A member's book: what is owed and what was paid, month by month, reckoned from the rows each time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from waystation.kernel.money import ZERO
from waystation.kernel.sealing import unseal
from waystation.stewardship.dues.models import DuesBase, DuesEntry, DuesReduction
from waystation.stewardship.dues.months import span
from waystation.stewardship.dues.queries.tables import Tables, tables
from waystation.stewardship.dues.rates import Bracket, NotInTable
from waystation.stewardship.people.models import Person


@dataclass(frozen=True)
class MonthRow:
    """A month of a book. `full` is what the table says, `due` what is left of it after a reduction; None: no base."""

    month: date
    full: Decimal | None
    due: Decimal | None
    paid: Decimal
    is_covered: bool
    reduction: DuesReduction | None

    @property
    def difference(self) -> Decimal:
        """Above zero: paid too much; below: too little."""
        return self.paid - (self.due or ZERO)

    @property
    def is_exempt(self) -> bool:
        return self.reduction is not None and self.reduction.kind == DuesReduction.Kind.EXEMPT

    @property
    def is_settled(self) -> bool:
        """Is something recorded for the month, or nothing owed?"""
        return self.is_covered or self.is_exempt


class Book:
    """The live rows of one member. Nothing in it is stored: it answers what the rows say."""

    def __init__(
        self, person_id, bases: list[DuesBase], reductions: list[DuesReduction], entries: list[DuesEntry], rates: Tables
    ):
        self.person_id, self.rates = person_id, rates
        self.bases = sorted(bases, key=lambda base: base.starts_on, reverse=True)
        self.reductions = reductions
        self.entries = sorted(entries, key=lambda entry: (entry.paid_on, entry.recorded_at, entry.pk))
        self._incomes: dict = {}

    @property
    def since(self) -> date | None:
        """The month with which the dues begin here."""
        return self.bases[-1].starts_on if self.bases else None

    def base_in(self, month: date) -> DuesBase | None:
        return next((base for base in self.bases if base.starts_on <= month), None)

    def reduction_in(self, month: date) -> DuesReduction | None:
        return next((one for one in self.reductions if one.starts_on <= month < one.ends_on), None)

    def full(self, month: date) -> Decimal | None:
        """What the table in force in the month says; None without a base."""
        base = self.base_in(month)
        if base is None:
            return None
        try:
            return self.rates.on(month).due(base.category, income=self._income(base), agreed=base.agreed)
        except NotInTable:
            return None

    def bracket(self, month: date) -> Bracket | None:
        """The row of the table in force in the month that applies to the member; None without one."""
        base = self.base_in(month)
        if base is None:
            return None
        try:
            return self.rates.on(month).bracket(base.category, self._income(base))
        except NotInTable:
            return None

    def _income(self, base: DuesBase) -> Decimal | None:
        if base.pk not in self._incomes:
            text = unseal(base, "income")
            self._incomes[base.pk] = Decimal(text) if text else None
        return self._incomes[base.pk]

    def due(self, month: date) -> Decimal | None:
        """What is owed for the month after a reduction."""
        full, reduction = self.full(month), self.reduction_in(month)
        return full if full is None or reduction is None else min(full, reduction.amount)

    @cached_property
    def _paid(self) -> dict[date, Decimal]:
        """Each payment laid over its months: as much as each still owes, the rest on the last one."""
        paid: dict[date, Decimal] = defaultdict(lambda: ZERO)
        for entry in self.entries:
            rest = entry.amount
            for month in span(entry.first_month, entry.last_month):
                owed = max(ZERO, (self.due(month) or ZERO) - paid[month])
                part = rest if month == entry.last_month else min(rest, owed)
                paid[month] += part
                rest -= part
        return dict(paid)

    def row(self, month: date) -> MonthRow:
        return MonthRow(
            month,
            self.full(month),
            self.due(month),
            self._paid.get(month, ZERO),
            month in self._paid,
            self.reduction_in(month),
        )

    def year(self, year: int) -> list[MonthRow]:
        """The twelve months of a year."""
        return [self.row(month) for month in span(date(year, 1, 1), date(year, 12, 1))]

    def unsettled(self, last: date) -> list[date]:
        """The months up to `last` for which nothing is recorded and something is owed."""
        if self.since is None:
            return []
        return [month for month in span(self.since, last) if not self.settles(month)]

    def settles(self, month: date) -> bool:
        """What `row(month).is_settled` says, without opening the income."""
        reduction = self.reduction_in(month)
        if reduction is not None and reduction.kind == DuesReduction.Kind.EXEMPT:
            return True
        return any(entry.first_month <= month <= entry.last_month for entry in self.entries)


def books_of(people: Iterable) -> dict:
    """The book of each person (rows or ids) by id, in five queries however many they are."""
    ids = [getattr(person, "pk", person) for person in people]
    rates = tables()
    bases, reductions, entries = defaultdict(list), defaultdict(list), defaultdict(list)
    for base in DuesBase.objects.filter(person__in=ids, withdrawn_at=None):
        bases[base.person_id].append(base)
    approved = DuesReduction.objects.filter(person__in=ids, state=DuesReduction.State.APPROVED).defer("reason")
    for reduction in approved:
        reductions[reduction.person_id].append(reduction)
    for entry in DuesEntry.objects.live().filter(person__in=ids):
        entries[entry.person_id].append(entry)
    return {pk: Book(pk, bases[pk], reductions[pk], entries[pk], rates) for pk in ids}


def book_of(person: Person) -> Book:
    """The book of one member."""
    return books_of([person])[person.pk]
