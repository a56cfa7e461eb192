"""Pages of functional groups: who comes in, and what they do."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import places as make
from tests.stewardship.groups import grown
from waystation.kernel.models import AuditEvent
from waystation.stewardship.groups import queries
from waystation.stewardship.groups.models import FunctionalGroup, GroupActivity
from waystation.web.desk_items import Desk, items_of

pytestmark = pytest.mark.django_db


def page(client, name, *args, **query):
    return client.get(reverse(f"groups:{name}", args=args), query)


def send(client, page_name, *args, **data):
    return client.post(reverse(f"groups:{page_name}", args=args), data)


@pytest.fixture
def officer(places, enter):
    return enter("station_officer", places["station"])


@pytest.mark.parametrize(
    ("role", "place", "status", "manages"),
    [
        ("station_officer", "station", 200, True),
        ("county_organiser", "county", 200, True),
        ("city_organiser", "city", 200, False),
        ("branch_secretary", "branch", 200, False),
        ("branch_secretary", "other branch", 404, None),
        ("station_officer", "beside", 404, None),
        ("destination_contact", "community", 403, None),
        ("audit_admin", "city", 403, None),
    ],
)
def test_who_sees_and_who_manages_a_group(client, places, enter, role, place, status, manages):
    group = grown.group(places)
    enter(role, places[place])

    answer = page(client, "group", group.pk)

    assert answer.status_code == status
    if status == 200:
        assert answer.context["may_manage"] == manages
        assert (page(client, "edit", group.pk).status_code == 200) == manages


def test_an_origin_sees_its_own_members_by_name_and_the_others_as_a_number(client, places, enter):
    stays = [*grown.stays(places, 3), make.stay(places, "库口人", origin="other branch")]
    group = grown.group(places, stays)
    enter("branch_secretary", places["other branch"])

    answer = page(client, "group", group.pk)

    assert [row.person.full_name for row in answer.context["page"].object_list] == ["库口人"]
    assert answer.context["hidden"] == 3
    assert "钟阿妹" not in answer.content.decode()


def test_proposals_are_accepted_on_the_page_and_wait_for_leaders(client, places, officer):
    grown.stays(places, 3)

    shown = page(client, "proposals").context["rows"]
    assert [one.key for one in shown] == [f"area:{places['community'].pk}", "trade:餐饮服务"]
    for _n in range(2):
        send(client, "accept", key="trade:餐饮服务")

    assert [group.basis for group in FunctionalGroup.objects.all()] == ["餐饮服务"]
    assert len(page(client, "list", vacant="on").context["page"].object_list) == 1
    assert page(client, "proposals", station=places["beside"].pk).status_code == 404


def test_a_group_is_founded_by_hand_out_of_those_whom_the_filters_show(client, places, officer):
    stays = grown.stays(places, 4)
    make.stay(places, "卖茶人", trade="茶叶经销", member_kind="full")
    sent = {"name": "先锋车队", "kind": "special", "basis": "", "purpose": "应急运输"}

    few = send(client, "new", **sent, pk=[str(stays[0].pk)])
    assert few.context["form"].non_field_errors()
    assert few.context["picked"] == [str(stays[0].pk)]
    send(client, "new", **sent, all="1", filters="trade=餐饮")

    group = FunctionalGroup.objects.get()
    assert queries.members(group).count() == 4
    wrong = send(client, "new", **{**sent, "kind": "area", "name": "新"}, all="1")
    assert list(wrong.context["form"].errors) == ["community"]


def test_a_group_is_led_filled_left_merged_and_closed_on_its_page(client, places, officer):
    stays = grown.stays(places, 4)
    group, other = grown.group(places, stays[:3]), grown.group(places, stays[1:], name="另一组", kind="special")
    row = grown.row(group, stays[0])

    send(client, "leader", group.pk, member=str(row.pk))
    assert queries.leader(group).member == row
    send(client, "leader", group.pk, member=str(grown.row(other, stays[3]).pk))
    assert queries.leader(group).member == row
    assert page(client, "group", group.pk).context["fitting"] == 1
    send(client, "join", group.pk)
    assert queries.members(group).count() == 4
    send(client, "leave", group.pk, pk=[str(stays[3].person_id)])
    assert queries.members(group).count() == 3
    send(client, "leader", group.pk, member="")
    assert queries.leader(group) is None
    send(client, "merge", other.pk, kept=str(group.pk))
    assert queries.members(group).count() == 4
    assert page(client, "group", other.pk).context["successions"].get().successor == group
    assert page(client, "edit", other.pk).status_code == 404
    assert send(client, "close", group.pk, reason="").context["form"].errors
    send(client, "close", group.pk, reason="任务完成")
    assert not FunctionalGroup.objects.open().exists()
    assert len(page(client, "list", closed="on").context["page"].object_list) == 2


def test_an_activity_is_planned_recorded_and_read(client, places, officer):
    stays, today = grown.stays(places, 3), timezone.localdate()
    group = grown.group(places, stays)

    send(client, "plan", group.pk, held_on=f"{today}", topic="学习党章", place="驿站")
    activity = GroupActivity.objects.get()
    said = {"held_on": f"{today + timedelta(days=1)}", "topic": "学习党章", "place": "驿站", "record": ""}
    early = send(client, "activity", activity.pk, **said)
    assert list(early.context["form"].errors) == ["held_on"]
    send(
        client, "activity", activity.pk, **{**said, "held_on": f"{today}"},
        attended=[str(grown.row(group, stay).pk) for stay in stays[:2]],
    )  # fmt: skip
    read = page(client, "activity", activity.pk)
    assert (read.context["number"], read.templates[0].name) == (2, "groups/activity.html")
    send(client, "plan", group.pk, held_on=f"{today}", topic="郊游", place="")
    send(client, "activity-cancel", GroupActivity.objects.get(topic="郊游").pk, reason="台风")
    assert GroupActivity.objects.get(topic="郊游").state == "cancelled"


def test_the_desk_counts_what_the_list_shows(client, places, officer):
    today = timezone.localdate()
    group = grown.group(places)
    FunctionalGroup.objects.filter(pk=group.pk).update(established_on=today - timedelta(days=90))
    items = {one.key: one for one in items_of(Desk(officer, timezone.now(), today))}

    for key in ("groups-without-leader", "groups-quiet"):
        assert items[key].number == 1
        assert len(client.get(items[key].url).context["page"].object_list) == 1


def test_the_file_of_a_member_names_the_groups_and_tells_them_in_the_time_line(client, places, officer):
    stays = grown.stays(places, 3)
    group = grown.group(places, stays)

    shown = client.get(reverse("people:file", args=[stays[0].person_id]))

    told = [panel.data["aside"] for panel in shown.context["panels"] if "aside" in panel.data]
    cards = {aside.title: aside for aside in told}
    (line,) = next(aside for aside in cards.values() if aside.lines and aside.lines[0].text == group.name).lines
    assert line.url == reverse("groups:group", args=[group.pk])
    life = client.get(reverse("people:file-section", args=[stays[0].person_id, "life"]))
    assert any(group.name in entry.title for entry in life.context["story"].entries)


def test_ledgers_are_exported_and_recorded(client, places, officer):
    group = grown.group(places)

    for answer in (page(client, "export"), page(client, "export-members", group.pk)):
        assert b"".join(answer.streaming_content)[:2] == b"PK"

    assert AuditEvent.objects.filter(verb="ledger.exported").count() == 2


@pytest.mark.parametrize("number", [1, 4])
def test_the_list_and_the_page_ask_the_same_whatever_their_size(
    client, places, officer, number, django_assert_max_num_queries
):
    stays = grown.stays(places, 3 + number % 3)
    groups = [grown.group(places, stays, name=f"组{n}", kind="special") for n in range(number)]
    page(client, "list")

    with django_assert_max_num_queries(9):
        page(client, "list")
    with django_assert_max_num_queries(22):
        page(client, "group", groups[0].pk)
