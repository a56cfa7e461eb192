"""The laws of the dues ledger, by those who try to break them."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import make as files
from tests import places as prefecture
from tests.stewardship.dues import make
from waystation.kernel import dated
from waystation.kernel.ids import new_id
from waystation.kernel.models import AuditEvent
from waystation.kernel.money import ZERO, amount_of
from waystation.kernel.sealing import unseal
from waystation.stewardship.dues import actions, rules
from waystation.stewardship.dues.models import DuesBase, DuesEntry, DuesReduction, DuesStanding, RateLine, RateTable
from waystation.stewardship.dues.months import plus
from waystation.stewardship.dues.queries import book_of, books_of
from waystation.stewardship.dues.queries.standing import reckon
from waystation.stewardship.people.actions import merge_people, undo_merge

pytestmark = pytest.mark.django_db
NOON, month = make.NOON, make.month


@pytest.fixture
def person(places):
    return prefecture.stay(places).person


def refused(error, act, **how):
    with pytest.raises(error), transaction.atomic():
        act(**{"by": prefecture.user(), "at": NOON, **how})


def in_vain(act):
    with pytest.raises(DatabaseError), transaction.atomic():
        act()


# --- bases ----------------------------------------------------------------------------------------


def test_a_base_holds_from_its_month_until_the_next(person):
    make.base(person)
    make.base(person, "retired", income="5000.01", starts_on=date(2026, 6, 17))
    book = book_of(person)

    dues = {number: book.due(month(number)) for number in (1, 5, 6, 12)}
    assert dues == {1: 40, 5: 40, 6: 50, 12: 50}
    assert book.due(date(2025, 12, 1)) is None


def test_a_month_has_one_live_base(person):
    base = make.base(person)
    with pytest.raises(actions.BaseExists):
        make.base(person, "student")
    in_vain(
        lambda: DuesBase.objects.create(
            person=person, original=person, category="student", starts_on=month(1), recorded_at=NOON
        )
    )
    actions.withdraw_base(base, reason="工资看错", by=prefecture.user(), at=NOON)

    assert make.base(person, "student").category == "student"
    assert book_of(person).due(month(3)) == Decimal("0.20")


def test_a_withdrawn_base_gives_way_to_the_one_before(person):
    make.base(person)
    wrong = make.base(person, income="20000", starts_on=month(5))
    refused(actions.DuesRefused, lambda **k: actions.withdraw_base(wrong, reason="", **k))
    actions.withdraw_base(wrong, reason="看错一位", by=prefecture.user(), at=NOON)
    refused(actions.DuesRefused, lambda **k: actions.withdraw_base(wrong, reason="再撤", **k))

    assert book_of(person).due(month(8)) == 40


@pytest.mark.parametrize(
    ("category", "income", "agreed"),
    [
        ("wage", None, None),
        ("wage", "-1", None),
        ("farmer", None, None),
        ("farmer", None, "0.19"),
        ("farmer", None, "1.01"),
    ],
)
def test_a_base_without_what_the_table_asks_is_refused(person, category, income, agreed):
    with pytest.raises(actions.DuesRefused):
        make.base(person, category, income=income, agreed=agreed)


def test_the_income_is_sealed_and_stands_nowhere_else(person):
    base = make.base(person, income="8765.43")

    assert "8765" not in str(DuesBase.objects.filter(pk=base.pk).values().get())
    assert unseal(base, "income") == "8765.43"
    assert not any("8765" in str(event.facts) for event in AuditEvent.objects.all())


def test_an_amount_that_the_table_fixes_is_not_agreed(person):
    base = make.base(person, "student", income="100", agreed="5")

    assert (base.income, base.agreed, book_of(person).due(month(2))) == (None, None, Decimal("0.20"))


# --- payments -------------------------------------------------------------------------------------


def test_a_quarter_is_one_row_and_settles_three_months(person):
    make.base(person)
    make.paid(person, "120.00", 1, 3, receipt_no="0001", brought_by="妻子代交")
    rows = book_of(person).year(2026)[:4]

    assert [row.paid for row in rows] == [40, 40, 40, 0]
    assert [row.is_settled for row in rows] == [True, True, True, False]
    assert [row.difference for row in rows] == [0, 0, 0, -40]


def test_what_is_too_much_or_too_little_is_shown_on_the_last_month(person):
    make.base(person)
    make.paid(person, "100.00", 1, 2)
    make.paid(person, "30.00", 3)

    assert [row.difference for row in book_of(person).year(2026)[:3]] == [0, 20, -10]


def test_two_payments_for_one_month_are_added(person):
    make.base(person)
    make.paid(person, "30.00", 3)
    make.paid(person, "10.00", 3)

    assert book_of(person).row(month(3)).difference == 0


def test_a_reversal_takes_a_payment_back_once(person):
    make.base(person)
    entry = make.paid(person)
    refused(actions.DuesRefused, lambda **k: actions.reverse(entry, reason=" ", **k))
    reversal = actions.reverse(entry, reason="记错人", by=prefecture.user(), at=NOON)
    refused(actions.AlreadyReversed, lambda **k: actions.reverse(entry, reason="再冲", **k))
    refused(actions.DuesRefused, lambda **k: actions.reverse(reversal, reason="再冲", **k))

    assert (entry.amount + reversal.amount, book_of(person).row(month(1)).paid) == (0, 0)
    assert not book_of(person).row(month(1)).is_settled


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": "0.00"},
        {"amount": "-1.00"},
        {"first": 5, "last": 4},
        {"first": 10, "paid_on": date(2026, 11, 24)},
        {"first": 1, "paid_on": date(2026, 11, 1)},
    ],
)
def test_a_payment_that_cannot_be_is_refused(person, wrong):
    make.base(person)

    with pytest.raises(actions.DuesRefused):
        make.paid(person, **wrong)
    assert DuesEntry.objects.count() == 0


def test_dues_paid_later_than_six_months_need_a_remark(person):
    make.base(person)
    with pytest.raises(actions.DuesRefused):
        make.paid(person, first=4, paid_on=date(2026, 11, 1))

    assert make.paid(person, first=5, paid_on=date(2026, 11, 1)).remark == ""
    assert make.paid(person, first=4, paid_on=date(2026, 11, 1), remark="住院期间").remark == "住院期间"


def set_rule(key, value, starts_on):
    dated.set_value(key, value, starts_on=starts_on, source="县委通知", by=None, at=NOON)


def test_how_many_months_a_payment_covers_is_a_rule_of_the_day_of_payment(person):
    make.base(person)
    set_rule(rules.PAYMENT_MONTHS, 3, date(2026, 7, 1))

    make.paid(person, "480.00", 1, 12, paid_on=date(2026, 6, 30))
    with pytest.raises(actions.DuesRefused, match="3"):
        make.paid(person, "160.00", 5, 8, paid_on=date(2026, 7, 1))
    make.paid(person, "120.00", 6, 8, paid_on=date(2026, 7, 1))
    assert DuesEntry.objects.count() == 2


def test_nothing_is_recorded_without_a_base(person):
    with pytest.raises(actions.NoBase):
        make.paid(person)
    make.base(person, starts_on=month(6))
    with pytest.raises(actions.NoBase):
        make.paid(person, first=5)


def test_the_list_of_a_month_is_recorded_once(places, person):
    other, without = (prefecture.stay(places, name).person for name in ("钟建国", "雷秀英"))
    for one in (person, other):
        make.base(one)
    make.paid(other, first=10)
    amounts = [(one, Decimal(40)) for one in (person, other, without)]
    how = {"paid_on": date(2026, 10, 1), "unit": places["branch"], "by": prefecture.user(), "at": NOON}

    done, left = actions.record_month(month(10), amounts, **how)

    assert done == 1
    assert {one for one, _why in left} == {other, without}
    assert all(why for _one, why in left)
    assert actions.record_month(month(10), amounts, **how)[0] == 0
    assert DuesEntry.objects.filter(first_month=month(10)).count() == 2


def test_the_database_keeps_what_is_recorded(person):
    make.base(person)
    entry = make.paid(person)
    rows = DuesEntry.objects.filter(pk=entry.pk)

    in_vain(lambda: rows.update(amount=Decimal(1)))
    in_vain(lambda: rows.update(paid_on=date(2026, 1, 2)))
    in_vain(lambda: rows.update(remark="改"))
    in_vain(lambda: rows._raw_delete(rows.db))
    same = {
        "person": person, "original": person, "paid_on": month(1), "first_month": month(1), "last_month": month(1),
        "unit": person.home, "recorded_at": NOON,
    }  # fmt: skip
    in_vain(lambda: DuesEntry.objects.create(amount=Decimal(-1), **same))
    in_vain(lambda: DuesEntry.objects.create(amount=Decimal(-40), reverses=entry, remark="", **same))
    in_vain(lambda: DuesEntry.objects.create(amount=Decimal(1), **{**same, "last_month": date(2025, 12, 1)}))
    actions.reverse(entry, reason="冲销", by=None, at=NOON)
    in_vain(lambda: DuesEntry.objects.create(amount=Decimal(-40), reverses=entry, remark="再冲", **same))


def test_the_database_keeps_tables(db):
    table = RateTable.objects.create(starts_on=month(1), source="某号文", created_at=NOON)
    line = RateLine.objects.create(id=new_id(), table=table, category="wage", basis_points=50)

    in_vain(lambda: RateTable.objects.filter(pk=table.pk).update(source="改"))
    in_vain(lambda: RateLine.objects.filter(pk=line.pk).update(basis_points=60))
    in_vain(lambda: RateLine.objects.create(table=table, category="wage", over=5, basis_points=50, least=1, most=1))
    in_vain(lambda: RateLine.objects.create(table=table, category="wage", over=5))


# --- reductions -----------------------------------------------------------------------------------


def test_a_reduction_holds_when_another_person_approved_it(person):
    make.base(person)
    secretary = prefecture.user()
    reduction = make.asked(person, "lower", 3, 5, amount="10", by=secretary)
    assert book_of(person).due(month(3)) == 40
    refused(actions.SamePerson, lambda **k: actions.approve_reduction(reduction, **k), by=secretary)
    actions.approve_reduction(reduction, by=prefecture.user(), at=NOON)

    assert [book_of(person).due(month(number)) for number in (2, 3, 5, 6)] == [40, 10, 10, 40]
    refused(actions.AlreadyDecided, lambda **k: actions.approve_reduction(reduction, **k))


@pytest.mark.parametrize(("starts_on", "longest"), [(date(2026, 11, 23), 6), (date(2026, 11, 24), 12)])
def test_how_long_dues_are_lowered_is_a_rule_of_the_day_of_the_request(person, starts_on, longest):
    set_rule(rules.REDUCTION_MONTHS, 6, starts_on)

    ask = {"kind": "exempt", "starts_on": month(1), "reason": "重病住院"}
    refused(actions.DuesRefused, actions.ask_reduction, person=person, last_month=plus(month(1), longest), **ask)
    assert make.asked(person, last=longest).ends_on == plus(month(1), longest)


def test_a_rule_of_no_month_at_all_is_refused(person):
    for key in (rules.REDUCTION_MONTHS, rules.PAYMENT_MONTHS):
        with pytest.raises(dated.NotAValue):
            set_rule(key, 0, date(2026, 1, 1))


def test_a_reduction_never_asks_for_more_than_the_table(person):
    make.base(person)
    make.reduced(person, "lower", amount="100")

    assert book_of(person).due(month(3)) == 40


def test_who_is_exempt_is_settled(person):
    make.base(person)
    make.reduced(person, "exempt", 1, 6)

    assert [row.is_settled for row in book_of(person).year(2026)[5:7]] == [True, False]
    assert DuesStanding.objects.get(person=person).owes_from == month(7)


def test_two_reductions_never_hold_in_one_month(person):
    make.base(person)
    make.reduced(person, "exempt", 1, 6)
    other = make.asked(person, "exempt", 6, 8)

    refused(actions.Overlapping, lambda **k: actions.approve_reduction(other, **k))


def test_a_reduction_ends_early_and_another_may_follow(person):
    make.base(person)
    first = make.reduced(person, "exempt", 1, 6)
    refused(actions.DuesRefused, lambda **k: actions.end_reduction(first, last_month=month(7), **k))
    actions.end_reduction(first, last_month=month(3), by=prefecture.user(), at=NOON)

    assert DuesStanding.objects.get(person=person).owes_from == month(4)
    assert make.reduced(person, "lower", 4, 6, amount="1").state == "approved"


def test_a_refusal_has_a_reason_and_changes_nothing(person):
    make.base(person)
    reduction = make.asked(person)
    refused(actions.DuesRefused, lambda **k: actions.refuse_reduction(reduction, decision="", **k))
    actions.refuse_reduction(reduction, decision="不属困难情形", by=prefecture.user(), at=NOON)

    assert (reduction.state, book_of(person).due(month(2))) == ("refused", 40)


def test_the_database_keeps_asker_and_approver_apart(person):
    reduction = make.asked(person)
    rows = DuesReduction.objects.filter(pk=reduction.pk)

    in_vain(lambda: rows.update(state="approved", decided_at=NOON, decided_by=reduction.asked_by))
    in_vain(lambda: rows.update(state="approved", decided_at=NOON))
    in_vain(lambda: rows.update(state="refused", decided_at=NOON, decided_by=prefecture.user()))
    in_vain(lambda: rows.update(kind="lower"))
    in_vain(lambda: rows.update(ends_on=date(2025, 1, 1)))


def test_the_reason_of_a_reduction_is_sealed(person):
    reduction = make.asked(person)

    assert "重病" not in str(DuesReduction.objects.filter(pk=reduction.pk).values().get())


# --- one file for one member ----------------------------------------------------------------------


def test_merged_files_have_one_book_and_part_with_their_own(places):
    one = prefecture.stay(places).person
    other = files.person(places["branch"])
    make.base(one)
    make.base(other, "student")
    mine, theirs = make.paid(one), make.paid(other, "0.20", 2, unit=places["branch"])
    merge = merge_people(one, other, by=prefecture.user(), at=NOON)

    book = book_of(one)
    assert {entry.pk for entry in book.entries} == {mine.pk, theirs.pk}
    assert (book.due(month(2)), DuesStanding.objects.get(person=one).owes_from) == (40, month(3))

    undo_merge(merge, by=prefecture.user(), at=NOON)

    assert [len(book_of(file).entries) for file in (one, other)] == [1, 1]
    assert book_of(other).due(month(2)) == Decimal("0.20")
    assert {row.person_id: row.owes_from for row in DuesStanding.objects.all()} == {
        one.pk: month(2),
        other.pk: month(3),
    }


def test_a_file_without_a_base_takes_that_of_the_other_and_gives_it_back(places):
    one, other = prefecture.stay(places).person, files.person(places["branch"])
    make.base(other, "student")
    merge = merge_people(one, other, by=prefecture.user(), at=NOON)
    assert book_of(one).due(month(2)) == Decimal("0.20")

    undo_merge(merge, by=prefecture.user(), at=NOON)

    assert book_of(one).due(month(2)) is None
    assert book_of(other).due(month(2)) == Decimal("0.20")


# --- any history ----------------------------------------------------------------------------------

numbers = st.integers(1, 11)
cents = st.integers(1, 20_000).map(amount_of)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("base"), numbers, st.integers(0, 2_000_000).map(amount_of)),
        st.tuples(st.just("withdraw"), numbers),
        st.tuples(st.just("pay"), numbers, numbers, cents),
        st.tuples(st.just("reverse"), numbers),
        st.tuples(st.just("reduce"), numbers, numbers, cents, st.booleans()),
    ),
    max_size=14,
)


def _act(person, kind, *rest):
    by = {"by": None, "at": NOON}
    if kind == "base":
        make.base(person, income=str(rest[1]), starts_on=month(rest[0]))
    elif kind == "pay":
        make.paid(person, str(rest[2]), rest[0], rest[1], remark="补交")
    elif kind == "reduce":
        first, last, amount, exempt = rest
        make.reduced(person, "exempt" if exempt else "lower", first, last, amount=None if exempt else str(amount))
    else:
        rows = (
            DuesBase.objects.filter(withdrawn_at=None) if kind == "withdraw" else DuesEntry.objects.live()
        ).order_by("pk")
        if rows:
            row = rows[rest[0] % len(rows)]
            by["by"] = prefecture.user()
            (actions.withdraw_base if kind == "withdraw" else actions.reverse)(row, reason="有误", **by)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_after_any_history_book_and_standing_say_what_the_rows_say(person, history):
    with transaction.atomic():
        for step in history:
            with suppress(actions.DuesRefused), transaction.atomic():
                _act(person, *step)
        _check(person)
        transaction.set_rollback(True)


def _check(person):
    book = book_of(person)
    entries = list(DuesEntry.objects.all())
    assert sum((row.paid for row in book.year(2026)), ZERO) == sum((entry.amount for entry in entries), ZERO)
    bases = {base.starts_on for base in DuesBase.objects.filter(withdrawn_at=None)}
    for number in range(1, 13):
        held = [base for base in bases if base <= month(number)]
        assert (book.base_in(month(number)) and book.base_in(month(number)).starts_on) == max(held, default=None)
        approved = DuesReduction.objects.filter(
            state="approved", starts_on__lte=month(number), ends_on__gt=month(number)
        )
        assert approved.count() <= 1
        assert book.settles(month(number)) == book.row(month(number)).is_settled
    kept, reckoned = DuesStanding.objects.filter(person=person).first(), reckon(book)
    assert (kept is None) == (reckoned is None)
    if kept is not None:
        assert (kept.since, kept.settled_to, kept.owes_from) == (
            reckoned.since,
            reckoned.settled_to,
            reckoned.owes_from,
        )
        unsettled = book.unsettled(month(12))
        assert [m for m in unsettled if m >= kept.owes_from] == [
            m for m in (plus(kept.owes_from, n) for n in range(13)) if m <= month(12)
        ]


@pytest.mark.parametrize("many", [1, 3])
def test_the_books_of_many_members_are_four_queries(places, many, django_assert_num_queries):
    people = [prefecture.stay(places, f"缪春{name}").person for name in "花草木"[:many]]
    for person in people:
        make.base(person)
        make.paid(person)

    with django_assert_num_queries(4):
        assert [book.row(month(1)).paid for book in books_of(people).values()] == [40] * many


def test_a_standing_is_one_a_member(person):
    make.base(person)
    with pytest.raises(IntegrityError), transaction.atomic():
        DuesStanding.objects.create(person=person, since=month(1), owes_from=month(1))
