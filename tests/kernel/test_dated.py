from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from tests.kernel.people import a_user
from waystation.kernel import dated
from waystation.kernel.models import AuditEvent, DatedSetting

NOON = datetime(2026, 5, 1, 4, tzinfo=UTC)
MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rules(monkeypatch):
    monkeypatch.setattr(dated, "RULES", {})
    dated.declare("study.hours", 32, unit="hours", title="Study", source="Plan 2024")
    dated.declare("loan.rate", "3.45", unit="%", title="Rate", source="Bank", kind=Decimal)


def set_hours(value, starts_on, by=None):
    return dated.set_value("study.hours", value, starts_on=starts_on, source="Decree", by=by, at=NOON)


def hours(*days):
    return [dated.value("study.hours", day) for day in days]


def test_the_declared_value_holds_until_another_is_set():
    user = a_user()
    assert hours(MAY, JULY) == [32, 32]

    setting = set_hours("40", JUNE, by=user)

    assert hours(MAY, JUNE, JULY) == [32, 40, 40]
    event = AuditEvent.objects.get()
    assert (event.verb, event.actor, event.object_pk) == ("setting.changed", user, str(setting.pk))
    assert (event.facts["old"], event.facts["new"]) == ("32", "40")


def test_a_new_period_ends_the_running_one_and_respects_the_next():
    set_hours(40, MAY)
    set_hours(50, JULY)
    set_hours(45, JUNE)

    assert hours(date(2026, 5, 31), JUNE, date(2026, 6, 30), JULY) == [40, 45, 45, 50]
    rows = [(row.starts_on, row.ends_on) for row in dated.periods("study.hours")]
    assert rows == [(JULY, None), (JUNE, JULY), (MAY, JUNE)]


def test_a_period_starting_the_same_day_is_corrected():
    set_hours(40, MAY)
    set_hours(41, MAY)

    assert hours(MAY) == [41]
    assert DatedSetting.objects.count() == 1
    assert [e.facts["old"] for e in AuditEvent.objects.order_by("number")] == ["32", "40"]


def test_a_value_of_the_wrong_kind_and_an_undeclared_rule_are_refused():
    with pytest.raises(dated.NotAValue):
        set_hours("many", MAY)
    with pytest.raises(dated.UndeclaredRule):
        dated.value("no.such", MAY)
    with pytest.raises(dated.UndeclaredRule):
        dated.set_value("no.such", 1, starts_on=MAY, source="", by=None, at=NOON)

    assert AuditEvent.objects.count() == 0


def test_declaring_a_rule_twice_with_another_meaning_is_an_error():
    dated.declare("study.hours", 32, unit="hours", title="Study", source="Plan 2024")

    with pytest.raises(ValueError, match="declared twice"):
        dated.declare("study.hours", 33, unit="hours", title="Study", source="Plan 2024")


@pytest.mark.parametrize(("text", "is_value"), [("0", False), ("1", True), ("9", True), ("10", False), ("x", False)])
def test_a_number_lies_between_its_limits(text, is_value):
    rule = dated.declare("peers", 2, unit="people", title="Peers", source="Own", kind=dated.between(1, 9))

    if is_value:
        assert rule.parse(text) == int(text)
    else:
        with pytest.raises(dated.NotAValue):
            rule.parse(text)


def test_decimals_stay_exact():
    assert dated.value("loan.rate", MAY) == Decimal("3.45")
    dated.set_value("loan.rate", "3.10", starts_on=MAY, source="", by=None, at=NOON)
    assert dated.value("loan.rate", MAY) == Decimal("3.10")


def test_the_settings_page_sees_every_rule_with_its_source():
    set_hours(40, MAY)

    rows = dated.all_rules(JUNE)

    assert [(row.rule.key, row.value, row.setting and row.setting.source) for row in rows] == [
        ("loan.rate", Decimal("3.45"), None),
        ("study.hours", 40, "Decree"),
    ]


def test_a_computation_asks_once_and_sees_its_own_change(django_assert_num_queries):
    with dated.kept():
        with django_assert_num_queries(1):
            hours(MAY, MAY, MAY)
        set_hours(40, MAY)
        assert hours(MAY) == [40]


@pytest.mark.parametrize(
    "second",
    [
        {"starts_on": MAY, "ends_on": JUNE},
        {"starts_on": JULY, "ends_on": None},
        {"starts_on": JULY, "ends_on": JUNE},
    ],
)
def test_the_database_refuses_two_starts_two_open_ends_and_backward_periods(second):
    set_hours(40, MAY)

    with pytest.raises(IntegrityError), transaction.atomic():
        DatedSetting.objects.create(key="study.hours", value="1", source="", created_at=NOON, **second)


def test_a_rule_of_names_takes_its_keys_only_and_is_read_in_words():
    names = (("met", "Met"), ("phone", "Phone"), ("sms", "Message"))
    rule = dated.Rule("test.names", "met", "", "Ways", "", dated.some_of(names), names, several=True)

    assert rule.parse("sms met") == "met sms"
    assert rule.words("met sms") == "Met、Message"
    for wrong in ("", "met pigeon"):
        with pytest.raises(dated.NotAValue):
            rule.parse(wrong)
