"""The weekly link as a visitor meets it: small, without scripts, and not to be broken."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse
from django.utils import timezone

from tests import places as make
from waystation.kernel.models import AuditEvent
from waystation.kernel.sealing import sign
from waystation.portal import throttle
from waystation.stewardship.contacts import actions
from waystation.stewardship.contacts.models import Contact, LinkAnswer, WeeklyLink

pytestmark = pytest.mark.django_db
OLD = date(2026, 1, 5)
MOST_BYTES = 50_000


@pytest.fixture
def people(places):
    return [make.stay(places, f"林{name}", starts_on=OLD, phone="19900000027").person for name in "甲乙丙"]


@pytest.fixture
def sender(places):
    return make.user("station_officer", places["station"])


def made(places, sender, branch="branch", at=None):
    return actions.make_link(
        places[branch], sender=places["station"], reader="夏长青", digits="27", by=sender, at=at or timezone.now()
    )


@pytest.fixture
def both(places, people, sender):
    return made(places, sender)


def address(token):
    return reverse("portal:weekly", args=[token])


def enter(client, token, digits="27"):
    return client.post(address(token), {"digits": digits})


def word_of(page):
    return page.context["word"]


def press(client, token, page, question, kind="talked"):
    return client.post(address(token), {"pass": word_of(page), "answer": f"{question.pk}:{kind}"})


def test_nothing_is_shown_before_the_digits(client, both):
    page = client.get(address(both.token))

    assert page.status_code == 200
    assert "林" not in page.content.decode()
    assert client.post(address(both.token), {"answer": "x:talked"}).status_code == 200
    assert not Contact.objects.exists()


def test_the_digits_open_the_questions_and_an_answer_is_noted(client, both, people):
    page = enter(client, both.token)
    text = page.content.decode()
    assert all(person.full_name in text for person in people)
    assert "19900000027" not in text

    question = both.link.questions.get(person=people[0])
    answered = press(client, both.token, page, question)

    assert Contact.objects.get().person == people[0]
    assert answered.context["left"] == 2
    assert f"{question.pk}:talked" not in answered.content.decode()
    assert "no-store" in answered.headers["Cache-Control"]
    verbs = AuditEvent.objects.filter(verb__startswith="weekly_link.").order_by("number").values_list("verb", flat=True)
    assert list(verbs) == ["weekly_link.made", "weekly_link.opened", "weekly_link.answered"]


def test_a_reload_answers_nothing_twice(client, both, people):
    page = enter(client, both.token)
    question = both.link.questions.first()

    for _n in range(3):
        again = press(client, both.token, page, question)

    assert again.status_code == 200
    assert (LinkAnswer.objects.count(), Contact.objects.count()) == (1, 1)


def test_each_page_weighs_less_than_fifty_thousand_bytes_and_needs_no_script(client, places, sender):
    for number in range(12):
        make.stay(places, f"欧阳{'甲乙丙丁戊己庚辛壬癸子丑'[number]}", starts_on=OLD)
    token = made(places, sender).token
    pages = [client.get(address(token)), enter(client, token), enter(client, token, "99"), client.get(address("x"))]

    for page in pages:
        text = page.content.decode()
        styles = re.findall(r'<link rel="stylesheet" href="/static/([^"]+)"', text)
        weight = len(page.content) + sum(Path(finders.find(style)).stat().st_size for style in styles)
        assert styles == ["portal/weekly.css"]
        assert weight < MOST_BYTES, weight
        assert not re.search(r"<script|<img|<iframe|@import|url\(", text)
    assert len(pages[1].context["cards"]) == 12


def test_wrong_digits_many_times_close_the_link_for_the_right_ones_too(client, both):
    answers = [enter(client, both.token, f"{n:02d}").status_code for n in range(5)]

    assert answers == [200, 200, 200, 200, 404]
    assert enter(client, both.token).status_code == 404
    assert client.get(address(both.token)).status_code == 404
    assert WeeklyLink.objects.get().closed_at is not None


@pytest.mark.parametrize("digits", ["", "2", "270", "27 27", "<b>", "９９"])
def test_no_other_writing_of_the_digits_opens_it(client, both, digits):
    assert "林甲" not in enter(client, both.token, digits).content.decode()


def test_expired_withdrawn_altered_and_foreign_tokens_get_the_same_page(client, places, people, sender, both):
    kid, body, signature = both.token.split(".")
    other = made(places, sender)  # withdraws the first
    wrong = [
        both.token,
        f"{kid}.{body}A.{signature}",
        sign("card", {"l": other.link.pk.hex}),
        sign("weekly", {"l": other.link.pk.hex}, expires_at=timezone.now() + timedelta(days=1)),
        "x" * 8,
    ]
    pages = [client.get(address(token)) for token in wrong]
    WeeklyLink.objects.filter(pk=other.link.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    pages.append(client.get(address(other.token)))

    assert {page.status_code for page in pages} == {404}
    assert len({page.content for page in pages}) == 1
    assert places["branch"].name not in pages[0].content.decode()


def test_a_pass_of_one_link_opens_no_other_and_ends(client, places, people, sender, both):
    make.stay(places, "林丁", origin="other branch", starts_on=OLD)
    other = made(places, sender, "other branch")
    page = enter(client, both.token)
    foreign = other.link.questions.get()

    assert "林丁" not in press(client, other.token, page, foreign).content.decode()
    press(client, both.token, page, foreign)
    stale = sign("weekly-pass", {"l": both.link.pk.hex}, expires_at=timezone.now() - timedelta(seconds=1))
    own = both.link.questions.first()
    client.post(address(both.token), {"pass": stale, "answer": f"{own.pk}:talked"})
    client.post(address(both.token), {"pass": "x.y.z", "answer": f"{own.pk}:talked"})

    assert not Contact.objects.exists()


@pytest.mark.parametrize("answer", ["", ":", "x:talked", "talked", "00000000-0000-0000-0000-000000000000:talked"])
def test_a_damaged_answer_is_refused_in_words(client, both, answer):
    page = enter(client, both.token)

    refused = client.post(address(both.token), {"pass": word_of(page), "answer": answer})

    assert refused.status_code == 200
    assert refused.context["said"]
    assert not Contact.objects.exists()


def test_a_withdrawn_link_takes_no_answer_from_an_open_page(client, sender, both):
    page = enter(client, both.token)
    actions.revoke_link(both.link, by=sender, at=timezone.now())

    assert press(client, both.token, page, both.link.questions.first()).status_code == 404


def test_an_address_that_knocks_too_often_waits(client, both, monkeypatch):
    monkeypatch.setattr(throttle, "WEEKLY", throttle.Door("weekly", size=2, seconds=60))

    assert [client.get(address(both.token)).status_code for _n in range(3)] == [200, 200, 429]
