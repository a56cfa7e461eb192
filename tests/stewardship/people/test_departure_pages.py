"""Departures at the desk of the origin: register, cancel, send back, return."""

from datetime import date

import pytest
from django.urls import reverse

from tests import make
from waystation.kernel.dated import set_value
from waystation.kernel.models import AuditEvent
from waystation.stewardship.people import actions
from waystation.stewardship.people.models import Departure, Person

NEW = "people:departure-new"
OK = 302


def words(tree, **more):
    """A filled-in form."""
    return {
        "full_name": "缪春花",
        "origin": "点头镇过笕党支部",
        "where": str(tree["station"].pk),
        "left": "2026年2月9日",
        "destination_text": "桐山街道富民社区",
        "reason": "务工",
        **more,
    }


@pytest.fixture
def secretary(tree, signed_in):
    return signed_in("branch_secretary", tree["branch"])


def send(client, tree, **more):
    return client.post(reverse(NEW), words(tree, **more))


def test_a_departure_opens_a_file_and_waits_for_the_arrival(client, tree, secretary):
    number = make.id_number("1985-08-12", female=True)

    response = send(client, tree, id_number=number, phone="139 5939 6624", joined="2010.04")

    row = Departure.objects.get()
    assert response.headers["Location"] == reverse("people:departure", args=[row.pk])
    assert (row.state, row.kind, row.origin, row.station) == (
        "pending", "mobile", tree["branch"], tree["station"],
    )  # fmt: skip
    assert (row.left, row.reason, row.destination) == ("2026-02-09", "务工", tree["community"])
    assert (row.phone_mask, row.id_state, row.created_by) == ("139****6624", "valid", secretary)
    assert (row.person.sex, row.person.born, row.person.joined) == ("female", "1985-08-12", "2010-04")
    assert row.person.home == tree["branch"]


def test_a_member_who_leaves_the_area_has_departed_at_once(client, tree, secretary):
    send(client, tree, where="outside", destination_text="上海市")

    assert Departure.objects.get().state == "departed"


@pytest.mark.parametrize(
    ("left", "back", "kind"),
    [
        ("2026-02-09", "2026-08-08", "short"),
        ("2026-02-09", "2026-08-09", "mobile"),
        ("2026-02", "2027", "mobile"),
        ("2026-02-09", "", "mobile"),
    ],
)
def test_less_than_six_months_is_a_short_absence(client, tree, secretary, left, back, kind):
    send(client, tree, left=left, expected_back=back)

    assert Departure.objects.get().kind == kind


def test_the_months_are_a_rule_with_a_date(client, tree, secretary):
    set_value("absence.short_months", 3, starts_on=date(2026, 1, 1), source="示例", by=None, at=make.NOON)

    send(client, tree, left="2026-02-09", expected_back="2026-06-09")

    assert Departure.objects.get().kind == "mobile"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"full_name": ""}, "full_name"),
        ({"full_name": "张3"}, "full_name"),
        ({"origin": "西洋党支部"}, "origin"),  # another county
        ({"origin": "点头镇"}, "origin"),  # a town is no branch
        ({"origin": "柏柳党支部"}, "origin"),  # beside the own branch
        ({"left": ""}, "left"),
        ({"left": "87.5"}, "left"),
        ({"left": "2999-01-01"}, "left"),
        ({"where": ""}, "where"),
        ({"where": "999999"}, "where"),
        ({"phone": "12345"}, "phone"),
        ({"phone": "13959396624 13800001111"}, "phone"),
        ({"expected_back": "2025-01-01"}, "expected_back"),
        ({"id_number": "350982198508123020"}, "checked"),  # a wrong check digit: look at the papers
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(client, tree, secretary, change, field):
    response = send(client, tree, remark="带着小孩", **change)

    form = response.context["form"]
    assert (response.status_code, list(form.errors)) == (200, [field])
    assert Departure.objects.count() == 0
    html = response.content.decode()
    assert ("带着小孩" in html, f'href="#id_{field}"' in html) == (True, True)


def test_a_doubtful_number_is_taken_once_the_papers_were_looked_at(client, tree, secretary):
    send(client, tree, id_number="350982198508123020", checked="on")

    assert Departure.objects.get().id_state == "wrong_check"


def test_a_sentence_that_stands_without_a_label_begins_with_no_colon(client, tree, secretary):
    html = send(client, tree, id_number="350982198508123020").content.decode()

    summary = html[html.index("data-error-summary") :]
    assert ('href="#id_checked">' in summary, 'href="#id_checked">:' in summary) == (True, False)


def test_sex_and_birth_that_differ_from_the_number_are_pointed_out(client, tree, secretary):
    number = make.id_number("1985-08-12", female=True)

    response = send(client, tree, id_number=number, sex="male", born="1984-08-12")

    assert len(response.context["form"].errors["checked"]) == 2


