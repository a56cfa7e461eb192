"""The two registration papers of a search: which case has which, what stands on it, and who reads the numbers."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from tests import places as make
from waystation.kernel.models import AuditEvent
from waystation.stewardship.contacts import actions, papers
from waystation.stewardship.contacts.actions import Said
from waystation.stewardship.contacts.models import LostContact

pytestmark = pytest.mark.django_db
PHONE = "13900001234"


def days_ago(days):
    return timezone.localdate() - timedelta(days=days)


@pytest.fixture
def reporter(places):
    return make.user("station_officer", places["station"])


@pytest.fixture
def case(places, reporter):
    person = make.stay(places, "钟失联", starts_on=days_ago(400), phone=PHONE).person
    at = timezone.now() - timedelta(days=50)
    made = actions.report_lost(
        person, lost_since=days_ago(300), situation="2", unit=places["station"], by=reporter, at=at
    )
    actions.add_step(
        made, way="police", searched_on=days_ago(40), result="派出所查无去向", by=reporter, at=timezone.now()
    )
    return made


def find(case, by):
    said = Said("phone", "reached", days_ago(1))
    return actions.close_found(case, said, note="在福州工地找到", by=by, at=timezone.now())


def suspend(case, places):
    by = make.user("county_organiser", places["county"])
    for way in ("family", "employer"):
        actions.add_step(case, way=way, searched_on=days_ago(40), result="未找到", by=by, at=timezone.now())
    return actions.suspend_membership(
        case, decided_on=days_ago(2), document="鼎委组〔2026〕9号", by=by, at=timezone.now()
    )


def drawn(case, by, **more):
    case = LostContact.objects.get(pk=case.pk)
    return papers.html(case, by=by, at=timezone.now(), **{"with_numbers": True, **more})


def test_a_search_that_goes_on_is_registered_as_not_found(places, case, reporter):
    suspend(case, places)

    text = drawn(case, reporter)

    for part in (
        "经查找仍然无法取得联系党员登记表", "钟失联", "竹阳党支部", "②单位改制或破产", "派出所查无去向",
        "鼎委组〔2026〕9号", "一式五份", "党组织类别",
    ):  # fmt: skip
        assert part in text, part
    assert PHONE not in text, "nobody answers it"


def test_a_search_that_ended_well_is_registered_as_found(case, reporter):
    text = drawn(find(case, reporter), reporter)

    for part in ("经查找取得联系党员登记表", "在福州工地找到", PHONE, "报基层党委"):
        assert part in text
    assert "停止党籍文号" not in text


def test_the_paper_is_chinese_for_readers_of_english_too(case, reporter):
    with translation.override("en"):
        assert "公安派出所" in drawn(case, reporter)


def test_without_the_right_to_read_numbers_they_are_blanks(case, reporter):
    assert PHONE not in drawn(find(case, reporter), reporter, with_numbers=False)


def test_the_page_gives_the_paper_as_pdf_and_reading_numbers_is_on_record(client, places, case, reporter):
    find(case, reporter)
    client.force_login(reporter)
    address = reverse("contacts:lost-paper", args=[case.pk])

    assert address in client.get(reverse("contacts:lost", args=[case.pk])).content.decode()
    answer = client.get(address)

    assert answer.content.startswith(b"%PDF")
    event = AuditEvent.objects.get(verb="person.revealed")
    assert (event.actor, list(event.fields)) == (reporter, ["phone"])


@pytest.mark.parametrize(
    ("role", "where", "status"),
    [
        ("county_organiser", "county", 200),
        ("station_officer", "beside", 404),
        ("destination_contact", "community", 403),
    ],
)
def test_who_prints_it(client, places, enter, case, role, where, status):
    enter(role, places[where])

    assert client.get(reverse("contacts:lost-paper", args=[case.pk])).status_code == status


def test_a_report_by_mistake_has_no_paper(client, case, reporter):
    actions.close_mistaken(case, note="同名", by=reporter, at=timezone.now())
    client.force_login(reporter)

    address = reverse("contacts:lost-paper", args=[case.pk])
    assert client.get(address).status_code == 404
    assert address not in client.get(reverse("contacts:lost", args=[case.pk])).content.decode()


@pytest.mark.parametrize(
    ("since", "until", "months"),
    [
        (date(2026, 1, 31), date(2026, 2, 28), 0),
        (date(2026, 1, 15), date(2026, 7, 15), 6),
        (date(2025, 12, 2), date(2026, 12, 1), 11),
    ],
)
def test_only_whole_months_count(since, until, months):
    assert papers.whole_months(since, until) == months
