"""A member's own functional groups, and the page of the leader: their own, the present one's, and no more than that."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import places as make
from tests.stewardship.groups import grown
from waystation.stations.duty.models import OpenItem
from waystation.stewardship.education import actions as education
from waystation.stewardship.education.models import Plan, PlanItem
from waystation.stewardship.education.queries.gatherings import next_of
from waystation.stewardship.groups import actions
from waystation.stewardship.groups.models import SuggestedActivity
from waystation.stewardship.people.models import Person

pytestmark = pytest.mark.django_db
MINE = reverse("portal:my-groups")
MOST_BYTES = 50_000


def account(places, stay):
    user = make.user("member", places["branch"], name=stay.person.full_name)
    Person.objects.filter(pk=stay.person_id).update(user=user)
    return user


def group_url(group, name="my-group"):
    return reverse(f"portal:{name}", args=[group.pk])


@pytest.fixture
def stays(places):
    return grown.stays(places, 4)


@pytest.fixture
def group(places, stays):
    """A group led by the first of its three members; the fourth is outside."""
    made = grown.group(places, stays[:3], purpose="互助", at=timezone.now() - timedelta(days=60))
    actions.name_leader(made, grown.row(made, stays[0]), by=None, at=timezone.now() - timedelta(days=60))
    return made


@pytest.fixture
def leader(client, places, stays, group):
    user = account(places, stays[0])
    client.force_login(user)
    return user


def occasion(places, group, stays, *, days_ago=3, close=True):
    now = timezone.now()
    held = education.enter_occasion(
        unit=places["station"], kind="group", held_on=timezone.localdate() - timedelta(days=days_ago), topic="学习全会",
        hours=1, group=group, by=None, at=now,
    )  # fmt: skip
    lines = held.roll.filter(person=stays[0].person_id).values_list("pk", flat=True)
    education.mark(held, "present", lines=list(lines), by=None, at=now)
    education.mark(held, "absent", by=None, at=now)
    return education.close_roll(held, by=None, at=now) if close else held


def test_a_plain_member_reads_of_the_group_and_names_nobody_but_the_leader(client, places, stays, group):
    actions.plan_activity(
        group, held_on=timezone.localdate() + timedelta(days=9), topic="冬季主题党日", by=None, at=timezone.now()
    )
    occasion(places, group, stays)
    client.force_login(account(places, stays[1]))

    page = client.get(MINE)
    text = page.content.decode()

    (row,) = page.context["rows"]
    assert (row["group"].size, row["group"].leader_name, row["leads"]) == (3, stays[0].person.full_name, False)
    assert (row["next"].topic, row["last"].topic) == ("冬季主题党日", "学习全会")
    assert all(word in text for word in (group.name, "互助", stays[0].person.full_name))
    assert stays[2].person.full_name not in text
    assert not any(stay.person.phone_mask in text for stay in stays if stay.person.phone_mask)
    assert "实到" not in text
    assert len(page.content) < MOST_BYTES
    assert MINE in client.get(reverse("portal:mine")).content.decode()


def test_the_leader_reads_names_masked_phones_and_the_figures_of_the_own_group(client, places, stays, group, leader):
    occasion(places, group, stays)
    occasion(places, group, stays, days_ago=1, close=False)
    other = grown.group(places, stays[1:], name="另一组", kind="special", at=timezone.now() - timedelta(days=60))
    occasion(places, other, stays[1:], days_ago=2)
    Person.objects.filter(pk=stays[1].person_id).update(phone_mask="138****0002")

    page = client.get(group_url(group))
    text = page.content.decode()

    assert all(stay.person.full_name in text for stay in stays[:3])
    assert stays[3].person.full_name not in text
    assert "138****0002" in text
    assert not any(stay.person.id_mask in text for stay in stays if stay.person.id_mask)
    assert reverse("people:file", args=[stays[1].person_id]) not in text
    held = page.context["held"]
    assert [one.occasion.state for one in held] == ["open", "held"]
    assert "应到3人，实到1人，请假0人，缺席2人" in text
    assert len(page.content) < MOST_BYTES


def test_the_page_opens_to_the_present_leader_only(client, places, stays, group, leader):
    pages = [group_url(group), group_url(group, "my-group-suggest")]
    assert [client.get(page).status_code for page in pages] == [200, 200]
    for user in (account(places, stays[1]), account(places, stays[3])):
        client.force_login(user)
        assert [client.get(page).status_code for page in pages] == [404, 404]
        assert group_url(group) not in client.get(MINE).content.decode()
    for role, place in (("station_head", "station"), ("branch_secretary", "branch"), ("city_organiser", "city")):
        client.force_login(make.user(role, places[place]))
        assert [client.get(page).status_code for page in (MINE, *pages)] == [403, 403, 403]
    client.logout()
    assert client.get(group_url(group)).status_code == 302


@pytest.mark.parametrize("how", ["another leads", "left", "closed", "account gone"])
def test_the_page_closes_with_the_term_at_the_next_request(client, places, stays, group, leader, how):
    now = timezone.now()
    if how == "another leads":
        actions.name_leader(group, grown.row(group, stays[1]), by=None, at=now)
    elif how == "left":
        actions.remove_members(group, [grown.row(group, stays[0]).pk], by=None, at=now)
    elif how == "closed":
        actions.close_group(group, reason="完成", by=None, at=now)
    else:
        Person.objects.filter(user=leader).update(user=None)
    assert client.get(group_url(group)).status_code == 404
    said = {"topic": "走访", "held_on": f"{timezone.localdate()}", "reason": "天冷"}
    assert client.post(group_url(group, "my-group-suggest"), said).status_code == 404
    assert not SuggestedActivity.objects.exists()


def test_a_suggestion_goes_to_the_station_and_the_answer_comes_back(client, places, group, leader):
    address = group_url(group, "my-group-suggest")
    today = timezone.localdate()
    past = {"topic": "走访老党员", "held_on": f"{today - timedelta(days=1)}", "place": "龙津", "reason": ""}
    assert set(client.post(address, past).context["form"].errors) == {"held_on", "reason"}

    sent = client.post(address, {**past, "held_on": f"{today + timedelta(days=3)}", "reason": "天冷了"})

    assert sent["Location"] == group_url(group)
    made = SuggestedActivity.objects.get()
    assert "待答复" in client.get(group_url(group)).content.decode()
    assert OpenItem.objects.open().get().unit == places["station"]
    actions.decline(made, reason="当天有集中学习", by=make.user(), at=timezone.now())
    assert "当天有集中学习" in client.get(group_url(group)).content.decode()


def test_next_is_the_first_of_what_is_planned_taken_up_or_dated_in_the_plan(places, group, leader):
    now, today = timezone.now(), timezone.localdate()
    days = [today + timedelta(days=number) for number in range(4)]
    assert next_of(group, today) is None
    plan = Plan.objects.create(
        unit=places["station"], unit_path=places["station"].path, year=today.year, created_at=now
    )  # fmt: skip
    item = PlanItem.objects.create(
        plan=plan, kind="group", month=days[3].month, day=days[3], group_key=group.pk, group_title=group.name
    )
    assert next_of(group, today) is None  # a draft
    education.approve_plan(plan, by=leader, at=now)
    assert next_of(group, today).day == item.day
    actions.plan_activity(group, held_on=days[2], topic="计划的", by=None, at=now)
    assert next_of(group, today).topic == "计划的"
    made = actions.suggest_activity(group, held_on=days[1], topic="建议的", reason="天冷", by=leader, at=now)
    assert next_of(group, today).topic == "计划的"
    actions.take_up(made, by=make.user(), at=now)
    assert next_of(group, today).topic == "建议的"
    assert next_of(group, days[2]).topic == "计划的"


def test_who_is_in_no_group_is_told_so_and_has_no_door(client, places, stays):
    client.force_login(account(places, stays[3]))
    assert client.get(MINE).context["rows"] == []
    assert MINE not in client.get(reverse("portal:mine")).content.decode()
