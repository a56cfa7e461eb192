"""Pages of dues: who comes in, and what they do."""

import io
import re
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests import places as prefecture
from tests.stewardship.dues import make
from waystation.kernel import dated
from waystation.kernel.models import AuditEvent
from waystation.kernel.sheets.ledgers import write_ledger
from waystation.organizations.access import Reach
from waystation.organizations.permissions import Permission
from waystation.stewardship.dues import actions, ledgers, rules
from waystation.stewardship.dues.models import DuesBase, DuesEntry, DuesReduction, RateTable
from waystation.stewardship.dues.months import month_of, plus
from waystation.stewardship.dues.queries import book_of, dues_by
from waystation.stewardship.grids.actions import assign
from waystation.stewardship.people.models import Person
from waystation.stewardship.people.queries import sight, timeline
from waystation.web.desk_items import Desk, items_of

pytestmark = pytest.mark.django_db
NOON = make.NOON
INCOME = re.compile(r"(?<!\d)4,?000(?!\d)")  # from which the dues of these tests are reckoned


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def person(places):
    return prefecture.stay(places, "缪春花").person


def page(client, name, *args, **query):
    return client.get(reverse(f"dues:{name}", args=[getattr(arg, "pk", arg) for arg in args]), query)


def send(client, name, *args, **data):
    return client.post(reverse(f"dues:{name}", args=[getattr(arg, "pk", arg) for arg in args]), data)


def owing(person, months, today):
    """A base so many months before this one, and nothing paid."""
    return make.base(person, starts_on=plus(month_of(today), -months))


@pytest.mark.parametrize(
    ("role", "where", "status"),
    [
        ("station_officer", "station", 200),
        ("branch_secretary", "branch", 200),
        ("township_organiser", "origin town", 200),
        ("county_organiser", "county", 200),
        ("city_organiser", "city", 200),
        ("branch_secretary", "other branch", 404),
        ("station_officer", "beside", 404),
        ("destination_contact", "community", 403),
        ("member", "branch", 403),
        ("system_admin", "city", 403),
    ],
)
def test_who_sees_the_dues_of_a_member(client, places, enter, person, role, where, status):
    make.base(person)
    enter(role, places[where])

    assert page(client, "person", person).status_code == status
    assert page(client, "list").status_code == (403 if status == 403 else 200)


@pytest.mark.parametrize(
    ("role", "where", "status"),
    [
        ("station_officer", "station", 200),
        ("branch_secretary", "branch", 200),
        ("city_organiser", "city", 403),
        ("branch_secretary", "other branch", 404),
    ],
)
@pytest.mark.parametrize("name", ["record", "base-new", "reduction-new"])
def test_who_writes_about_the_dues_of_a_member(client, places, enter, person, role, where, status, name):
    make.base(person)
    enter(role, places[where])

    assert page(client, name, person).status_code == status


def test_a_base_is_set_and_a_payment_recorded(client, places, enter, person, today):
    secretary = enter("branch_secretary", places["branch"])
    month = f"{today:%Y-%m}"
    assert send(client, "base-new", person, category="wage", income="4000", starts_on=month).status_code == 302
    form = page(client, "record", person).context["form"]
    assert (form.initial["amount"], form.fields["unit"].initial) == (Decimal("40.00"), places["branch"])

    answer = send(
        client, "record", person, amount="40", first_month=month, last_month=month, paid_on=f"{today}",
        unit=places["branch"].pk, receipt_no="0007",
    )  # fmt: skip

    assert answer.status_code == 302
    entry = DuesEntry.objects.get()
    assert (entry.amount, entry.recorded_by, entry.receipt_no) == (40, secretary, "0007")
    text = page(client, "person", person).content.decode()
    assert "0007" in text
    assert not INCOME.search(re.sub("<[^>]+>", " ", text))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"amount": "0"}, "amount"),
        ({"amount": "1.234"}, "amount"),
        ({"first_month": "2026-05", "last_month": "2026-04"}, "last_month"),
        ({"first_month": "5"}, "first_month"),
        ({"unit": "999999"}, "unit"),
        ({"first_month": "2020-01", "last_month": "2020-01"}, "__all__"),
    ],
)
def test_a_wrong_payment_comes_back_with_what_was_typed(client, places, enter, person, today, wrong, field):
    make.base(person)
    enter("branch_secretary", places["branch"])
    month = f"{today:%Y-%m}"
    given = {
        "amount": "40", "first_month": month, "last_month": month, "paid_on": f"{today}", "unit": places["branch"].pk,
        "brought_by": "其子代交", **wrong,
    }  # fmt: skip

    answer = send(client, "record", person, **given)

    assert list(answer.context["form"].errors) == [field]
    assert "其子代交" in answer.content.decode()
    assert DuesEntry.objects.count() == 0


