"""Classes of people as filters of every list, saved under a name, and acts on whom they find."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import places as make
from tests.stewardship.groups import grown
from waystation.kernel.models import AuditEvent
from waystation.organizations.access import Reach
from waystation.organizations.permissions import Permission
from waystation.stewardship.contacts.actions import excuse_member
from waystation.stewardship.grids.actions import assign
from waystation.stewardship.grids.models import GridAssignment
from waystation.stewardship.groups.models import GroupMember
from waystation.stewardship.people import classes
from waystation.stewardship.people.actions import ListRefused, save_list
from waystation.stewardship.people.models import Departure, Person, SavedList
from waystation.stewardship.people.queries import people_by
from waystation.stewardship.people.queries.saved import packed, saved_rows

NOON = make.NOON
pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(places, enter):
    return enter("station_officer", places["station"])


def found(user, **filters):
    reach = Reach.of(user, Permission.PERSON_VIEW)
    return sorted(person.full_name for person in people_by(filters, reach))


def test_each_class_finds_its_people(places, officer):
    today = timezone.localdate()
    excused = make.stay(places, "甲免", born="1940-01-01", trade="茶叶经销", sex="male", phone="19900000001")
    young = make.stay(
        places, "乙青", born="2000-05-05", member_kind="probationary", skill="厨师", origin="beside branch"
    )
    plain = make.stay(places, "丙平", member_kind="full", trade="餐饮服务")
    excuse_member(excused.person, reason="aged", starts_on=today - timedelta(days=9), by=None, at=NOON)
    assign(plain, make.grid(places["station"]), by=None, at=NOON)
    Person.objects.filter(pk=young.person_id).update(volunteers=True)
    Departure.objects.filter(person=plain.person_id).update(place_kind="self_employed")
    group = grown.group(places)
    GroupMember.objects.filter(group=group).update(ends_on=timezone.localdate())
    GroupMember.objects.create(group=group, person=young.person, stay=young, starts_on=today, added_at=NOON)
    rest = {"钟阿妹", "雷石生", "蓝木兰"}

    expected = {
        ("member_kind", "probationary"): {"乙青"},
        ("trade", "茶叶"): {"甲免"},
        ("sex", "male"): {"甲免"},
        ("level", "village"): {"甲免", "丙平"} | rest,
        ("level", "county"): {"乙青"},
        ("age", "young"): {"乙青"},
        ("age", "old"): {"甲免"},
        ("skill", "厨"): {"乙青"},
        ("phone", "yes"): {"甲免"},
        ("volunteers", "yes"): {"乙青"},
        ("in_grid", "yes"): {"丙平"},
        ("in_grid", "no"): {"甲免", "乙青"} | rest,
        ("place_kind", "self_employed"): {"丙平"},
        ("place_kind", "village"): set(),
        ("group", str(group.pk)): {"乙青"},
        ("group", "any"): {"乙青"},
        ("group", "none"): {"甲免", "丙平"} | rest,
        ("group", "not an id"): set(),
        ("excused", "yes"): {"甲免"},
        ("excused", "no"): {"乙青", "丙平"} | rest,
    }
    for (name, value), people in expected.items():
        assert found(officer, **{name: value}) == sorted(people), (name, value)
    assert {name for name, _value in expected} == set(classes.names())


@pytest.mark.parametrize(
    ("born", "is_old"),
    [("1946", False), ("1946-11", False), ("1946-10", True), ("1946-11-26", True), ("1946-11-27", False), ("", False)],
)
def test_nobody_is_old_before_they_surely_are(places, born, is_old):
    person = make.stay(places, born=born).person
    people = Person.objects.filter(pk=person.pk)

    assert classes.narrowed(people, {"age": "old"}, date(2026, 11, 26)).exists() == is_old


def test_who_only_helps_is_not_told_who_is_excused(places, enter, client):
    enter("destination_contact", places["community"])
    page = client.get(reverse("people:list"))

    assert "excused" not in page.context["form"].fields
    assert "age" in page.context["form"].fields


def test_a_class_has_one_meaning():
    with pytest.raises(ValueError, match="twice"):
        classes.register(classes.Classification("sex", "Other", lambda value, day: None))


def test_a_rare_class_reads_its_own_rows_and_not_everybody(places, officer):
    group = grown.group(places)
    reach = Reach.of(officer, Permission.PERSON_VIEW)
    rows = people_by({"group": str(group.pk)}, reach).order_by("name_key", "pk")[:26]
    if connection.vendor == "sqlite":
        plan = rows.explain()
        assert "SCAN people_person" not in plan
        assert "SEARCH people_person USING INDEX sqlite_autoindex_people_person_1 (id=?)" in plan
    else:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        assert "Seq Scan on people_person" not in rows.explain()


# --- saved lists ----------------------------------------------------------------------------------


def test_a_list_is_saved_opened_counted_shared_and_deleted(places, officer, client, enter):
    grown.stays(places, 3)
    town = places["origin town"]
    sent = {"name": "餐饮党员", "filters": f"trade=餐饮&origin={town.pk}&after={uuid4()}&nonsense=1"}

    assert client.post(reverse("people:saved-save"), sent).status_code == 302
    saved = SavedList.objects.get()
    assert saved.filters == {"word:trade": "餐饮", "unit:origin": town.pk}
    page = client.get(reverse("people:saved-lists"))
    (row,) = page.context["rows"]
    assert (row.count, row.is_own) == (3, True)
    opened = client.get(f"{reverse('people:list')}?{row.query}")
    assert len(opened.context["rows"]) == 3

    client.post(reverse("people:saved-share", args=[saved.pk]))
    other = enter("station_head", places["station"])
    assert [row.is_own for row in saved_rows(other, Reach.of(other, Permission.PERSON_VIEW))] == [False]
    assert client.post(reverse("people:saved-delete", args=[saved.pk])).status_code == 404
    beside = make.user("station_officer", places["beside"])
    assert saved_rows(beside, Reach.of(beside, Permission.PERSON_VIEW)) == []
    client.force_login(officer)
    client.post(reverse("people:saved-share", args=[saved.pk]))
    assert saved_rows(other, Reach.of(other, Permission.PERSON_VIEW)) == []
    client.post(reverse("people:saved-delete", args=[saved.pk]))
    assert not SavedList.objects.exists()
    verbs = AuditEvent.objects.filter(verb__startswith="list.").order_by("number").values_list("verb", flat=True)
    assert list(verbs) == ["list.saved", "list.shared", "list.unshared", "list.deleted"]


def test_a_shared_list_shows_each_viewer_their_own_people(places, officer):
    grown.stays(places, 3)
    there = {"station": "beside", "community": "beside community", "origin": "beside branch"}
    make.stay(places, "别处人", trade="餐饮服务", **there)
    county = make.user("county_organiser", places["beside county"])
    save_list(name="餐饮", filters=packed({"trade": "餐饮"}), unit=places["beside county"], by=officer, at=NOON)

    (own,) = saved_rows(officer, Reach.of(officer, Permission.PERSON_VIEW))
    (theirs,) = saved_rows(county, Reach.of(county, Permission.PERSON_VIEW))

    assert (own.count, theirs.count) == (3, 1)


def test_a_list_needs_a_name_of_its_own_and_a_filter(places, officer, client):
    save_list(name="甲", filters={"word:sex": "male"}, by=officer, at=NOON)
    with pytest.raises(ListRefused), transaction.atomic():
        save_list(name="甲", filters={"word:sex": "female"}, by=officer, at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedList.objects.create(name="甲", filters={}, owner=officer, created_at=NOON)
    save_list(name="甲", filters={"word:sex": "female"}, by=make.user(), at=NOON)

    client.post(reverse("people:saved-save"), {"name": "空", "filters": ""})
    client.post(reverse("people:saved-save"), {"name": "", "filters": "sex=male"})
    assert SavedList.objects.count() == 2
    for number in range(29):
        save_list(name=f"表{number}", filters={"word:sex": "male"}, by=officer, at=NOON)
    with pytest.raises(ListRefused):
        save_list(name="再一个", filters={"word:sex": "male"}, by=officer, at=NOON)


@pytest.mark.parametrize("number", [1, 4])
def test_the_numbers_of_saved_lists_are_one_question(places, officer, number, django_assert_num_queries):
    for n in range(number):
        save_list(name=f"表{n}", filters=packed({"origin": places["branch"]}), by=officer, at=NOON)
    reach = Reach.of(officer, Permission.PERSON_VIEW)

    with django_assert_num_queries(3):
        saved_rows(officer, reach)


# --- acts on many ---------------------------------------------------------------------------------


def bulk(client, **sent):
    return client.post(reverse("people:bulk"), sent)


def test_the_chosen_are_shown_then_put_into_a_grid_once(places, officer, client):
    grid, other = make.grid(places["station"]), make.grid(places["station"])
    stays = grown.stays(places, 3)
    beside = make.stay(places, "别处人", station="beside", community="beside community", origin="beside branch")
    assign(stays[0], grid, by=None, at=NOON)
    assign(stays[1], other, by=None, at=NOON)
    sent = {"act": "grid", "pk": [str(stay.person_id) for stay in [*stays, beside]], "filters": ""}

    first = bulk(client, **sent)
    assert (len(first.context["people"]), first.context["preview"]) == (3, None)
    second = bulk(client, **sent, target=grid.pk)
    assert (second.context["preview"].changes, len(second.context["preview"].remarks)) == (2, 2)
    assert GridAssignment.objects.filter(ends_on=None).count() == 2
    for _n in range(2):
        assert bulk(client, **sent, target=grid.pk, confirmed="1").status_code == 302

    assert GridAssignment.objects.filter(grid=grid, ends_on=None).count() == 3
    assert GridAssignment.objects.count() == 4
    assert not beside.grid_assignments.exists()


def test_all_that_the_filter_shows_join_a_group_and_nobody_else(places, officer, client):
    group = grown.group(places)
    for name in ("甲茶", "乙茶"):
        make.stay(places, name, trade="茶叶经销")
    sent = {"act": "group", "all": "1", "filters": "trade=茶叶", "target": str(group.pk)}

    shown = bulk(client, **sent)
    assert (shown.context["preview"].changes, shown.context["people"].is_all) == (2, True)
    bulk(client, **sent, confirmed="1")

    assert GroupMember.objects.filter(group=group, ends_on=None).count() == 5
    assert bulk(client, **sent).context["preview"].changes == 0


def test_the_same_form_sent_twice_has_one_effect(places, officer, client):
    group, stay = grown.group(places), make.stay(places, "甲茶")
    sent = {
        "act": "group", "pk": [str(stay.person_id)], "target": str(group.pk), "confirmed": "1", "idem": str(uuid4()),
        "filters": "",
    }  # fmt: skip

    bulk(client, **sent)
    bulk(client, **sent)

    assert GroupMember.objects.filter(person=stay.person).count() == 1


def test_an_act_needs_its_own_permission_and_a_target_in_reach(places, enter, client):
    foreign, stay = make.grid(places["beside"]), make.stay(places)
    sent = {"act": "grid", "pk": [str(stay.person_id)], "filters": ""}

    enter("branch_secretary", places["branch"])
    assert bulk(client, **sent, target=foreign.pk, confirmed="1").status_code == 403
    enter("station_officer", places["station"])
    assert bulk(client, **sent, target=foreign.pk, confirmed="1").status_code == 404
    assert bulk(client, **{**sent, "act": "unknown"}).status_code == 302
    assert bulk(client, act="grid", filters="").status_code == 302
    enter("destination_contact", places["community"])
    assert bulk(client, **sent).status_code == 403


def test_nobody_is_led_away_from_the_site(places, officer, client):
    for bad in ("//evil.example/", "https://evil.example/", "\\\\evil"):
        assert bulk(client, act="", back=bad).url == reverse("people:list")
    assert bulk(client, act="", back="/grids/").url == "/grids/"


def test_the_chosen_are_exported_and_that_is_on_record(places, officer, client):
    stays = grown.stays(places, 3)

    answer = client.post(reverse("people:export-chosen"), {"pk": [str(stay.person_id) for stay in stays[:2]]})

    assert answer["Content-Type"].endswith("sheet")
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    assert AuditEvent.objects.filter(verb="ledger.exported").count() == 1
    everybody = client.post(reverse("people:export-chosen"), {"all": "1", "filters": "trade=餐饮"})
    assert everybody.url.startswith(reverse("people:export"))


@pytest.mark.parametrize("number", [1, 6])
def test_the_list_with_all_its_filters_asks_the_same_queries(places, officer, client, number):
    grown.stays(places, number)
    query = "trade=餐饮&level=village&age=young&in_grid=no&group=none&excused=no&phone=no&skill=&volunteers="
    client.get(reverse("people:list"))
    with CaptureQueriesContext(connection) as asked:
        page = client.get(f"{reverse('people:list')}?{query}")

    assert page.status_code == 200
    assert len(asked) <= 13
