"""Pages of transfers and activity cards: who comes in, what they read, and what they do."""

import io
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests import make as bare
from tests import places as make
from waystation.kernel.models import AuditEvent
from waystation.organizations.access import Reach
from waystation.organizations.actions import set_contacts
from waystation.organizations.permissions import Permission
from waystation.stewardship.formalities import actions, papers
from waystation.stewardship.formalities.models import ActivityCard, CardCheck, Transfer
from waystation.stewardship.people.queries import sight, timeline

pytestmark = pytest.mark.django_db
NOW = timezone.now
DAY = timedelta(days=1)


def today():
    return timezone.localdate()


def issue(person, to, by, **more):
    asked = {"channel": "letter", "number": "12号", "issued_on": today()}
    return actions.issue_transfer(person, to=to, by=by, at=NOW(), **(asked | more))


def card(person, by, number="0001"):
    return actions.issue_card(person, number=number, issued_on=date(2026, 1, 5), by=by, at=NOW())


@pytest.mark.parametrize(
    ("role", "where", "status"),
    [
        ("branch_secretary", "branch", 200),
        ("branch_secretary", "other branch", 200),
        ("county_organiser", "county", 200),
        ("city_organiser", "city", 200),
        ("branch_secretary", "beside branch", 404),
        ("station_officer", "station", 200),
        ("destination_contact", "community", 403),
    ],
)
def test_who_may_open_a_transfer(client, places, enter, person, secretary, role, where, status):
    transfer = issue(person, places["other branch"], secretary)
    enter(role, places[where])

    assert client.get(reverse("formalities:transfer", args=[transfer.pk])).status_code == status


@pytest.mark.parametrize(
    ("role", "where", "page"),
    [
        ("station_officer", "station", "transfer-receive"),
        ("station_officer", "station", "transfer-withdraw"),
        ("station_officer", "station", "transfer-letter"),
        ("branch_secretary", "branch", "transfer-receive"),
        ("branch_secretary", "other branch", "transfer-withdraw"),
    ],
)
def test_who_follows_a_letter_does_not_act_on_it(client, places, enter, person, secretary, role, where, page):
    transfer = issue(person, places["other branch"], secretary)
    enter(role, places[where])

    assert client.get(reverse(f"formalities:{page}", args=[transfer.pk])).status_code == 404


def test_the_receipt_is_offered_to_the_receiving_side_only(client, places, enter, person, secretary, receiver):
    organiser = enter("county_organiser", places["county"])
    ours = issue(person, places["other branch"], organiser)
    theirs = issue(bare.person(places["branch"], "王大海"), places["other branch"], secretary, number="13号")
    elsewhere = issue(bare.person(places["branch"], "林小溪"), None, secretary, to_text="外省", number="14号")

    def offered(user):
        client.force_login(user)
        pages = [client.get(reverse("formalities:transfer", args=[one.pk])) for one in (ours, theirs, elsewhere)]
        forms = [
            client.get(reverse("formalities:transfer-receive", args=[one.pk])) for one in (ours, theirs, elsewhere)
        ]
        buttons = [page.status_code == 200 and page.context["may_receive"] for page in pages]
        assert buttons == [form.status_code == 200 for form in forms]
        listed = client.get(reverse("formalities:transfer-list"), {"tab": "receive"}).context["page"].rows
        assert {row.pk for row in listed} == {one.pk for one, may in zip((ours, theirs), buttons, strict=False) if may}
        return buttons

    assert offered(organiser) == [False, True, True]
    assert offered(secretary) == [False, False, True]
    assert offered(receiver) == [True, True, False]


def test_a_letter_goes_from_the_file_to_the_receipt(client, places, person, secretary, receiver):
    client.force_login(secretary)
    file = client.get(reverse("people:file", args=[person.pk])).content.decode()
    url = reverse("formalities:transfer-new", args=[person.pk])
    assert url in file
    form = {
        "channel": "letter", "number": "霞组12号", "branch": places["other branch"].name, "to_text": "",
        "issued_on": today().isoformat(), "valid_days": "", "dues_paid_to": "2026-10", "reason": "长期居住",
    }  # fmt: skip
    answer = client.post(url, form)
    transfer = Transfer.objects.get()
    assert answer.url == reverse("formalities:transfer", args=[transfer.pk])
    assert (transfer.to, transfer.valid_days) == (places["other branch"], 10)

    client.force_login(receiver)
    listed = client.get(reverse("formalities:transfer-list"), {"tab": "receive"})
    assert [row.pk for row in listed.context["page"].rows] == [transfer.pk]
    receipt = {"received_on": today().isoformat(), "handled_by": "林晓", "handler_phone": "", "ends_stay": ""}
    client.post(reverse("formalities:transfer-receive", args=[transfer.pk]), receipt)

    person.refresh_from_db()
    assert person.home == places["other branch"]
    assert client.get(reverse("formalities:transfer", args=[transfer.pk])).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"number": ""}, "number"),
        ({"branch": ""}, "branch"),
        ({"to_text": "外省"}, "branch"),
        ({"branch": "没有这个支部"}, "branch"),
        ({"dues_paid_to": "十月"}, "dues_paid_to"),
        ({"valid_days": "0"}, "valid_days"),
    ],
)
def test_a_wrong_letter_is_shown_again_with_what_was_typed(client, places, person, secretary, wrong, field):
    client.force_login(secretary)
    form = {
        "channel": "letter", "number": "12号", "branch": places["other branch"].name, "to_text": "",
        "issued_on": today().isoformat(), "valid_days": "", "dues_paid_to": "", "reason": "长期居住",
    }  # fmt: skip

    page = client.post(reverse("formalities:transfer-new", args=[person.pk]), form | wrong)

    assert field in page.context["form"].errors
    assert page.context["form"]["reason"].value() == "长期居住"
    assert not Transfer.objects.exists()


