"""What the leader of a group suggests: by whom, answered once and with a reason, entered once."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from tests import places as make
from tests.fault.conftest import together
from tests.stewardship.groups import grown
from waystation.kernel.models import AuditEvent
from waystation.stations.duty.models import OpenItem
from waystation.stewardship.education.actions import enter_occasion
from waystation.stewardship.education.actions.errors import NotSuggested
from waystation.stewardship.education.models import Occasion
from waystation.stewardship.groups import actions, queries
from waystation.stewardship.groups.models import SuggestedActivity
from waystation.stewardship.people.actions import end_stay
from waystation.stewardship.people.models import Person

NOON = make.NOON
TODAY = date(2026, 11, 23)
SAID = {"held_on": TODAY, "topic": "看望老党员", "place": "龙津社区", "reason": "天冷了"}
pytestmark = pytest.mark.django_db


def account(places, stay):
    """The member's own account."""
    user = make.user("member", places["branch"], name=stay.person.full_name)
    Person.objects.filter(pk=stay.person_id).update(user=user)
    return user


def led(places, *, stays=None, **more):
    """A group with a leader who has an account: the group, the leader's user, the stays."""
    stays = stays or grown.stays(places, 3)
    group = grown.group(places, stays, **more)
    actions.name_leader(group, grown.row(group, stays[0]), by=None, at=NOON)
    return group, account(places, stays[0]), stays


def suggest(group, by, **more):
    return actions.suggest_activity(group, by=by, at=NOON, **{**SAID, **more})


def entered(places, group, suggested):
    said = {"kind": "group", "held_on": TODAY, "topic": suggested.topic, "hours": 1, "group": group}
    return enter_occasion(unit=places["station"], suggested=suggested, by=make.user(), at=NOON, **said)


def verbs():
    return list(AuditEvent.objects.order_by("number").values_list("verb", flat=True))


def test_a_suggestion_stands_among_what_the_station_has_to_do_until_it_is_answered(places):
    group, leader, _stays = led(places)

    made = suggest(group, leader)

    (item,) = OpenItem.objects.open()
    assert (item.unit, item.due_on, item.link, item.link_pk) == (
        places["station"], TODAY, "groups:suggested", str(made.pk),
    )  # fmt: skip
    assert (made.state, made.leader, made.suggested_by) == ("waiting", queries.leader(group), leader)
    assert verbs()[-2:] == ["group.activity_suggested", "item.opened"]
    actions.decline(made, reason="当天有集中学习", by=make.user(), at=NOON)
    assert not OpenItem.objects.open().exists()
    assert "group.suggestion_declined" in verbs()


def test_nobody_but_the_present_leader_suggests(places):
    group, leader, stays = led(places)
    other_group, other_leader, _stays = led(
        places, stays=[make.stay(places, name, member_kind="full") for name in ("阮小燕", "缪春华", "魏石")],
        name="另一组", kind="special",
    )  # fmt: skip
    plain = account(places, stays[1])

    for user in (plain, other_leader, make.user("station_head", places["station"]), make.user()):
        with pytest.raises(actions.NotTheLeader):
            suggest(group, user)
    actions.name_leader(group, grown.row(group, stays[1]), by=None, at=NOON)
    with pytest.raises(actions.NotTheLeader):
        suggest(group, leader)
    suggest(group, plain)
    end_stay(stays[1], on=TODAY, ending="returned", by=None, at=NOON)
    with pytest.raises(actions.NotTheLeader):
        suggest(group, plain)
    assert SuggestedActivity.objects.count() == 1
    suggest(other_group, other_leader)
    Person.objects.filter(user=other_leader).update(user=None)
    with pytest.raises(actions.NotTheLeader):
        suggest(other_group, other_leader)


@pytest.mark.parametrize("wrong", [{"held_on": TODAY - timedelta(days=1)}, {"reason": " "}])
def test_a_suggestion_is_for_a_day_to_come_and_says_why(places, wrong):
    group, leader, _stays = led(places)
    with pytest.raises(actions.GroupRefused):
        suggest(group, leader, **wrong)
    assert not SuggestedActivity.objects.exists()


def test_a_suggestion_is_answered_once(places):
    group, leader, _stays = led(places)
    taken, declined = suggest(group, leader), suggest(group, leader, topic="另一件")
    actions.take_up(taken, by=make.user(), at=NOON)
    actions.decline(declined, reason="改日", by=make.user(), at=NOON)

    for one in (taken, declined):
        stale = SuggestedActivity.objects.get(pk=one.pk)
        for act in (
            lambda one=stale: actions.take_up(one, by=make.user(), at=NOON),
            lambda one=stale: actions.decline(one, reason="不行", by=make.user(), at=NOON),
        ):
            with pytest.raises(actions.SuggestionAnswered), transaction.atomic():
                act()
    assert {one.topic: (one.state, one.answer) for one in SuggestedActivity.objects.all()} == {
        "看望老党员": ("taken", ""), "另一件": ("declined", "改日"),
    }  # fmt: skip


