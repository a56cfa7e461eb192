"""Pages of duty sheets: who comes in, what they read, and what they do."""

import io
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests import places as make
from waystation.kernel.models import AuditEvent
from waystation.organizations.access import Reach
from waystation.organizations.permissions import Permission
from waystation.stewardship.duties import actions, papers, queries
from waystation.stewardship.duties.models import Duty, Proposal, StayTransfer
from waystation.stewardship.people.models import Stay
from waystation.stewardship.people.queries import sight, timeline

pytestmark = pytest.mark.django_db
NOW = timezone.now


def propose(stay, to, by, kind="talk"):
    return actions.propose_change(
        stay, kind=kind, to=to, starts_on=timezone.localdate(), reason="返乡期间", by=by, at=NOW()
    )


@pytest.mark.parametrize(
    ("role", "where", "status"),
    [
        ("station_officer", "station", 200),
        ("branch_secretary", "branch", 200),
        ("township_organiser", "origin town", 200),
        ("destination_contact", "community", 200),
        ("county_organiser", "county", 200),
        ("city_organiser", "city", 200),
        ("station_head", "beside", 404),
        ("branch_secretary", "other branch", 404),
        ("destination_contact", "other community", 404),
        ("destination_contact", "village", 404),
        ("system_admin", "city", 403),
    ],
)
def test_who_may_open_a_sheet(client, places, enter, stay, role, where, status):
    enter(role, places[where])

    assert client.get(reverse("duties:sheet", args=[stay.pk])).status_code == status


def test_the_sheet_names_who_answers_and_proves_that_no_day_is_missing(client, places, enter, stay):
    enter("station_officer", places["station"])

    page = client.get(reverse("duties:sheet", args=[stay.pk])).content.decode()

    days = (timezone.localdate() - stay.starts_on).days + 1
    assert places["branch"].name in page
    assert f"{days * 7:,}" in page


def test_a_change_goes_from_one_desk_to_the_other(client, places, enter, stay, officer, secretary):
    client.force_login(officer)
    form = {
        "kind": "talk", "to": places["branch"].pk, "starts_on": timezone.localdate().isoformat(), "reason": "返乡期间",
    }  # fmt: skip
    answer = client.post(reverse("duties:propose", args=[stay.pk]), form)
    assert answer.url == reverse("duties:sheet", args=[stay.pk])
    proposal = Proposal.objects.get()

    client.force_login(secretary)
    waiting = client.get(reverse("duties:list") + "?tab=waiting")
    assert [row.pk for row in waiting.context["page"].rows] == [proposal.pk]
    client.post(reverse("duties:agree", args=[proposal.pk, "taker"]))

    assert queries.accountable(stay, "talk", timezone.localdate()) == places["branch"]
    assert client.get(reverse("duties:list") + "?tab=waiting").context["page"].rows == []


def test_what_was_typed_stays_with_the_reason_why_it_is_refused(client, places, officer, stay):
    client.force_login(officer)
    form = {
        "kind": "talk", "to": places["station"].pk, "starts_on": timezone.localdate().isoformat(), "reason": "照旧",
    }  # fmt: skip

    page = client.post(reverse("duties:propose", args=[stay.pk]), form)

    assert page.status_code == 200
    assert page.context["form"]["reason"].value() == "照旧"
    assert len(page.context["form"].non_field_errors()) == 1


@pytest.mark.parametrize(
    ("role", "where", "status", "state"),
    [
        ("branch_secretary", "branch", 302, "agreed"),
        ("township_organiser", "origin town", 302, "agreed"),
        ("station_head", "station", 302, "open"),
        ("destination_contact", "community", 404, "open"),
        ("station_head", "beside", 404, "open"),
        ("city_organiser", "city", 403, "open"),
    ],
)
def test_who_may_agree(client, places, enter, officer, stay, role, where, status, state):
    proposal = propose(stay, places["branch"], officer)
    enter(role, places[where])

    assert client.post(reverse("duties:agree", args=[proposal.pk, "taker"])).status_code == status
    proposal.refresh_from_db()
    assert proposal.state == state


def test_refusing_and_withdrawing(client, places, officer, secretary, stay):
    proposal = propose(stay, places["branch"], officer)
    client.force_login(secretary)
    assert client.post(reverse("duties:refuse", args=[proposal.pk]), {"reason": ""}).status_code == 200
    client.post(reverse("duties:refuse", args=[proposal.pk]), {"reason": "换届"})
    proposal.refresh_from_db()
    assert (proposal.state, proposal.closing_reason) == ("refused", "换届")

    again = propose(stay, places["branch"], officer)
    client.force_login(officer)
    client.post(reverse("duties:withdraw", args=[again.pk]))
    again.refresh_from_db()
    assert again.state == "withdrawn"


def test_a_member_passes_to_another_station_by_two_officers(client, places, enter, officer, stay):
    client.force_login(officer)
    url = reverse("duties:transfer-new", args=[stay.pk])
    client.post(url, {"to": places["beside"].pk, "community": places["beside community"].name, "reason": "迁居"})
    asked = StayTransfer.objects.get()
    assert asked.destination == places["beside community"]

    enter("station_head", places["beside"])
    page = client.get(reverse("duties:list") + "?tab=waiting")
    assert [row.pk for row in page.context["transfers"]] == [asked.pk]
    answer = client.post(reverse("duties:transfer-accept", args=[asked.pk]))

    asked.refresh_from_db()
    assert answer.url == reverse("duties:sheet", args=[asked.new_stay_id])
    assert client.get(answer.url).status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_same_questions_for_one_sheet_and_for_three(
    client, places, enter, number, django_assert_num_queries
):
    for name in range(number):
        make.stay(places, f"王某{name}")
    enter("station_officer", places["station"])
    client.get(reverse("duties:list"))

    with django_assert_num_queries(LISTED):
        page = client.get(reverse("duties:list"))

    assert len(page.context["rows"]) == number