def test_the_form_knows_the_only_branch_of_its_user(client, tree, secretary):
    form = client.get(reverse(NEW)).context["form"]

    assert form["origin"].value() == "点头镇过笕党支部"


def test_the_next_member_starts_with_the_same_branch_and_station(client, tree, secretary):
    response = send(client, tree, next="1")

    form = client.get(response.headers["Location"]).context["form"]
    assert (form["origin"].value(), form["where"].value(), form["full_name"].value()) == (
        "点头镇过笕党支部", str(tree["station"].pk), None,
    )  # fmt: skip


def test_a_second_sending_has_no_second_effect(client, tree, secretary):
    key = "0195a0b0-0000-7000-8000-000000000001"

    first, second = (send(client, tree, idem=key) for _ in range(2))

    assert (first.status_code, second.headers["Location"]) == (OK, first.headers["Location"])
    assert Departure.objects.count() == 1


# --- one file a person ----------------------------------------------------------------------------


def test_a_known_member_is_offered_before_a_second_file_is_opened(client, tree, secretary):
    known = make.person(tree["branch"], "缪春花", born="1985-08-12", phone="13959396624")

    response = send(client, tree, born="1985-08")

    assert [like.person for like in response.context["form"].found] == [known]
    assert Departure.objects.count() == 0
    assert reverse("people:file", args=[known.pk]) in response.content.decode()


def test_the_officer_says_it_is_the_same_person(client, tree, secretary):
    known = make.person(tree["branch"], "缪春花", born="1985-08-12")

    send(client, tree, born="1985-08", same_as=str(known.pk))

    assert Departure.objects.get().person == known
    assert Person.objects.count() == 1


def test_the_officer_says_it_is_somebody_else(client, tree, secretary):
    known = make.person(tree["branch"], "缪春花", born="1985-08-12")

    send(client, tree, born="1985-08", same_as="new")

    assert Departure.objects.get().person != known
    assert Person.objects.count() == 2


def test_with_the_same_id_number_it_cannot_be_somebody_else(client, tree, secretary):
    number = make.id_number()
    make.person(tree["branch"], "缪春花", id_number=number)

    response = send(client, tree, id_number=number, same_as="new")

    assert response.context["form"].errors["same_as"]
    assert Person.objects.count() == 1


def test_a_file_that_was_not_offered_cannot_be_named(client, tree, secretary):
    stranger = make.person(tree["beside branch"], "林大山")
    make.person(tree["branch"], "缪春花", born="1985")

    response = send(client, tree, born="1985", same_as=str(stranger.pk))

    assert response.context["form"].errors["same_as"]


def test_an_id_number_on_file_elsewhere_is_refused_without_a_name_and_recorded(client, tree, secretary):
    number = make.id_number()
    make.person(tree["beside branch"], "林大山", id_number=number)

    response = send(client, tree, id_number=number)

    assert "林大山" not in response.content.decode()
    assert response.context["form"].errors["id_number"]
    assert AuditEvent.objects.get(verb="person.looked_up").actor == secretary
    assert Departure.objects.count() == 0


def test_an_open_departure_is_shown_instead_of_a_second_one(client, tree, secretary):
    row = make.departure(tree["branch"], tree["station"], "缪春花", born="1985-08-12")

    response = send(client, tree, born="1985-08", same_as=str(row.person_id))

    assert response.context["open_departure"] == row
    assert reverse("people:departure", args=[row.pk]) in response.content.decode()
    assert Departure.objects.count() == 1


def test_fields_that_the_form_does_not_have_change_nothing(client, tree, secretary):
    other = make.person(tree["other branch"], "蓝凤娇")
    everything = {field.name: "1" for field in Departure._meta.concrete_fields}
    given = {**everything, **words(tree), "person": str(other.pk), "state": "departed", "sex": "",
             "member_kind": "", "id_number": "", "phone": "", "other_phone": "", "born": "",
             "joined": "", "dues_paid_to": "", "expected_back": "", "kind": "short",
             "place_kind": "", "range_chosen": ""}  # fmt: skip

    client.post(reverse(NEW), given)

    row = Departure.objects.get()
    assert (row.state, row.kind, row.closing_reason) == ("pending", "mobile", "")
    assert (row.person != other, row.origin, row.created_by) == (True, tree["branch"], secretary)


# --- who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "where", "status"),
    [
        ("branch_secretary", "branch", 200),
        ("township_organiser", "town", 200),
        ("county_organiser", "county", 200),
        ("station_officer", "station", 200),
        ("city_organiser", "city", 200),
        ("branch_secretary", "other branch", 404),
        ("branch_secretary", "beside branch", 404),
        ("county_organiser", "beside county", 404),
        ("station_officer", "beside station", 404),
        ("grid_leader", "grid", 403),
        ("destination_contact", "community", 403),
        ("security_admin", "city", 403),
    ],
)
def test_who_may_see_a_departure(client, tree, signed_in, role, where, status):
    row = make.departure(tree["branch"], tree["station"])
    signed_in(role, tree[where])

    assert client.get(reverse("people:departure", args=[row.pk])).status_code == status


