"""The weekly link: its questions, its digits, each button once, and how it ends."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests import places as make
from tests.places import NOON
from waystation.kernel import dated
from waystation.kernel.models import AuditEvent
from waystation.kernel.sealing import sign
from waystation.stations.duty.models import OpenItem
from waystation.stewardship.contacts import actions, rules
from waystation.stewardship.contacts.actions import Said
from waystation.stewardship.contacts.models import Contact, LinkAnswer, WeeklyLink
from waystation.stewardship.contacts.queries.links import digest, link_of, questions_of, summary_of

pytestmark = pytest.mark.django_db
OLD, TODAY = date(2026, 1, 5), date(2026, 11, 23)


@pytest.fixture
def sender(places):
    return make.user("station_officer", places["station"])


def made(places, sender, branch="branch", **more):
    more.setdefault("at", NOON)
    return actions.make_link(places[branch], sender=places["station"], reader="夏长青", digits="27", by=sender, **more)


@pytest.fixture
def people(places):
    return [make.stay(places, f"林{name}", starts_on=OLD).person for name in "甲乙丙"]


def answer(link, person, kind="talked", at=NOON):
    return actions.answer_question(link, link.questions.get(person=person).pk, kind, at=at)


def test_a_link_asks_about_the_quiet_members_of_its_branch_only(places, people, sender):
    make.stay(places, "林丁", origin="other branch", starts_on=OLD)
    actions.log_contact(people[0], Said("phone", "reached", date(2026, 11, 20)), unit=None, by=sender, at=NOON)

    link = made(places, sender).link

    assert [q.person.full_name for q in questions_of(link)] == ["林乙", "林丙"]
    found = summary_of(link, date(2026, 11, 23))
    assert (found.away, found.heard, found.quiet) == (3, 1, 2)


def test_only_a_digest_of_the_token_and_of_the_digits_is_kept(places, people, sender):
    both = made(places, sender)

    held = WeeklyLink.objects.values().get()
    assert held["token_hash"] == digest(both.token)
    assert both.token not in str(held)
    assert "27" not in (held["digits_hash"][:2], held["reader"])
    assert link_of(both.token, at=NOON) == both.link


def test_where_everybody_was_heard_of_nothing_is_asked(places, sender):
    with pytest.raises(actions.ContactRefused):
        made(places, sender)


def test_a_new_link_withdraws_the_earlier_one(places, people, sender):
    first, second = made(places, sender), made(places, sender)

    assert link_of(first.token, at=NOON) is None
    assert link_of(second.token, at=NOON) == second.link
    with pytest.raises(IntegrityError), transaction.atomic():
        WeeklyLink.objects.filter(pk=first.link.pk).update(revoked_at=None, revoked_by=None)


def test_expired_withdrawn_altered_and_foreign_tokens_lead_nowhere(places, people, sender):
    both = made(places, sender)
    kid, body, signature = both.token.split(".")

    assert link_of(both.token, at=NOON + timedelta(days=7)) is None
    assert link_of(f"{kid}.{body}x.{signature}", at=NOON) is None
    assert link_of(sign("card", {"l": both.link.pk.hex}), at=NOON) is None
    assert link_of(sign("weekly", {"l": both.link.pk.hex}), at=NOON) is None  # ours, but another word
    assert link_of("", at=NOON) is None
    actions.revoke_link(both.link, by=sender, at=NOON)
    assert link_of(both.token, at=NOON) is None
    with pytest.raises(actions.LinkGone):
        actions.revoke_link(both.link, by=sender, at=NOON)


def test_wrong_digits_are_counted_and_close_the_link(places, people, sender):
    both = made(places, sender)

    for left in (4, 3, 2, 1):
        with pytest.raises(actions.WrongDigits) as refusal:
            actions.open_link(both.link, "99", at=NOON)
        assert refusal.value.left == left
    with pytest.raises(actions.LinkGone):
        actions.open_link(both.link, "99", at=NOON)
    with pytest.raises(actions.LinkGone):
        actions.open_link(both.link, "27", at=NOON)
    assert link_of(both.token, at=NOON) is None
    assert AuditEvent.objects.filter(verb="weekly_link.refused").count() == 5


def test_right_digits_open_it_and_each_opening_is_recorded(places, people, sender):
    link = made(places, sender).link

    actions.open_link(link, "27", at=NOON)
    actions.open_link(link, "27", at=NOON)

    link.refresh_from_db()
    assert (link.opened, link.tries_left) == (2, 5)
    assert AuditEvent.objects.filter(verb="weekly_link.opened").count() == 2


def test_an_answer_goes_into_the_log_of_the_member(places, people, sender):
    link = made(places, sender).link

    answer(link, people[0])
    answer(link, people[1], "not_reached")

    talked, missed = Contact.objects.order_by("pk")
    assert (talked.person, talked.is_real, talked.spoken_by, talked.unit) == (
        people[0],
        True,
        "夏长青",
        places["branch"],
    )
    assert (missed.person, missed.is_real, missed.source) == (people[1], False, "link")


@pytest.mark.parametrize("kind", ["came_home", "phone_changed", "unknown"])
def test_what_others_must_see_to_becomes_an_item_of_the_sender(places, people, sender, kind):
    link = made(places, sender).link

    answer(link, people[0], kind)

    item = OpenItem.objects.open().get()
    assert (item.unit, item.link_pk) == (places["station"], str(people[0].pk))
    assert people[0].full_name in item.title
    assert not Contact.objects.exists()


@pytest.mark.parametrize(("starts_on", "days"), [(TODAY, 2), (TODAY + timedelta(days=1), 7)])
def test_when_the_sender_must_have_seen_to_it_is_a_rule_of_the_day(places, people, sender, starts_on, days):
    dated.set_value(rules.LINK_ITEM_DAYS, 2, starts_on=starts_on, source="县委通知", by=None, at=NOON)

    answer(made(places, sender).link, people[0], "unknown")

    assert OpenItem.objects.open().get().due_on == TODAY + timedelta(days=days)


def test_each_button_works_once(places, people, sender):
    link = made(places, sender).link
    answer(link, people[0])

    with pytest.raises(actions.ContactRefused, match="林甲"):
        answer(link, people[0])
    answer(link, people[0], "phone_changed")
    assert Contact.objects.count() == 1
    question = link.questions.get(person=people[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        LinkAnswer.objects.create(question=question, kind="talked", answered_at=NOON)


def test_no_question_of_another_link_is_answered(places, people, sender):
    make.stay(places, "林丁", origin="other branch", starts_on=OLD)
    link, other = made(places, sender).link, made(places, sender, "other branch").link

    with pytest.raises(actions.ContactRefused):
        actions.answer_question(link, other.questions.get().pk, "talked", at=NOON)
    with pytest.raises(actions.ContactRefused):
        actions.answer_question(link, link.questions.first().pk, "nonsense", at=NOON)
    assert not Contact.objects.exists()


def test_nothing_is_answered_about_a_member_who_left_the_branch(places, people, sender):
    link = made(places, sender).link
    person = people[0]
    person.home, person.home_path = places["other branch"], places["other branch"].path
    person.save(update_fields=["home", "home_path"])

    assert person.pk not in {q.person_id for q in questions_of(link)}
    with pytest.raises(actions.ContactRefused):
        answer(link, person)


def test_an_ended_link_takes_no_answer(places, people, sender):
    link = made(places, sender).link

    with pytest.raises(actions.LinkGone):
        answer(link, people[0], at=NOON + timedelta(days=7))
    actions.revoke_link(link, by=sender, at=NOON)
    with pytest.raises(actions.LinkGone):
        answer(link, people[0])