LISTED = 10


def test_filters_of_the_list(client, places, enter, officer, secretary):
    stays = [make.stay(places, name) for name in ("王大海", "林小溪")]
    actions.agree(propose(stays[0], places["branch"], officer), side="taker", by=secretary, at=NOW())

    def found(user, **filters):
        client.force_login(user)
        page = client.get(reverse("duties:list"), filters)
        return {stay.pk for stay in page.context["rows"]}

    both, first = {stay.pk for stay in stays}, {stays[0].pk}
    assert found(officer) == both
    assert found(officer, q="王") == first
    assert found(officer, kind="talk", mine="on") == both - first
    assert found(secretary, kind="talk", mine="on") == first
    assert found(secretary, mine="on") == both
    assert found(officer, kind="talk", unit=places["branch"].name) == first
    assert found(officer, unit="没有这个单位") == set()


def test_the_ledger_has_a_column_for_each_duty_and_leaves_a_trace(client, places, officer, stay):
    client.force_login(officer)

    answer = client.post(reverse("duties:export"))

    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    cells = book.get_sheet_by_index(0).to_python()
    (row,) = [row for row in cells if stay.person.full_name in row]
    assert row[6:] == [places["branch"].name] + [places["station"].name] * 6
    assert AuditEvent.objects.get(verb="ledger.exported").facts["rows"] == 1


def test_the_paper_is_a_pdf(client, officer, stay):
    client.force_login(officer)

    answer = client.get(reverse("duties:paper", args=[stay.pk]))

    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_a_printed_sheet_is_checked_by_its_code_without_naming_anybody(client, places, officer, secretary, stay):
    url = reverse("portal:duty-sheet", args=[papers.token(stay, NOW())])
    page = client.get(url).content.decode()
    assert papers.number(stay) in page
    assert stay.person.full_name not in page
    assert client.get(url).context["has_changed"] is False

    actions.agree(propose(stay, places["branch"], officer), side="taker", by=secretary, at=NOW() + timedelta(seconds=2))
    assert client.get(url).context["has_changed"] is True
    assert client.get(reverse("portal:duty-sheet", args=["x" * 40])).status_code == 404
    client.force_login(officer)
    assert client.get(url).url == reverse("duties:sheet", args=[stay.pk])


def test_a_duty_that_passes_on_the_first_day_makes_a_print_of_that_day_out_of_date(places, officer, secretary, stay):
    Duty.objects.filter(stay=stay).update(starts_on=timezone.localdate())
    Stay.objects.filter(pk=stay.pk).update(starts_on=timezone.localdate())
    stay.refresh_from_db()
    printed = NOW() + timedelta(seconds=1)
    assert not queries.sheets.changed_since(stay, printed)

    actions.agree(
        propose(stay, places["branch"], officer), side="taker", by=secretary, at=printed + timedelta(seconds=1)
    )

    assert queries.sheets.changed_since(stay, printed)


def test_the_story_of_a_person_tells_of_duties_that_changed_hands(places, officer, secretary, stay):
    actions.agree(propose(stay, places["branch"], officer), side="taker", by=secretary, at=NOW())
    told = sight(officer, stay.person, Reach.of(officer, Permission.PERSON_VIEW))

    story = timeline.timeline(stay.person, told)

    assert [entry.url for entry in story.entries if entry.url.startswith("/duties/")] == [
        reverse("duties:sheet", args=[stay.pk])
    ]


def test_the_pages_of_the_person_and_of_the_unit_say_who_answers(client, places, officer, stay):
    client.force_login(officer)

    file = client.get(reverse("people:file", args=[stay.person_id])).content.decode()
    unit = client.get(reverse("organizations:unit", args=[places["station"].pk])).content.decode()

    assert reverse("duties:sheet", args=[stay.pk]) in file
    assert reverse("duties:list") in unit


def test_the_strip_on_the_file_says_what_the_sheet_says(client, places, officer, secretary, stay):
    client.force_login(officer)

    def shares():
        return client.get(reverse("people:file", args=[stay.person_id])).context["shares"]

    before = shares()
    actions.agree(propose(stay, places["branch"], officer), side="taker", by=secretary, at=NOW())
    after = shares()

    held = queries.sheets.with_holders([stay], timezone.localdate())[0].held
    words = {str(one["label"]): str(one["party"]) for one in held}
    assert {duty: party for party, duties in after.items() for duty in re.split(", |、", duties)} == words
    talk = next(str(one["label"]) for one in held if one["kind"] == "talk")
    assert (talk in before["station"], talk in before["origin"]) == (True, False)
    assert (talk in after["station"], talk in after["origin"]) == (False, True)


def test_nothing_of_the_story_leads_a_helper_to_a_page_that_is_shut(client, places, enter, officer, stay):
    enter("destination_contact", places["community"])

    story = client.get(reverse("people:file-section", args=[stay.person_id, "life"])).context["story"]

    links = [entry.url for entry in story.entries if entry.url]
    assert all(client.get(url).status_code == 200 for url in links)


def test_the_desk_counts_what_its_page_shows(client, places, officer, secretary, stay):
    propose(stay, places["branch"], officer)
    client.force_login(secretary)

    items = {item.key: item.number for item in client.get(reverse("web:desk")).context["items"]}

    assert items["duty-proposals"] == 1