def test_an_income_is_asked_where_the_dues_are_a_share(client, places, enter, person, today):
    enter("branch_secretary", places["branch"])

    answer = send(client, "base-new", person, category="wage", starts_on=f"{today:%Y-%m}")

    assert answer.context["form"].non_field_errors()
    assert DuesBase.objects.count() == 0


def test_a_wrong_row_is_reversed_and_a_wrong_base_withdrawn(client, places, enter, person):
    base, entry = make.base(person), make.paid(person)
    enter("branch_secretary", places["branch"])
    assert send(client, "entry-reverse", entry).context["form"].errors
    assert send(client, "entry-reverse", entry, reason="记错人").status_code == 302
    assert send(client, "base-withdraw", base).context["form"].errors
    assert send(client, "base-withdraw", base, reason="看错").status_code == 302

    assert book_of(person).entries == []
    assert book_of(person).bases == []
    assert page(client, "person", person).status_code == 200


# --- reductions -----------------------------------------------------------------------------------


def test_the_form_and_the_refusal_say_how_long_the_rule_of_today_allows(client, places, enter, person, today):
    make.base(person)
    enter("branch_secretary", places["branch"])
    dated.set_value(rules.REDUCTION_MONTHS, 7, starts_on=today, source="县委通知", by=None, at=timezone.now())

    assert "7" in str(page(client, "reduction-new", person).context["form"].fields["last_month"].help_text)
    first = month_of(today)
    months = {"starts_on": f"{first:%Y-%m}", "last_month": f"{plus(first, 7):%Y-%m}"}
    response = send(client, "reduction-new", person, kind="exempt", reason="重病", **months)
    assert "7" in str(response.context["form"].non_field_errors())
    assert not DuesReduction.objects.exists()


def test_a_branch_asks_and_the_township_decides(client, places, enter, person, today):
    make.base(person)
    enter("branch_secretary", places["branch"])
    month = f"{today:%Y-%m}"
    send(client, "reduction-new", person, kind="exempt", starts_on=month, last_month=month, reason="重病")
    request = DuesReduction.objects.get()
    assert send(client, "reduction-approve", request).status_code == 403

    township = enter("township_organiser", places["origin town"])
    items = {item.key: item for item in items_of(Desk(township, timezone.now(), today))}
    assert items["dues-reductions"].number == 1 == len(client.get(items["dues-reductions"].url).context["page"].rows)
    assert "重病" in page(client, "reduction", request).content.decode()
    assert AuditEvent.objects.filter(verb="dues.reason_read", actor=township).count() == 1
    assert send(client, "reduction-refuse", request).context["problem"]
    assert send(client, "reduction-approve", request).status_code == 302

    request.refresh_from_db()
    assert request.state == "approved"
    assert book_of(person).due(month_of(today)) == 0
    assert send(client, "reduction-end", request, last_month=f"{plus(month_of(today), -1):%Y-%m}").status_code == 302
    assert book_of(person).due(month_of(today)) == 40


def test_whoever_only_oversees_does_not_read_the_reason(client, places, enter, person):
    request = make.asked(person)
    enter("city_organiser", places["city"])

    assert "重病" not in page(client, "reduction", request).content.decode()
    assert AuditEvent.objects.filter(verb="dues.reason_read").count() == 0


def test_the_county_does_not_decide_on_its_own_request(client, places, enter, person):
    county = enter("county_organiser", places["county"])
    request = make.asked(person, by=county)

    assert send(client, "reduction-approve", request).context["problem"]


# --- lists and the desk ---------------------------------------------------------------------------


def test_arrears_are_prompted_at_three_and_six_months_and_by_the_rule(client, places, enter, today):
    people = {}
    for months, name in ((2, "林二"), (3, "林三"), (5, "林五"), (6, "林六")):
        people[months] = prefecture.stay(places, name).person
        owing(people[months], months, today)
    officer = enter("station_officer", places["station"])
    reach = Reach.of(officer, Permission.DUES_VIEW)

    def found(standing):
        return {one.full_name for one in dues_by({"standing": standing}, reach, day=today)}

    assert found("prompt") == {"林三", "林五", "林六"}
    assert found("warn") == {"林六"}
    item = {item.key: item for item in items_of(Desk(officer, timezone.now(), today))}["dues-unpaid"]
    assert (item.number, item.urgent_number) == (3, 1)
    assert len(client.get(item.url).context["rows"]) == 3
    assert [one.person.full_name for one in client.get(item.urgent_url).context["rows"]] == ["林六"]