@pytest.mark.parametrize(
    ("role", "where", "status"),
    [
        ("branch_secretary", "branch", OK),
        ("township_organiser", "town", OK),
        ("county_organiser", "county", OK),
        ("branch_secretary", "other branch", 404),
        ("county_organiser", "beside county", 404),
        ("station_officer", "station", 403),
        ("city_organiser", "city", 403),
    ],
)
def test_who_may_cancel(client, tree, signed_in, role, where, status):
    row = make.departure(tree["branch"], tree["station"])
    signed_in(role, tree[where])

    response = client.post(reverse("people:departure-cancel", args=[row.pk]), {"reason": "未成行"})

    row.refresh_from_db()
    assert (response.status_code, row.state == "cancelled") == (status, status == OK)


@pytest.mark.parametrize(
    ("role", "where", "status"),
    [
        ("station_officer", "station", OK),
        ("station_head", "station", OK),
        ("station_officer", "beside station", 404),
        ("branch_secretary", "branch", 403),
        ("county_organiser", "county", 403),
    ],
)
def test_who_may_send_a_departure_back(client, tree, signed_in, role, where, status):
    row = make.departure(tree["branch"], tree["station"])
    signed_in(role, tree[where])

    response = client.post(reverse("people:departure-refuse", args=[row.pk]), {"reason": "查无此人"})

    row.refresh_from_db()
    assert (response.status_code, row.state == "refused") == (status, status == OK)


@pytest.mark.parametrize(
    ("role", "where", "status"),
    [
        ("branch_secretary", "branch", OK),
        ("township_organiser", "town", OK),
        ("branch_secretary", "other branch", 404),
        ("station_officer", "station", 403),
    ],
)
def test_who_may_register_the_return(client, tree, signed_in, role, where, status):
    stay = make.stay(tree["branch"], tree["station"])
    signed_in(role, tree[where])

    response = client.post(reverse("people:departure-return", args=[stay.departure_id]), {"on": "2026-11-20"})

    stay.refresh_from_db()
    assert (response.status_code, stay.ends_on) == (
        status, date(2026, 11, 20) if status == OK else None,
    )  # fmt: skip


def test_a_township_cannot_cancel_what_only_reports_to_its_station(client, tree, signed_in):
    station = make.unit("station", "点头镇驻城党建工作站", tree["town"])
    row = make.departure(tree["beside branch"], station)
    signed_in("township_organiser", tree["town"])

    seen = client.get(reverse("people:departure", args=[row.pk]))
    cancelled = client.post(reverse("people:departure-cancel", args=[row.pk]), {"reason": "误"})

    assert (seen.status_code, cancelled.status_code) == (200, 404)


def test_a_reason_is_needed_and_a_late_decision_changes_nothing(client, tree, signed_in):
    row = make.departure(tree["branch"], tree["station"])
    signed_in("station_officer", tree["station"])
    address = reverse("people:departure-refuse", args=[row.pk])

    empty = client.post(address, {"reason": " "})
    actions.cancel_departure(row, reason="未成行", by=None, at=make.NOON)
    late = client.post(address, {"reason": "查无此人"}, follow=True)

    row.refresh_from_db()
    assert (empty.status_code, row.state) == (200, "cancelled")
    assert [message.level_tag for message in late.context["messages"]] == ["error"]


def test_buttons_follow_permission_and_state(client, tree, signed_in):
    row = make.departure(tree["branch"], tree["station"])
    page = reverse("people:departure", args=[row.pk])

    def offered(role, where):
        signed_in(role, tree[where])
        return {name for name, may in client.get(page).context["may"].items() if may}

    assert offered("branch_secretary", "branch") == {"correct", "cancel", "return"}
    assert offered("station_officer", "station") == {"refuse"}
    assert offered("city_organiser", "city") == set()
    actions.cancel_departure(row, reason="未成行", by=None, at=make.NOON)
    assert offered("branch_secretary", "branch") == set()


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", "陈丽 雷建国 蓝凤娇"),
        ("state=pending", "陈丽 雷建国"),
        ("state=departed", "蓝凤娇"),
        ("kind=short", "雷建国"),
        ("q=陈", "陈丽"),
        ("origin=柏柳党支部", "雷建国"),
    ],
)
def test_filters_of_the_register(client, tree, signed_in, query, names):
    make.departure(tree["branch"], tree["station"], "陈丽")
    make.departure(tree["other branch"], tree["station"], "雷建国", kind="short")
    make.departure(tree["branch"], None, "蓝凤娇")
    signed_in("township_organiser", tree["town"])

    response = client.get(f"{reverse('people:departure-list')}?{query}")

    assert sorted(row.full_name for row in response.context["page"]) == sorted(names.split())
