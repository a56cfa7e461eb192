"""The pages of the tree, the mandates and the policy: who comes in, and what they do."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from tests import places as make
from waystation.kernel import jobs
from waystation.kernel.jobs import job
from waystation.kernel.models import StoredFile
from waystation.organizations import policy
from waystation.organizations.addresses import addresses
from waystation.organizations.checks import every_address_has_a_guard
from waystation.organizations.models import Mandate, Unit
from waystation.organizations.permissions import ROLES, Permission
from waystation.stewardship.people.models import Arrival, Departure, Person, Stay
from waystation.stewardship.rosters.models import Import, MatchCandidate

pytestmark = pytest.mark.django_db


@job("test.moved", title="A test")
def nothing(row, beat):
    return {}


@pytest.mark.parametrize(
    ("role", "where", "target", "status"),
    [
        ("system_admin", "city", "county", 200),
        ("county_organiser", "county", "town", 200),
        ("county_organiser", "county", "beside town", 404),
        ("station_officer", "station", "station", 200),
        ("station_officer", "station", "county", 404),
        ("branch_secretary", "branch", "other branch", 404),
        ("member", "branch", "branch", 403),
    ],
)
def test_who_may_open_a_unit(client, places, enter, role, where, target, status):
    enter(role, places[where])

    response = client.get(reverse("organizations:unit", args=[places[target].pk]))

    assert response.status_code == status


def test_the_tree_begins_where_the_reach_begins(client, places, enter):
    enter("county_organiser", places["county"])

    response = client.get(reverse("organizations:tree"))

    assert [level["unit"] for level in response.context["levels"]] == [places["county"]]
    below = {unit.name: unit.below for unit in response.context["levels"][0]["children"]}
    assert below == {"桐山街道": 2, "叠石乡": 2, "福鼎市流动党员管理服务中心": 0}


def test_a_unit_is_found_by_the_beginning_of_its_name_within_reach(client, places, enter):
    enter("county_organiser", places["county"])

    found = client.get(reverse("organizations:tree"), {"q": "竹阳"}).context["found"]
    beside = client.get(reverse("organizations:tree"), {"q": "泮洋"}).context["found"]

    assert [name for _unit, name in found] == [
        "福鼎市 › 叠石乡 › 竹阳村委会",
        "福鼎市 › 叠石乡 › 竹阳村委会 › 竹阳党支部",
    ]
    assert beside == []


def test_the_system_administrator_adds_renames_and_closes_units(client, places, enter):
    enter("system_admin", places["city"])
    town = places["origin town"]

    added = client.post(
        f"{reverse('organizations:unit-new')}?parent={town.pk}",
        {"kind": "village", "name": "楼下村委会", "code": "350982201999"},
    )
    village = Unit.objects.get(name="楼下村委会")
    client.post(reverse("organizations:unit-rename", args=[village.pk]), {"name": "楼下新村"})
    client.post(reverse("organizations:unit-close", args=[village.pk]), {"on": "2026-11-01"})

    village.refresh_from_db()
    assert added.status_code == 302
    assert (village.name, village.parent, village.code) == ("楼下新村", town, "350982201999")
    assert village.closed_on == date(2026, 11, 1)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"kind": "village", "name": "竹阳村委会", "code": ""}, "name"),
        ({"kind": "branch", "name": "", "code": ""}, "name"),
        ({"kind": "county", "name": "某县", "code": ""}, "kind"),
        ({"kind": "village", "name": "新村", "code": "350982"}, "code"),
    ],
)
def test_a_wrong_unit_is_refused_at_its_field(client, places, enter, data, error):
    enter("system_admin", places["city"])

    response = client.post(f"{reverse('organizations:unit-new')}?parent={places['origin town'].pk}", data)

    assert list(response.context["form"].errors) == [error]


def test_moving_a_unit_takes_its_people_along(client, places, enter):
    stay = make.stay(places)
    enter("system_admin", places["city"])

    response = client.post(reverse("organizations:unit-move", args=[places["village"].pk]), {"parent": "桐山街道"})

    places["branch"].refresh_from_db()
    path = places["branch"].path
    assert response.status_code == 302
    assert path.startswith(places["town"].path)
    assert Person.objects.get(pk=stay.person_id).home_path == path
    assert Departure.objects.get(pk=stay.departure_id).origin_path == path
    assert Arrival.objects.get(pk=stay.arrival_id).home_path == path


def test_a_moved_station_keeps_its_members(client, places, enter):
    stay = make.stay(places)
    enter("system_admin", places["city"])

    client.post(reverse("organizations:unit-move", args=[places["station"].pk]), {"parent": "叠石乡"})

    places["station"].refresh_from_db()
    path = places["station"].path
    assert path.startswith(places["origin town"].path)
    assert Person.objects.get(pk=stay.person_id).stay_path == path
    assert Stay.objects.get(pk=stay.pk).station_path == path
    assert Arrival.objects.get(pk=stay.arrival_id).station_path == path


def test_open_imports_proposals_and_tasks_move_with_their_units(client, places, enter):
    make.departure(places, "钟阿妹")
    make.arrival(places, "钟阿妹")
    task = jobs.enqueue("test.moved", by=None, at=make.NOON, args={}, unit_path=places["branch"].path)
    file = StoredFile.objects.create(kind="roster", name="x", place="x", size=1, sha256="", created_at=make.NOON)
    roster = Import.objects.create(
        kind="departures", unit=places["branch"], unit_path=places["branch"].path, file=file,
        created_at=make.NOON,
    )  # fmt: skip
    enter("system_admin", places["city"])

    client.post(reverse("organizations:unit-move", args=[places["village"].pk]), {"parent": "桐山街道"})

    places["branch"].refresh_from_db()
    for row in (task, roster):
        row.refresh_from_db()
    paths = set(MatchCandidate.objects.values_list("origin_path", flat=True))
    assert (task.unit_path, roster.unit_path) == (places["branch"].path, places["branch"].path)
    assert paths == {places["branch"].path}


def test_a_unit_does_not_move_where_its_kind_may_not_lie(client, places, enter):
    enter("system_admin", places["city"])

    response = client.post(reverse("organizations:unit-move", args=[places["village"].pk]), {"parent": "古田县"})

    assert list(response.context["form"].errors) == ["parent"]


def test_only_the_system_administrator_changes_the_tree(client, places, enter):
    enter("security_admin", places["city"])

    for name in ("unit-rename", "unit-move", "unit-close"):
        url = reverse(f"organizations:{name}", args=[places["village"].pk])
        assert client.post(url, {}).status_code == 403


# --- mandates -------------------------------------------------------------------------------------


def test_the_security_administrator_gives_and_ends_a_mandate(client, places, enter):
    enter("security_admin", places["city"])
    colleague = make.user()

    given = client.post(
        reverse("organizations:mandate-new"),
        {
            "username": colleague.username,
            "role": "branch_secretary",
            "unit": "福鼎市 › 叠石乡 › 竹阳村委会 › 竹阳党支部",
            "starts_on": "2026-11-01",
            "ends_on": "",
        },
    )
    mandate = Mandate.objects.get(user=colleague)
    ended = client.post(reverse("organizations:mandate-end", args=[mandate.pk]), {"ends_on": "2026-11-20"})

    mandate.refresh_from_db()
    assert (given.status_code, ended.status_code) == (302, 302)
    assert (mandate.unit, mandate.ends_on) == (places["branch"], date(2026, 11, 20))


def test_a_mandate_of_the_wrong_kind_or_to_oneself_is_refused(client, places, enter):
    me = enter("security_admin", places["city"])
    colleague, url = make.user(), reverse("organizations:mandate-new")
    data = {"starts_on": "2026-11-01", "unit": "竹阳党支部", "role": "station_head"}

    wrong_kind = client.post(url, {**data, "username": colleague.username})
    to_myself = client.post(url, {**data, "username": me.username, "role": "branch_secretary"})
    nobody = client.post(url, {**data, "username": "nobody"})

    assert list(wrong_kind.context["form"].errors) == ["__all__"]
    assert list(to_myself.context["form"].errors) == ["__all__"]
    assert list(nobody.context["form"].errors) == ["username"]
    assert not Mandate.objects.filter(user=colleague).exists()


def test_nobody_holds_two_of_the_three_administrators_roles(client, places, enter):
    enter("security_admin", places["city"])
    other = make.user("audit_admin", places["city"])

    response = client.post(
        reverse("organizations:mandate-new"),
        {
            "username": other.username,
            "role": "system_admin",
            "unit": "宁德市",
            "starts_on": f"{timezone.localdate()}",
        },
    )

    assert list(response.context["form"].errors) == ["__all__"]
    assert Mandate.objects.filter(user=other).count() == 1


def test_the_list_shows_mandates_in_force_or_ended_by_filter(client, places, enter):
    enter("security_admin", places["city"])
    today = timezone.localdate()
    old = make.user("branch_secretary", places["branch"], since=today - timedelta(days=60))
    Mandate.objects.filter(user=old).update(ends_on=today - timedelta(days=1))
    make.user("station_head", places["station"], name="雷建国")
    url = reverse("organizations:mandate-list")

    def users(**filters):
        return {m.user.full_name for m in client.get(url, filters).context["page"].object_list}

    assert old.full_name not in users()
    assert users(state="ended") == {old.full_name}
    assert users(role="station_head") == {"雷建国"}
    assert users(unit="福鼎市", q="雷") == {"雷建国"}
    assert users(unit="古田县") == set()


def test_an_ended_mandate_is_not_ended_again(client, places, enter):
    enter("security_admin", places["city"])
    old = make.user("branch_secretary", places["branch"])
    mandate = Mandate.objects.get(user=old)
    Mandate.objects.filter(pk=mandate.pk).update(ends_on=timezone.localdate())

    url = reverse("organizations:mandate-end", args=[mandate.pk])
    assert client.post(url, {"ends_on": "2027-01-01"}).status_code == 404


# --- the policy -----------------------------------------------------------------------------------


def test_every_role_reads_the_policy(client, places, enter):
    enter("member", places["branch"])

    response = client.get(reverse("organizations:policy"))

    assert response.status_code == 200
    assert len(response.context["matrix"]) == len(Permission)


def test_each_permission_has_words_and_each_line_a_mark_for_each_role():
    assert set(policy.WORDS) == set(Permission)
    for line in policy.matrix():
        assert len(line.marks) == len(ROLES)
        held = [line.permission in role.permissions for role in ROLES.values()]
        assert [bool(mark) for mark in line.marks] == held


def test_the_printed_policy_names_every_address_once(capsys):
    call_command("print_policy")

    text = capsys.readouterr().out
    assert all(text.count(f"| `{a.route}` |") == 1 for a in addresses())
    assert "Audit administrator" in text


def test_an_address_without_a_guard_stops_the_start(settings):
    assert every_address_has_a_guard(None) == []

    settings.ROOT_URLCONF = "tests.organizations.unguarded_urls"

    errors = every_address_has_a_guard(None)
    assert [error.id for error in errors] == ["organizations.E001"]
    assert "/forgotten/" in errors[0].msg