def test_the_running_month_is_never_in_arrears(places, person, today):
    owing(person, 3, today)
    reach = Reach.of(prefecture.user("station_officer", places["station"]), Permission.DUES_VIEW)
    actions.record(
        person, amount=Decimal(40), paid_on=today, first_month=plus(month_of(today), -3),
        last_month=plus(month_of(today), -1), unit=places["branch"], by=None, at=timezone.now(),
    )  # fmt: skip

    assert not dues_by({"standing": "prompt"}, reach, day=today).exists()


def test_members_without_a_base_are_found(client, places, enter, person):
    other = prefecture.stay(places, "钟建国").person
    make.base(other)
    enter("branch_secretary", places["branch"])

    rows = page(client, "list", standing="no-base").context["rows"]

    assert [one.person for one in rows] == [person]


def test_the_list_of_a_branch_is_entered_as_on_paper(client, places, enter, person, today):
    other = prefecture.stay(places, "钟建国").person
    for one in (person, other):
        owing(one, 1, today)
    enter("branch_secretary", places["branch"])
    month = f"{today:%Y-%m}"
    url = f"{reverse('dues:branch-month')}?branch={places['branch'].pk}&month={month}"
    answer = client.get(url)
    assert [line[0] for line in answer.context["lines"]] == [person, other]
    given = {
        "paid_on": f"{today}", "unit": places["branch"].pk, f"paid_{person.pk}": "on", f"amount_{person.pk}": "41.50",
        f"amount_{other.pk}": "40",
    }  # fmt: skip

    assert client.post(url, given).status_code == 302

    assert [(entry.person, entry.amount) for entry in DuesEntry.objects.all()] == [(person, Decimal("41.50"))]
    assert client.post(url, {"paid_on": f"{today}", "unit": places["branch"].pk}).context["form"].errors


def test_a_station_enters_the_list_of_the_members_in_its_care(client, places, enter, person, today):
    owing(person, 1, today)
    prefecture.stay(places, "雷远山", station="beside", community="beside community")
    enter("station_officer", places["station"])
    url = reverse("dues:branch-month")

    lines = client.get(url, {"branch": places["branch"].pk, "month": f"{today:%Y-%m}"}).context["lines"]

    assert [line[0] for line in lines] == [person]
    assert client.get(url, {"branch": places["other branch"].pk}).context.get("branch") is None


def test_a_county_types_the_name_of_a_branch(client, places, enter, person):
    enter("county_organiser", places["county"])
    url = reverse("dues:branch-month")

    assert client.get(url, {"branch": "竹阳党支部"}).context["branch"] == places["branch"]
    assert "branch" not in client.get(url, {"branch": "泮洋党支部"}).context


@pytest.mark.parametrize("many", [1, 3])
def test_the_pages_ask_the_same_questions_however_many_members(
    client, places, enter, today, many, django_assert_max_num_queries
):
    for number in range(many):
        owing(prefecture.stay(places, f"缪春{'花草木'[number]}").person, 4, today)
    enter("branch_secretary", places["branch"])

    with django_assert_max_num_queries(18):
        assert len(page(client, "list").context["rows"]) == many
    with django_assert_max_num_queries(18):
        page(client, "branch-month", branch=places["branch"].pk)


# --- tables of rates ------------------------------------------------------------------------------


def _table(form, **more):
    data = {name: field.initial for name, field in form.fields.items() if field.initial is not None}
    return {**data, "starts_on": "2027-01", "source": "某号文", **more}


def test_an_administrator_sets_another_table(client, places, enter):
    enter("system_admin", places["city"])
    form = page(client, "rates-new").context["form"]

    assert send(client, "rates-new", **_table(form, percent_0="0.60")).status_code == 302

    table = RateTable.objects.get()
    assert table.as_rates().due("wage", income=Decimal(3000)) == 18
    assert table.as_rates().due("wage", income=Decimal("3000.01")) == 30
    assert "0.6" in page(client, "rates").content.decode()


