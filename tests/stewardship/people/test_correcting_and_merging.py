"""Corrections with before and after, two files made one, and a stay that ends."""

from datetime import date

import pytest
from django.urls import reverse

from tests import make
from waystation.kernel.sealing import unseal
from waystation.stewardship.people import actions
from waystation.stewardship.people.models import Correction, Merge, Person

OK = 302


@pytest.fixture
def member(tree):
    return make.stay(
        tree["branch"], tree["station"], "陈丽", destination=tree["community"], trade="餐饮服务",
        phone="13959396624", id_number=make.id_number(), address="镇边路78号",
    ).person  # fmt: skip


def correct(client, person, field, value, **more):
    address = reverse("people:correct-field", args=[person.pk, field])
    fresh = Person.objects.get(pk=person.pk)
    given = {"value": value, "reason": "户口簿为准", "version": fresh.version, **more}
    return client.post(address, given)


@pytest.mark.parametrize(
    ("role", "where", "status"),
    [
        ("branch_secretary", "branch", OK),
        ("station_officer", "station", OK),
        ("county_organiser", "county", OK),
        ("branch_secretary", "other branch", 404),
        ("county_organiser", "beside county", 404),
        ("township_organiser", "seat", 404),
        ("grid_leader", "grid", 403),
        ("destination_contact", "community", 403),
        ("city_organiser", "city", 403),
    ],
)
def test_who_may_correct(client, tree, member, signed_in, role, where, status):
    signed_in(role, tree[where])

    response = correct(client, member, "trade", "家政")

    member.refresh_from_db()
    assert (response.status_code, member.trade == "家政") == (status, status == OK)


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("full_name", " 陈莉 ", "陈莉"),
        ("sex", "female", "female"),
        ("born", "1985年8月", "1985-08"),
        ("joined", "2010.04.23", "2010-04-23"),
        ("nation", "畲族", "畲族"),
        ("trade", "", ""),
    ],
)
def test_a_correction_reads_what_people_type(client, tree, member, signed_in, field, typed, kept):
    officer = signed_in("station_officer", tree["station"])

    correct(client, member, field, typed)

    member.refresh_from_db()
    row = Correction.objects.get()
    assert getattr(member, field) == kept
    assert (row.field, row.reason, row.corrected_by) == (field, "户口簿为准", officer)
    assert unseal(row, "after") == (kept or None)


def test_sealed_values_are_corrected_with_their_masks_and_never_filled_in(client, tree, member, signed_in):
    signed_in("station_officer", tree["station"])
    form = client.get(reverse("people:correct-field", args=[member.pk, "phone"]))

    correct(client, member, "phone", "137 1234 5678")

    member.refresh_from_db()
    assert (unseal(member, "phone"), member.phone_mask) == ("13712345678", "137****5678")
    html = form.content.decode()
    assert ("13959396624" in html, "139****6624" in html) == (False, True)


@pytest.mark.parametrize(
    ("field", "value", "change", "wrong"),
    [
        ("full_name", "", {}, "value"),
        ("born", "昨天", {}, "value"),
        ("phone", "123", {}, "value"),
        ("sex", "other", {}, "value"),
        ("trade", "家政", {"reason": ""}, "reason"),
        ("id_number", "350982198508123020", {}, "checked"),
    ],
)
def test_a_wrong_correction_is_said_at_its_field(client, tree, member, signed_in, field, value, change, wrong):
    signed_in("station_officer", tree["station"])

    response = correct(client, member, field, value, **change)

    assert (response.status_code, list(response.context["form"].errors)) == (200, [wrong])
    assert Correction.objects.count() == 0


def test_places_are_never_corrected(client, tree, member, signed_in):
    signed_in("station_officer", tree["station"])

    for field in ("home", "station", "merged_into", "user"):
        assert correct(client, member, field, "1").status_code == 404


def test_the_id_number_of_another_file_is_refused(client, tree, member, signed_in):
    number = make.id_number()
    make.person(tree["branch"], "雷建国", id_number=number)
    signed_in("station_officer", tree["station"])

    response = correct(client, member, "id_number", number)

    assert (response.status_code, Correction.objects.count()) == (200, 0)
    assert response.context["form"].non_field_errors()


def test_of_two_who_correct_the_second_sees_who_when_and_the_newer_value(client, tree, member, signed_in):
    first = make.user("station_officer", tree["station"], name="林晓燕")
    signed_in("branch_secretary", tree["branch"])
    opened_with = Person.objects.get(pk=member.pk).version
    actions.correct_person(
        member, field="trade", value="家政", reason="本人说", version=opened_with, by=first,
        at=make.NOON,
    )  # fmt: skip

    late = correct(client, member, "trade", "运输", version=opened_with)

    html = late.content.decode()
    member.refresh_from_db()
    assert member.trade == "家政"
    assert [text in html for text in ("林晓燕", "家政", "运输")] == [True, True, True]
    again = correct(client, member, "trade", "运输", version=late.context["form"]["version"].value())
    member.refresh_from_db()
    assert (again.status_code, member.trade) == (OK, "运输")