def test_a_letter_is_begun_only_where_the_branch_is_in_reach(client, places, enter, person):
    for role, where in (("station_officer", "station"), ("branch_secretary", "other branch")):
        enter(role, places[where])
        assert client.get(reverse("formalities:transfer-new", args=[person.pk])).status_code == 404


def test_the_lists_of_transfers(client, places, person, secretary):
    late = issue(
        bare.person(places["branch"], "王大海"), places["other branch"], secretary, issued_on=today() - 40 * DAY,
        valid_days=60, number="8号",
    )  # fmt: skip
    open_one = issue(person, places["other branch"], secretary)
    gone = issue(bare.person(places["branch"], "林小溪"), None, secretary, to_text="外省", number="9号")
    actions.withdraw_transfer(gone, reason="改变计划", by=secretary, at=NOW())
    client.force_login(secretary)

    def found(**filters):
        page = client.get(reverse("formalities:transfer-list"), filters)
        return {row.pk for row in page.context["page"].rows}

    assert found() == {late.pk, open_one.pk}
    assert found(tab="overdue") == {late.pk}
    assert found(tab="receive") == set()
    assert found(tab="closed") == {gone.pk}
    assert found(q="王大") == {late.pk}
    assert found(q="12号") == {open_one.pk}


@pytest.mark.parametrize("number", [1, 3])
def test_lists_ask_the_same_questions_for_one_row_and_for_three(
    client, places, secretary, number, django_assert_num_queries
):
    for name in range(number):
        one = bare.person(places["branch"], f"王某{name}")
        issue(one, places["other branch"], secretary, number=f"{name}号")
        card(one, secretary, number=f"{name}")
    client.force_login(secretary)
    for url, asked in (("formalities:transfer-list", LISTED), ("formalities:card-list", LISTED + 2)):
        client.get(reverse(url))
        with django_assert_num_queries(asked):
            page = client.get(reverse(url))
        assert len(page.context["page"].rows) == number


LISTED = 5


def test_the_letter_is_a_pdf_and_reading_the_number_is_on_record(client, places, secretary, receiver):
    stay = make.stay(places, "王大海", phone="13900001234")
    transfer = issue(stay.person, places["other branch"], secretary, dues_paid_to="2026-10")
    client.force_login(secretary)

    answer = client.get(reverse("formalities:transfer-letter", args=[transfer.pk]))

    assert answer.content.startswith(b"%PDF")
    assert AuditEvent.objects.filter(verb="person.revealed").count() == 2
    client.force_login(receiver)
    assert client.get(reverse("formalities:transfer-letter", args=[transfer.pk])).status_code == 404
    text = papers.html(transfer, by=secretary, at=NOW(), with_number=True)
    for part in (
        "存　根",
        "回　执",
        "<b>12</b> 号",
        "壹拾",
        "二〇二六年十月",
        "13900001234",
        places["other branch"].name,
    ):
        assert part in text


@pytest.mark.parametrize(
    ("number", "words"), [(1, "壹"), (10, "壹拾"), (30, "叁拾"), (90, "玖拾"), (101, "壹佰零壹"), (0, "零")]
)
def test_numbers_of_letters_are_written_so_that_nobody_alters_them(number, words):
    assert papers.capital(number) == words


def test_cards_are_issued_checked_in_bulk_lost_and_issued_anew(client, places, person, secretary):
    client.force_login(secretary)
    form = {"number": "0001", "issued_on": "2026-01-05", "reason": "务工", "place": "桐山街道", "left": "2026-01-06"}
    client.post(reverse("formalities:card-new", args=[person.pk]), form)
    first = ActivityCard.objects.get()
    assert first.left == "2026-01-06"
    second = card(bare.person(places["branch"], "王大海"), secretary, number="0002")
    due = client.get(reverse("formalities:card-list"), {"tab": "due"})
    assert {row.pk for row in due.context["page"].rows} == {first.pk, second.pk}

    client.post(reverse("formalities:card-check"), {"pk": [first.pk], "on": today().isoformat()})
    assert CardCheck.objects.count() == 1
    client.post(reverse("formalities:card-check"), {"all": "1", "on": today().isoformat()})
    assert CardCheck.objects.count() == 2
    client.post(reverse("formalities:card-lost", args=[first.pk]), {"on": today().isoformat(), "reason": "遗失"})
    page = client.get(reverse("formalities:card", args=[first.pk]))
    assert page.context["may_replace"]
    client.post(reverse("formalities:card-new", args=[person.pk]), form | {"number": "0003"})

    assert ActivityCard.objects.valid().get(person=person).replaces == first