def test_a_table_with_an_overlap_is_refused(client, places, enter):
    enter("system_admin", places["city"])
    form = page(client, "rates-new").context["form"]

    answer = send(client, "rates-new", **_table(form, over_1="0.00"))

    assert answer.context["form"].errors
    assert RateTable.objects.count() == 0


def test_who_reads_and_who_sets_the_table(client, places, enter):
    enter("branch_secretary", places["branch"])

    assert page(client, "rates").status_code == 200
    assert page(client, "rates-new").status_code == 403


# --- on paper, in the file, for the member ----------------------------------------------------------


def test_the_ledger_reads_back_month_by_month(places, person, client, enter):
    make.base(person)
    make.paid(person, "120.00", 1, 3)
    make.paid(person, "41.00", 4)
    make.reduced(person, "exempt", 6, 7)
    stream = io.BytesIO()
    people = Person.objects.filter(pk=person.pk).select_related("home")
    write_ledger(stream, ledgers.ledger_of(people, unit=places["branch"], year=2026, by="经办人", at=NOON))
    stream.seek(0)
    rows = CalamineWorkbook.from_filelike(stream).get_sheet_by_index(0).to_python()

    assert places["branch"].name in rows[0][0]
    row = next(row for row in rows if row[1] == person.full_name)
    assert row[4] == "1%"
    assert row[5:10] == [40, 40, 40, 40, 41]
    assert (row[18], row[19]) == (400, 161)
    assert row[10:18] == [""] * 8
    assert "6、7" in row[20]


@pytest.mark.parametrize(
    ("base", "standard"),
    [
        ({"income": "2900.00"}, "0.5%"),
        ({"income": "12000.00"}, "2%"),
        ({"category": "student"}, "每月0.20元"),
        ({"category": "farmer", "agreed": "0.60"}, "每月0.60元"),
    ],
)
def test_the_ledger_names_the_standard_and_never_the_income(places, person, base, standard):
    make.base(person, **base)
    ledger = ledgers.ledger_of([person], unit=places["branch"], year=2026, by="经办人", at=NOON)

    (row,) = list(ledger.rows)

    assert row[4] == standard
    assert base.get("income", "-") not in [str(cell) for cell in row]


def test_exports_stand_in_the_trail_and_hold_only_whom_one_sees(client, places, enter, person):
    make.base(person)
    prefecture.stay(places, "雷远山", origin="other branch")
    enter("branch_secretary", places["branch"])

    content = b"".join(client.post(reverse("dues:export") + "?year=2026").streaming_content)

    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    names = {row[1] for row in rows}
    assert "缪春花" in names
    assert "雷远山" not in names
    assert AuditEvent.objects.get(verb="dues.exported").facts["rows"] == 1


def test_the_time_line_tells_those_who_answer_for_the_dues(places, person):
    make.base(person)
    make.paid(person)
    make.reduced(person, "lower", 2, 4, amount="1")
    grid = prefecture.grid(places["station"])
    assign(person.stays.get(), grid, by=None, at=NOON)
    person.refresh_from_db()

    def told(role, unit):
        user = prefecture.user(role, unit)
        seen = sight(user, person, Reach.of(user, Permission.PERSON_VIEW))
        return [entry for entry in timeline.timeline(person, seen).entries if "/dues/" in entry.url]

    assert len(told("branch_secretary", places["branch"])) == 4
    assert told("grid_leader", grid.unit) == []


def test_a_member_sees_the_own_dues_and_pays_nothing_there(client, places, enter, person, time_machine):
    time_machine.move_to(make.NOON)
    make.base(person)
    make.paid(person, "33.30", 1, paid_on=date(2026, 1, 5))
    member = enter("member", places["branch"])
    assert client.get(reverse("portal:my-dues")).status_code == 404
    Person.objects.filter(pk=person.pk).update(user=member)

    text = client.get(reverse("portal:my-dues")).content.decode()

    assert "33.30" in text
    assert "40.00" in text
    assert not INCOME.search(re.sub("<[^>]+>", " ", text))
    assert reverse("portal:my-dues") in client.get(reverse("portal:mine")).content.decode()
    assert client.post(reverse("portal:my-dues")).status_code == 405


def test_the_list_of_a_branch_names_no_error_before_anything_was_asked(client, places, enter):
    enter("county_organiser", places["county"])
    address = reverse("dues:branch-month")

    assert "ws-error" not in client.get(address).content.decode()
    assert "ws-error" in client.get(address, {"branch": "", "month": "2026-10"}).content.decode()