# --- merging --------------------------------------------------------------------------------------


@pytest.fixture
def twin(tree):
    return make.person(tree["branch"], "陈丽", born="1985-08", education="高中")


def send_merge(client, keep, other):
    return client.post(reverse("people:merge", args=[keep.pk]), {"keep": str(keep.pk), "other": str(other.pk)})


@pytest.mark.parametrize(
    ("role", "where", "status"),
    [
        ("county_organiser", "county", OK),
        ("county_organiser", "beside county", 404),
        ("station_head", "station", 404),  # the other file is not in the station's care
        ("station_officer", "station", 403),
        ("branch_secretary", "branch", 403),
    ],
)
def test_who_may_merge(client, tree, member, twin, signed_in, role, where, status):
    signed_in(role, tree[where])

    response = send_merge(client, member, twin)

    assert (response.status_code, Merge.objects.count()) == (status, int(status == OK))


def test_candidates_are_offered_and_compared_with_masks(client, tree, member, twin, signed_in):
    signed_in("county_organiser", tree["county"])
    address = reverse("people:merge", args=[member.pk])

    offered = client.get(address)
    compared = client.get(address, {"with": str(twin.pk)})

    assert [like.person for like in offered.context["likes"]] == [twin]
    rows = compared.context["pair"].rows
    assert len([row for row in rows if row.differs]) >= 4
    assert [row.label for row in rows if row.left == row.right == "—"] == []
    html = compared.content.decode()
    assert ("139****6624" in html, "13959396624" in html) == (True, False)


def test_the_old_address_leads_to_the_file_that_stayed(client, tree, member, twin, signed_in):
    signed_in("county_organiser", tree["county"])
    send_merge(client, member, twin)

    response = client.get(reverse("people:file", args=[twin.pk]))

    assert response.headers["Location"] == reverse("people:file", args=[member.pk])


def test_the_address_of_a_merged_file_tells_a_stranger_nothing(client, tree, member, twin, signed_in):
    actions.merge_people(member, twin, by=make.user(), at=make.NOON)
    signed_in("county_organiser", tree["beside county"])

    assert client.get(reverse("people:file", args=[twin.pk])).status_code == 404


@pytest.mark.parametrize(
    ("role", "where", "status"),
    [
        ("county_organiser", "county", OK),
        ("county_organiser", "beside county", 404),
        ("station_officer", "station", 403),
    ],
)
def test_who_may_undo_a_merge(client, tree, member, twin, signed_in, role, where, status):
    merge = actions.merge_people(member, twin, by=make.user(), at=make.NOON)
    signed_in(role, tree[where])

    response = client.post(reverse("people:merge-undo", args=[merge.pk]))

    merge.refresh_from_db()
    assert (response.status_code, merge.undone_at is not None) == (status, status == OK)


def test_merge_and_undo_leave_both_files_as_they_were(client, tree, member, twin, signed_in):
    signed_in("county_organiser", tree["county"])

    def state():
        skipped = {"version"}
        return [
            {name: value for name, value in row.items() if name not in skipped}
            for row in Person.objects.order_by("pk").values()
        ]

    before = state()
    send_merge(client, member, twin)
    assert state() != before
    client.post(reverse("people:merge-undo", args=[Merge.objects.get().pk]))

    assert state() == before


def test_what_cannot_be_merged_is_said(client, tree, member, signed_in):
    stays = make.stay(tree["branch"], tree["station"], "陈丽", phone="13700001111")
    signed_in("county_organiser", tree["county"])

    response = client.post(
        reverse("people:merge", args=[member.pk]),
        {"keep": str(member.pk), "other": str(stays.person_id)}, follow=True,
    )  # fmt: skip

    assert [message.level_tag for message in response.context["messages"]] == ["error"]
    assert Merge.objects.count() == 0


# --- the end of a stay ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "where", "status"),
    [
        ("station_officer", "station", OK),
        ("station_officer", "beside station", 404),
        ("branch_secretary", "branch", 403),
        ("grid_leader", "grid", 403),
    ],
)
def test_who_may_end_a_stay(client, tree, member, signed_in, role, where, status):
    stay = member.stays.get()
    signed_in(role, tree[where])

    response = client.post(reverse("people:stay-end", args=[stay.pk]), {"on": "2026-11-20", "ending": "moved_on"})

    stay.refresh_from_db()
    expected = (date(2026, 11, 20), "moved_on") if status == OK else (None, "")
    assert (response.status_code, stay.ends_on, stay.ending) == (status, *expected)


def test_a_stay_ends_for_a_known_reason_on_a_whole_day(client, tree, member, signed_in):
    stay = member.stays.get()
    signed_in("station_officer", tree["station"])
    address = reverse("people:stay-end", args=[stay.pk])

    for given in ({"on": "2026-11", "ending": "moved_on"}, {"on": "2026-11-20", "ending": "bored"}):
        assert client.post(address, given).status_code == 200
    stay.refresh_from_db()
    assert stay.ends_on is None