def test_none_is_declined_without_a_reason(places):
    group, leader, _stays = led(places)
    made = suggest(group, leader)
    with pytest.raises(actions.GroupRefused):
        actions.decline(made, reason="  ", by=make.user(), at=NOON)
    assert SuggestedActivity.objects.get().state == "waiting"
    assert OpenItem.objects.open().count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "declined", "answered_at": NOON},
        {"state": "declined", "answer": "改日"},
        {"state": "taken"},
        {"state": "taken", "answered_at": NOON, "answer": "改日"},
        {"state": "put off", "answered_at": NOON},
        {"answered_at": NOON},
        {"answer": "改日"},
        {"reason": ""},
        {"occasion_key": "00000000-0000-4000-8000-000000000001"},
        {"leader": None},
    ],
)
def test_the_database_itself_refuses_what_the_laws_forbid(places, wrong):
    group, leader, _stays = led(places)
    made = suggest(group, leader)
    with pytest.raises(IntegrityError), transaction.atomic():
        SuggestedActivity.objects.filter(pk=made.pk).update(**wrong)


def test_what_was_taken_up_is_open_until_its_occasion_is_entered_once(places):
    group, leader, stays = led(places)
    other = grown.group(places, stays, name="另一组", kind="special")
    made = suggest(group, leader)
    with pytest.raises(NotSuggested), transaction.atomic():
        entered(places, group, made)  # nobody took it up
    actions.take_up(made, by=make.user(), at=NOON)
    assert [(item.due_on, item.link_pk) for item in OpenItem.objects.open()] == [(TODAY, str(made.pk))]

    for wrong in (other, None):
        with pytest.raises(NotSuggested), transaction.atomic():
            entered(places, wrong, made)
    assert not Occasion.objects.exists()
    occasion = entered(places, group, made)

    made.refresh_from_db()
    assert (made.occasion_key, occasion.expected) == (occasion.pk, 3)
    assert not OpenItem.objects.open().exists()
    with pytest.raises(NotSuggested), transaction.atomic():
        entered(places, group, made)
    assert Occasion.objects.count() == 1


def test_a_group_that_ends_answers_what_waits_and_leaves_no_item_open(places):
    group, leader, _stays = led(places)
    waiting, taken = suggest(group, leader), suggest(group, leader, topic="另一件")
    actions.take_up(taken, by=make.user(), at=NOON)

    actions.close_group(group, reason="任务完成", by=make.user(), at=NOON)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.answer) == ("declined", "任务完成")
    assert not OpenItem.objects.open().exists()
    with pytest.raises(actions.GroupClosed):
        suggest(group, leader)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_at_once_one_wins(transactional_db):
    places = make.tree()
    group, leader, _stays = led(places)
    first, second = make.user(), make.user()
    for number in range(4):
        made = suggest(group, leader, topic=f"第{number}件")
        one, other = SuggestedActivity.objects.get(pk=made.pk), SuggestedActivity.objects.get(pk=made.pk)
        outcomes = together(
            lambda one=one: actions.take_up(one, by=first, at=NOON),
            lambda other=other: actions.decline(other, reason="改日", by=second, at=NOON),
        )
        lost = [came for came in outcomes if isinstance(came, actions.SuggestionAnswered)]
        won = [came for came in outcomes if isinstance(came, SuggestedActivity)]
        assert (len(won), len(lost)) == (1, 1), outcomes
        made.refresh_from_db()
        assert made.answered_by == (first if made.state == "taken" else second)
    assert verbs().count("group.suggestion_taken") + verbs().count("group.suggestion_declined") == 4


@pytest.mark.django_db(transaction=True)
def test_a_leader_who_is_replaced_at_the_same_moment_suggests_before_or_not_at_all(transactional_db):
    places = make.tree()
    group, leader, stays = led(places)
    row = grown.row(group, stays[1])
    outcomes = together(lambda: suggest(group, leader), lambda: actions.name_leader(group, row, by=None, at=NOON))
    assert queries.leader(group).member == row
    assert [type(came) for came in outcomes if isinstance(came, Exception)] in ([], [actions.NotTheLeader])


# --- pages ----------------------------------------------------------------------------------------