@pytest.mark.parametrize(
    ("role", "where", "status"),
    [
        ("branch_secretary", "branch", 200),
        ("station_officer", "station", 200),
        ("branch_secretary", "other branch", 404),
        ("station_officer", "beside", 404),
        ("destination_contact", "community", 403),
    ],
)
def test_who_may_open_an_activity_card(client, places, enter, person, secretary, role, where, status):
    found = card(person, secretary)
    enter(role, places[where])

    assert client.get(reverse("formalities:card", args=[found.pk])).status_code == status


def test_ledgers_of_transfers_and_cards(client, places, person, secretary):
    issue(person, places["other branch"], secretary)
    card(person, secretary)
    client.force_login(secretary)

    for url in ("formalities:transfer-export", "formalities:card-export"):
        answer = client.post(reverse(url))
        book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
        rows = book.get_sheet_by_index(0).to_python()
        assert [row[1] for row in rows if row[0] == 1.0] == [person.full_name]
    assert AuditEvent.objects.filter(verb="ledger.exported").count() == 2


def test_the_story_is_told_to_who_cares_and_not_to_who_helps(places, person, secretary):
    issue(person, places["other branch"], secretary)
    card(person, secretary)

    def told(user):
        seen = sight(user, person, Reach.of(user, Permission.PERSON_VIEW))
        entries = timeline.timeline(person, seen).entries
        return sum(entry.url.startswith("/formalities/") for entry in entries)

    assert told(secretary) == 2
    assert told(make.user("station_officer", places["station"])) == 2
    assert told(make.user("destination_contact", places["community"])) == 0


def test_the_desk_counts_what_its_pages_show(client, places, person, secretary, receiver):
    issue(person, places["other branch"], secretary)
    card(person, secretary)

    def numbers(user):
        client.force_login(user)
        return {item.key: item.number for item in client.get(reverse("web:desk")).context["items"]}

    assert numbers(receiver)["transfers-to-receive"] == 1
    assert numbers(secretary)["activity-cards-due"] == 1
    assert "transfers-overdue" not in numbers(secretary)


def test_the_story_still_says_which_branch_registered_the_departure(places, person, secretary, receiver):
    transfer = issue(person, places["other branch"], secretary)
    actions.receive_transfer(transfer, received_on=today(), handled_by="", ends_stay=False, by=receiver, at=NOW())
    person.refresh_from_db()

    story = timeline.timeline(person, sight(receiver, person, Reach.of(receiver, Permission.PERSON_VIEW)))

    (entry,) = [entry for entry in story.entries if entry.about.startswith("departure:")]
    assert places["branch"].name in entry.title
    assert places["other branch"].name not in entry.title


# --- the committee over the old branch, on the letter ---------------------------------------------

BLANK = "＿"
OFFICE = {"address": "福鼎市叠石乡叠石街1号", "phone": "0593-0000201", "fax": "0593-0000202", "postcode": "355200"}


def facts_of_letter(places, person, secretary):
    transfer = issue(person, places["other branch"], secretary)
    html = papers.html(transfer, by=secretary, at=NOW(), with_number=False)
    return [line for line in html.splitlines() if "基层党委通讯地址" in line or "传真" in line]


def test_the_letter_says_how_the_committee_over_the_old_branch_is_reached(places, person, secretary):
    set_contacts(places["branch"], by=None, at=NOW(), address="竹阳村1号")  # a branch is no committee
    set_contacts(places["origin town"], by=None, at=NOW(), **OFFICE)

    address, fax = facts_of_letter(places, person, secretary)

    assert "党员原所在基层党委通讯地址：福鼎市叠石乡叠石街1号　联系电话：0593-0000201" in address
    assert "传真：0593-0000202　　邮编：355200" in fax


def test_what_is_not_known_of_the_committee_stays_a_blank_line(places, person, secretary):
    set_contacts(places["origin town"], by=None, at=NOW(), phone="0593-0000201")

    address, fax = facts_of_letter(places, person, secretary)

    assert f"通讯地址：{BLANK}" in address
    assert (BLANK in address, "0593-0000201" in address, f"传真：{BLANK}" in fax) == (True, True, True)


def test_with_nothing_known_at_all_the_lines_are_blank(places, person, secretary):
    address, fax = facts_of_letter(places, person, secretary)

    assert (f"通讯地址：{BLANK}" in address, f"电话：{BLANK}" in address, f"邮编：{BLANK}" in fax) == (True, True, True)


def test_the_office_of_the_county_is_named_where_it_stands_in(places, person, secretary):
    set_contacts(places["county"], by=None, at=NOW(), address="福鼎市桐山街道政府路1号")

    address, _fax = facts_of_letter(places, person, secretary)

    assert "通讯地址（福鼎市）：福鼎市桐山街道政府路1号" in address
