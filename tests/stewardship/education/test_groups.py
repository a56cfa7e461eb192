"""Functional groups and organization life: a real group is chosen, its members are expected, its occasions count."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from tests import places as make
from tests.places import NOON
from tests.stewardship.education import made
from tests.stewardship.groups import grown
from waystation.stewardship.education import actions
from waystation.stewardship.education.actions.errors import GroupElsewhere
from waystation.stewardship.education.models import Kind, Occasion, PlanItem
from waystation.stewardship.groups import queries
from waystation.stewardship.groups.actions import close_group, plan_activity, record_activity, remove_members
from waystation.stewardship.groups.models import FunctionalGroup

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
EARLY = date(2026, 1, 5)


@pytest.fixture
def stays(places):
    return grown.stays(places, 4, starts_on=EARLY)


@pytest.fixture
def group(places, stays):
    made_group = grown.group(places, stays)
    FunctionalGroup.objects.filter(pk=made_group.pk).update(established_on=EARLY)
    return FunctionalGroup.objects.get(pk=made_group.pk)


@pytest.fixture
def other(places):
    """A group of another county's station."""
    return FunctionalGroup.objects.create(
        station=places["beside"], station_path=places["beside"].path, name="茶业功能党小组", kind="trade",
        established_on=EARLY, created_at=NOON,
    )  # fmt: skip


def plan(places):
    return actions.draft_plan(unit=places["station"], year=TODAY.year, by=None, at=NOON)


def people(occasion):
    return set(occasion.roll.values_list("person", flat=True))


def test_the_members_of_the_group_are_expected_and_nobody_else(places, stays, group):
    make.stay(places, "陈华", starts_on=EARLY)
    occasion = made.occasion(places["station"], kind="group", group=group)

    assert people(occasion) == {stay.person_id for stay in stays}
    assert (occasion.group_key, occasion.group_title) == (group.pk, group.name)


def test_who_left_the_group_is_not_expected_afterwards(places, stays, group):
    remove_members(group, [grown.row(group, stays[0]).pk], by=None, at=NOON)

    assert people(made.occasion(places["station"], group=group, held_on=TODAY)) == {s.person_id for s in stays[1:]}


def test_a_group_of_another_station_or_closed_before_is_refused(places, group, other):
    with pytest.raises(GroupElsewhere):
        made.occasion(places["station"], group=other)
    with pytest.raises(GroupElsewhere):
        actions.save_item(plan(places), kind=Kind.STUDY, month=12, group=other, by=None, at=NOON)
    close_group(group, reason="并入网格", by=None, at=NOON)
    FunctionalGroup.objects.filter(pk=group.pk).update(closed_on=made.DAY - timedelta(days=1))
    with pytest.raises(GroupElsewhere):
        made.occasion(places["station"], group=FunctionalGroup.objects.get(pk=group.pk))
    assert not Occasion.objects.exists()


def test_an_occasion_counts_as_the_last_activity_once_its_roll_is_closed(places, stays, group):
    rows = FunctionalGroup.objects.all()
    occasion = made.occasion(places["station"], group=group)
    assert queries.with_heads(rows).get().last_held is None
    assert queries.quiet(rows, TODAY, 45).get() == group

    actions.close_roll(made.marked(occasion, stays[0].person), by=None, at=NOON)

    assert queries.with_heads(rows).get().last_held == made.DAY
    assert queries.last_day(group) == made.DAY
    assert not queries.quiet(rows, TODAY, 45).exists()
    actions.cancel_occasion(occasion, reason="错记", by=None, at=NOON)
    assert queries.with_heads(rows).get().last_held is None
    assert queries.quiet(rows, TODAY, 45).exists()


@pytest.mark.parametrize("later", ["occasion", "activity"])
def test_the_later_of_occasion_and_activity_is_the_last(places, stays, group, later):
    days = {"occasion": made.DAY, "activity": made.DAY}
    days["activity" if later == "occasion" else "occasion"] -= timedelta(days=3)
    made.held(places["station"], stays[0].person, group=group, held_on=days["occasion"])
    planned = plan_activity(group, held_on=days["activity"], topic="学习", by=None, at=NOON)
    record_activity(planned, held_on=days["activity"], topic="学习", place="", record="", attended=[], by=None, at=NOON)

    assert queries.with_heads(FunctionalGroup.objects.all()).get().last_held == made.DAY


def test_a_group_in_words_does_not_count_for_a_registered_one(places, stays, group):
    occasion = made.occasion(places["station"], group_title="海参养殖党小组")
    actions.add_to_roll(occasion, [stays[0].person], by=None, at=NOON)
    actions.close_roll(made.marked(occasion, stays[0].person), by=None, at=NOON)

    assert queries.with_heads(FunctionalGroup.objects.all()).get().last_held is None


def test_an_officer_plans_and_enters_an_occasion_of_a_group(client, places, enter, stays, group, other):
    enter("station_head", places["station"])
    begun = plan(places)
    url = reverse("education:item-new", args=[begun.pk])
    offered = client.get(url).context["form"].fields["group"].queryset
    assert list(offered) == [group]
    data = {"kind": "study", "month": "11", "day": "", "topic": "行业安全", "lead": "", "group_title": ""}
    refused = client.post(url, data | {"group": str(group.pk), "group_title": "别的小组"})
    assert refused.context["form"].errors["group_title"]
    assert client.post(url, data | {"group": str(other.pk)}).context["form"].errors["group"]
    client.post(url, data | {"group": str(group.pk)})
    item = PlanItem.objects.get(topic="行业安全")
    assert (item.group_key, item.group_title) == (group.pk, group.name)

    form = client.get(reverse("education:occasion-new"), {"item": item.pk}).context["form"]
    assert (form.initial["group"], form.initial["group_title"]) == (group.pk, "")
    data = {
        "unit": places["station"].pk, "kind": "study", "held_on": TODAY.isoformat(), "hours": "2",
        "topic": "行业安全", "group": str(group.pk), "group_title": "",
    }  # fmt: skip
    client.post(reverse("education:occasion-new") + f"?item={item.pk}", data)
    occasion = Occasion.objects.get()
    assert (occasion.group_key, occasion.hours, occasion.item) == (group.pk, Decimal(2), item)
    assert people(occasion) == {stay.person_id for stay in stays}


def test_an_item_may_change_between_a_group_words_and_everybody(client, places, enter, group):
    enter("station_head", places["station"])
    item = actions.save_item(plan(places), kind=Kind.STUDY, month=12, group=group, by=None, at=NOON)
    url = reverse("education:item", args=[item.pk])
    assert client.get(url).context["form"]["group"].value() == group.pk
    data = {"kind": "study", "month": "12", "day": "", "topic": "", "lead": "", "grid": ""}
    for chosen, title, kept in (
        ("", "海参养殖党小组", (None, "海参养殖党小组")),
        (str(group.pk), "", (group.pk, group.name)),
        ("", "", (None, "")),
    ):
        client.post(url, data | {"group": chosen, "group_title": title})
        item.refresh_from_db()
        assert (item.group_key, item.group_title) == kept
