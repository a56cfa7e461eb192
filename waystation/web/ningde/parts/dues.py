"""What the demonstration shows of dues: bases of the members of Xiapu, months on record, arrears, a reduction."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from waystation.accounts.models import User
from waystation.kernel.money import ZERO
from waystation.organizations.models import Unit
from waystation.stewardship.dues import actions
from waystation.stewardship.dues.models import DuesBase
from waystation.stewardship.dues.months import month_of, plus, span
from waystation.stewardship.dues.queries import book_of
from waystation.stewardship.people.models import Person
from waystation.web.ningde.parts.contacts import out_of_reach

BEGINS = 10  # months ago
# How the dues of each member are reckoned, in turn: category, income or agreed amount, and the papers seen.
BASES = (
    ("wage", "4850.00", "工资条"),
    ("business", "7200.00", "上季度经营流水"),
    ("wage", "6300.00", "工资条"),
    ("farmer", "0.50", ""),
    ("wage", "3000.00", "工资条"),
    ("retired", "3860.00", "养老金发放记录"),
    ("business", "12500.00", "上季度经营流水"),
    ("jobless", None, "失业登记证"),
    ("wage", "5000.01", "银行代发记录"),
    ("salary", "10000.00", "年薪合同"),
)
# Members, by their place in the list, who have paid nothing for so many months.
UNPAID = {3: 4, 9: 7, 14: 3, 21: 5, 28: 6}
WITHOUT_BASE = (17, 33)
LOST_DAYS = 90  # whoever was reached by nobody for so long has not paid since either
QUARTERLY = 3  # every third member pays by the quarter
WRONG = 12  # one payment of this member was entered for the wrong one and reversed


def build(*, station: Unit, at: datetime) -> int:
    """Add what is not there yet to the station of Xiapu; returns how much was added."""
    people = list(
        Person.objects.living().filter(station=station, home__kind=Unit.Kind.BRANCH)
        .select_related("home").order_by("created_at", "pk")
    )  # fmt: skip
    if DuesBase.objects.filter(person__in=people).exists():
        return 0
    first = plus(month_of(timezone.localdate(at)), -BEGINS)
    secretaries = {home: _secretary(home) for home in {person.home for person in people}}
    added = 0
    away = out_of_reach(station)
    with transaction.atomic():
        for number, person in enumerate(people):
            if number in WITHOUT_BASE:
                continue
            by = secretaries[person.home]
            _base(person, number, first, by, at)
            added += 1 + _payments(person, number, first, by, at, away.get(person.pk))
        added += _hardship(people, secretaries, first, at)
    return added


def _secretary(branch: Unit) -> User | None:
    return User.objects.filter(mandates__unit=branch, mandates__role="branch_secretary").first()


def _base(person: Person, number: int, first: date, by, at: datetime) -> None:
    category, figure, papers = BASES[number % len(BASES)]
    amount = None if figure is None else Decimal(figure)
    income, agreed = (None, amount) if category == "farmer" else (amount, None)
    moment = _moment(first, 5, at)
    actions.set_base(
        person, category=category, income=income, agreed=agreed, starts_on=first, basis=papers, by=by, at=moment
    )
    if number == 2:  # a rise from the middle of the period on
        actions.set_base(
            person, category="wage", income=Decimal("10000.01"), starts_on=plus(first, 5), basis="工资条", by=by,
            at=_moment(plus(first, 5), 5, at),
        )  # fmt: skip


def _moment(month: date, day: int, at: datetime) -> datetime:
    """Nine o'clock of a day of the month, never later than now."""
    return min(at, timezone.make_aware(datetime(month.year, month.month, day, 9)))


def _payments(person: Person, number: int, first: date, by, at: datetime, gone: date | None) -> int:
    """What was paid, by the month or the quarter, up to where the member stopped, or was lost."""
    last = plus(month_of(timezone.localdate(at)), -UNPAID.get(number, number % 2) - (1 if number in UNPAID else 0))
    if gone is not None and (timezone.localdate(at) - gone).days > LOST_DAYS:
        last = min(last, max(month_of(gone), first))
    step = 3 if number % QUARTERLY == 0 else 1
    book, months, done = book_of(person), list(span(first, last)), 0
    for start in range(0, len(months), step):
        part = months[start : start + step]
        amount = sum((book.due(month) or ZERO for month in part), ZERO)
        if number % 13 == 5 and start == 0:
            amount += Decimal("5.00")  # more than owed, of free will
        moment = _moment(part[-1], 1 + number % 20, at)
        entry = actions.record(
            person, amount=amount, paid_on=moment.date(), first_month=part[0], last_month=part[-1], unit=person.home,
            receipt_no=f"{moment:%Y%m}-{number + 1:03d}", brought_by="家属代交" if number % 11 == 4 else "", by=by,
            at=moment,
        )  # fmt: skip
        done += 1
        if number == WRONG and start == 0:
            actions.reverse(entry, reason="金额记错，重新登记", by=by, at=moment + timedelta(minutes=5))
            actions.record(
                person, amount=amount, paid_on=moment.date(), first_month=part[0], last_month=part[-1],
                unit=person.home, receipt_no=f"{moment:%Y%m}-{number + 1:03d}", remark="更正", by=by,
                at=moment + timedelta(minutes=9),
            )  # fmt: skip
            done += 2
    return done


def _hardship(people: list[Person], secretaries: dict, first: date, at: datetime) -> int:
    """One reduction that the township approved, and one request that waits for it."""
    eldest, ill = people[1], people[28 % len(people)]
    township = User.objects.get(username="baiyang")
    county = User.objects.get(username="xiapu")
    asked = actions.ask_reduction(
        eldest, kind="lower", amount=Decimal("2.00"), starts_on=plus(first, 8), last_month=plus(first, 14),
        reason="长期患病，医药费负担重，支部研究建议少交", by=secretaries[eldest.home],
        at=_moment(plus(first, 8), 3, at),
    )  # fmt: skip
    decider = township if eldest.home_path.startswith(township.mandates.get().unit.path) else county
    actions.approve_reduction(asked, decision="情况属实，同意", by=decider, at=_moment(plus(first, 8), 6, at))
    today = month_of(timezone.localdate(at))
    actions.ask_reduction(
        ill, kind="exempt", starts_on=today, last_month=plus(today, 5), reason="车祸住院，暂无收入，支部研究建议免交",
        by=secretaries[ill.home], at=at - timedelta(days=2),
    )  # fmt: skip
    return 2