def url(name, *args):
    return reverse(f"groups:{name}", args=args)


@pytest.fixture
def made(places):
    """Suggested today by the leader; pages have the clock of the wall."""
    group, leader, _stays = led(places)
    return actions.suggest_activity(group, by=leader, at=timezone.now(), **{**SAID, "held_on": timezone.localdate()})


@pytest.mark.parametrize(
    ("role", "place", "status"),
    [
        ("station_officer", "station", 200),
        ("station_head", "station", 200),
        ("county_organiser", "county", 200),
        ("city_organiser", "city", 403),
        ("branch_secretary", "branch", 403),
        ("station_officer", "beside", 404),
        ("destination_contact", "community", 403),
        ("member", "branch", 403),
        ("audit_admin", "city", 403),
    ],
)
def test_who_reads_and_answers_a_suggestion(client, places, enter, made, role, place, status):
    enter(role, places[place])
    assert client.get(url("suggested", made.pk)).status_code == status
    answer = client.post(url("suggested-decline", made.pk), {"reason": "改日"})
    assert answer.status_code == (302 if status == 200 else status)
    assert client.post(url("suggested-take", made.pk)).status_code == (302 if status == 200 else status)
    made.refresh_from_db()
    assert made.state == ("declined" if status == 200 else "waiting")


def test_the_page_of_the_group_shows_it_to_the_station_and_not_to_an_origin(client, places, enter, made):
    page = url("group", made.group_id)
    enter("station_officer", places["station"])
    assert url("suggested", made.pk) in client.get(page).content.decode()
    for role, place in (("branch_secretary", "branch"), ("city_organiser", "city")):
        enter(role, places[place])
        assert made.topic not in client.get(page).content.decode()


def test_taking_up_opens_the_form_of_an_occasion_filled_in(client, places, enter, made):
    enter("station_officer", places["station"])

    answer = client.post(url("suggested-take", made.pk))
    form = client.get(answer["Location"]).context["form"]

    assert answer["Location"].startswith(reverse("education:occasion-new"))
    assert {name: form[name].value() for name in ("unit", "kind", "held_on", "topic", "place", "group")} == {
        "unit": places["station"].pk, "kind": "group", "held_on": timezone.localdate(), "topic": made.topic,
        "place": made.place, "group": made.group_id,
    }  # fmt: skip
    sent = {"unit": places["station"].pk, "kind": "theme_day", "held_on": f"{timezone.localdate()}", "hours": "1.5",
            "topic": made.topic, "group": str(made.group_id)}  # fmt: skip
    other = client.post(answer["Location"], {**sent, "group": ""})
    assert other.context["form"].non_field_errors()
    assert client.post(answer["Location"], sent).status_code == 302
    made.refresh_from_db()
    assert made.occasion_key == Occasion.objects.get().pk
    assert client.get(answer["Location"]).status_code == 404  # it is entered


def test_what_is_to_come_is_not_entered_before_its_day(client, places, enter, made):
    SuggestedActivity.objects.filter(pk=made.pk).update(held_on=timezone.localdate() + timedelta(days=6))
    enter("station_officer", places["station"])

    answer = client.post(url("suggested-take", made.pk))

    assert answer["Location"] == url("group", made.group_id)
    page = client.get(url("suggested", made.pk))
    assert page.context["is_to_come"]
    assert reverse("education:occasion-new") not in page.content.decode()
    SuggestedActivity.objects.filter(pk=made.pk).update(held_on=timezone.localdate())
    assert reverse("education:occasion-new") in client.get(url("suggested", made.pk)).content.decode()


@pytest.mark.parametrize("text", ["no-key", "00000000-0000-4000-8000-000000000001"])
def test_the_form_opens_for_no_other_suggestion(client, places, enter, made, text):
    enter("station_officer", places["station"])
    new = reverse("education:occasion-new")
    assert client.get(new, {"suggested": text}).status_code == 404
    assert client.get(new, {"suggested": f"{made.pk}"}).status_code == 404  # it waits
    actions.take_up(made, by=make.user(), at=timezone.now())
    enter("station_officer", places["beside"])
    assert client.get(new, {"suggested": f"{made.pk}"}).status_code == 404


def test_a_decline_without_a_reason_shows_the_form_again(client, places, enter, made):
    enter("station_officer", places["station"])
    assert client.post(url("suggested-decline", made.pk), {"reason": ""}).context["form"].errors
    client.post(url("suggested-take", made.pk))
    late = client.post(url("suggested-decline", made.pk), {"reason": "改日"}, follow=True)
    assert "已经答复" in late.content.decode()
