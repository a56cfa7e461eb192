"""Pages of contact and care: who comes in, what they show, and what they do."""

import uuid
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests import places as make
from waystation.kernel.models import AuditEvent
from waystation.organizations.access import Reach
from waystation.organizations.permissions import Permission
from waystation.stewardship.contacts import actions
from waystation.stewardship.contacts.actions import Said
from waystation.stewardship.contacts.models import Contact, Excuse, LostContact, WeeklyMark
from waystation.stewardship.grids.actions import assign, set_leader
from waystation.stewardship.people.queries import sight, timeline

pytestmark = pytest.mark.django_db
OLD = date(2026, 1, 5)


@pytest.fixture
def stay(places):
    return make.stay(places, "缪春花", starts_on=OLD, phone="19900000001")


@pytest.fixture
def person(stay):
    return stay.person


def url(name, *args, **query):
    text = reverse(f"contacts:{name}", args=args)
    return f"{text}?{'&'.join(f'{k}={v}' for k, v in query.items())}" if query else text


def entry(person, **more):
    said = Said("phone", "reached", timezone.localdate(), **more)
    return actions.log_contact(person, said, unit=None, by=make.user(), at=timezone.now())


PAGES = ["list", "log", "visit-list", "excuse-list", "lost-list"]


@pytest.mark.parametrize(
    ("role", "where", "status"),
    [
        ("station_head", "station", 200),
        ("station_officer", "station", 200),
        ("branch_secretary", "branch", 200),
        ("county_organiser", "county", 200),
        ("city_organiser", "city", 200),
        ("destination_contact", "community", 403),
        ("member", "branch", 403),
        ("system_admin", "city", 403),
    ],
)
def test_who_may_open_the_lists(client, places, enter, person, role, where, status):
    entry(person)
    enter(role, places[where])

    assert [client.get(url(name)).status_code for name in PAGES] == [status] * len(PAGES)


@pytest.mark.parametrize(
    ("role", "where", "status"),
    [
        ("station_officer", "station", 200),
        ("branch_secretary", "branch", 200),
        ("branch_secretary", "other branch", 404),
        ("station_officer", "beside", 404),
        ("county_organiser", "beside county", 404),
    ],
)
def test_one_member_is_seen_by_those_who_answer_for_them(client, places, enter, person, role, where, status):
    contact = entry(person)
    excuse = actions.excuse_member(person, reason="ill", starts_on=OLD, by=None, at=timezone.now())
    enter(role, places[where])

    for page in (url("person", person.pk), url("contact", contact.pk), url("excuse", excuse.pk)):
        assert client.get(page).status_code == status


def test_a_contact_is_entered_by_a_form_and_errors_keep_what_was_typed(client, places, enter, person):
    officer = enter("station_officer", places["station"])
    page = url("new", person=person.pk)
    data = {"channel": "family", "outcome": "reached", "contacted_on": timezone.localdate(), "note": "在上海"}

    assert client.get(page).context["form"]["channel"].value() == "phone"  # a visit is chosen on purpose
    wrong = client.post(page, data)
    assert "在上海" in wrong.content.decode()
    assert not Contact.objects.exists()
    done = client.post(page, {**data, "channel": "phone"})

    assert done.url == url("person", person.pk)
    contact = Contact.objects.get()
    assert (contact.recorded_by, contact.unit, contact.note) == (officer, places["station"], "在上海")


def test_a_home_visit_seals_what_is_needed(client, places, enter, person):
    enter("station_officer", places["station"])
    data = {
        "outcome": "reached", "contacted_on": timezone.localdate(), "companions": "村医", "needs": "想办残疾证",
        "channel": "phone",
    }  # fmt: skip

    client.post(url("new", person=person.pk, kind="visit"), data)

    contact = Contact.objects.get()
    assert (contact.channel, contact.companions) == ("visit", "村医")
    page = client.get(url("contact", contact.pk)).content.decode()
    assert "残疾证" not in page
    shown = client.post(url("reveal", contact.pk), {"field": "needs", "purpose": "visit"}).content.decode()
    assert "残疾证" in shown
    assert AuditEvent.objects.get(verb="contact.revealed").fields == ["needs"]
    assert client.post(url("reveal", contact.pk), {"field": "id", "purpose": "visit"}).status_code == 404


def test_a_meeting_is_entered_for_the_chosen_and_never_beyond_the_reach(client, places, enter, person):
    beside = make.stay(
        places, "丁", origin="beside branch", station="beside", community="beside community", starts_on=OLD
    ).person
    enter("station_officer", places["station"])
    chosen = {"pk": [person.pk, beside.pk]}

    form = client.post(url("meeting"), chosen)
    assert [one.pk for one in form.context["people"]] == [person.pk]
    client.post(
        url("meeting"), {**chosen, "channel": "meeting", "outcome": "reached", "contacted_on": timezone.localdate()}
    )

    assert [row.person_id for row in Contact.objects.all()] == [person.pk]


def test_everybody_whom_the_filters_find_may_be_chosen(client, places, enter, person):
    make.stay(places, "林甲", starts_on=OLD)
    enter("station_officer", places["station"])

    form = client.post(f"{url('meeting')}?q=缪", {"all": "1"})

    assert [one.pk for one in form.context["people"]] == [person.pk]


def test_an_entry_is_struck_out_from_its_page(client, places, enter, person):
    contact = entry(person)
    enter("station_officer", places["station"])

    assert client.post(url("strike", contact.pk), {"reason": ""}).status_code == 200
    client.post(url("strike", contact.pk), {"reason": "打错人了"})

    page = client.get(url("contact", contact.pk)).content.decode()
    assert "打错人了" in page
    assert client.get(url("log")).context["page"].rows == []
    assert len(client.get(url("log", struck="on")).context["page"].rows) == 1


def test_an_excuse_from_its_beginning_to_its_end(client, places, enter, person):
    enter("branch_secretary", places["branch"])
    today = timezone.localdate()

    client.post(url("excuse-new", person=person.pk), {"reason": "ill", "facts": "术后休养", "starts_on": today})
    excuse = Excuse.objects.get()
    assert "术后" not in client.get(url("excuse", excuse.pk)).content.decode()
    shown = client.post(url("excuse-reveal", excuse.pk), {"field": "facts", "purpose": "care"})
    assert "术后休养" in shown.content.decode()
    client.post(url("excuse-renew", excuse.pk), {"review_on": today + timedelta(days=30)})
    assert client.post(url("excuse-renew", excuse.pk), {"review_on": today}).status_code == 200
    client.post(url("excuse-end", excuse.pk), {"ends_on": today, "reason": "康复"})

    excuse.refresh_from_db()
    assert (excuse.ending_reason, excuse.review_on) == ("康复", today + timedelta(days=30))


def test_a_case_goes_its_way_over_the_pages(client, places, enter, person):
    enter("station_officer", places["station"])
    client.post(url("lost-new", person=person.pk), {"lost_since": OLD, "situation": "1"})
    case = LostContact.objects.get()
    for way in ("family", "police", "notice"):
        client.post(url("lost-step", case.pk), {"way": way, "searched_on": timezone.localdate(), "result": "无果"})
    decision = {"decided_on": timezone.localdate(), "document": "1号"}
    assert client.post(url("lost-suspend", case.pk), decision).status_code == 403
    enter("county_organiser", places["county"])

    assert client.get(url("lost-list", tab="decide")).context["page"].rows == [case]
    assert "1" in client.get(url("lost", case.pk)).content.decode()
    client.post(url("lost-suspend", case.pk), decision)
    refused = client.post(url("lost-remove", case.pk), decision)

    case.refresh_from_db()
    assert (case.state, refused.status_code) == ("suspended", 200)
    client.post(
        url("lost-found", case.pk), {"channel": "phone", "contacted_on": timezone.localdate(), "note": "在福州"}
    )
    case.refresh_from_db()
    assert case.state == "found"


# --- the weekly five ------------------------------------------------------------------------------


@pytest.fixture
def grid(places, stay):
    made = make.grid(places["station"])
    assign(stay, made, by=None, at=timezone.now())
    return made


@pytest.fixture
def leader(client, grid):
    user = make.user(name="网格长")
    set_leader(grid, user=user, starts_on=timezone.localdate(), by=None, at=timezone.now())
    client.force_login(user)
    return user


def test_the_leader_marks_a_member_by_a_plain_form(client, leader, person):
    block = client.get(url("weekly")).context["blocks"][0]
    card = block["dues"][0]
    data = {"due": card["due"].row.pk, "key": card["key"], "outcome": "phoned"}

    for _n in range(2):
        assert client.post(url("weekly-mark"), data).url == url("weekly")

    assert (WeeklyMark.objects.count(), Contact.objects.get().source) == (1, "five")
    assert client.get(url("weekly")).context["blocks"][0]["dues"][0]["due"].row.outcome == "phoned"


def test_a_tap_sent_later_is_answered_in_words(client, leader, person):
    due = client.get(url("weekly")).context["blocks"][0]["dues"][0]["due"].row
    tapped = (timezone.now() - timedelta(hours=2)).isoformat()
    data = {"due": due.pk, "key": uuid.uuid4(), "outcome": "not_reached", "tapped_at": tapped}

    def send(**more):
        return client.post(url("weekly-mark"), {**data, **more}, headers={"Accept": "application/json"}).json()

    assert [send()["status"], send()["status"], send(outcome="met")["status"]] == ["recorded", "already", "refused"]
    assert "缪春花" in send()["words"]
    assert send(key=uuid.uuid4(), tapped_at="2020-01-01T00:00:00Z")["status"] == "refused"


@pytest.mark.parametrize("wrong", [{"due": "x"}, {"due": uuid.uuid4()}, {"key": "x"}])
def test_a_damaged_tap_finds_nothing(client, leader, person, wrong):
    due = client.get(url("weekly")).context["blocks"][0]["dues"][0]["due"].row

    assert (
        client.post(url("weekly-mark"), {"due": due.pk, "key": uuid.uuid4(), "outcome": "met", **wrong}).status_code
        == 404
    )


def test_nobody_marks_the_five_of_another_grid(client, places, grid, person, enter):
    due = actions.prepare_week(grid.unit, day=timezone.localdate(), at=timezone.now())[0].row
    other = make.grid(places["station"])
    user = make.user()
    set_leader(other, user=user, starts_on=timezone.localdate(), by=None, at=timezone.now())
    client.force_login(user)

    data = {"due": due.pk, "key": uuid.uuid4(), "outcome": "met"}
    assert client.post(url("weekly-mark"), data).status_code == 404
    assert not WeeklyMark.objects.exists()


def test_phone_numbers_are_shown_only_when_asked_and_on_the_record(client, leader, person):
    assert "19900000001" not in client.get(url("weekly")).content.decode()

    client.post(url("weekly-numbers"))

    assert "tel:19900000001" in client.get(url("weekly")).content.decode()
    assert AuditEvent.objects.filter(verb="person.revealed", object_pk=str(person.pk)).count() == 1


def test_the_worker_answers_for_the_page_of_the_five_alone(client):
    answer = client.get(url("weekly-worker"))

    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert url("weekly-worker").rpartition("/")[0] + "/" == url("weekly")


def test_an_officer_looks_at_the_five_of_any_grid_of_the_station(client, places, grid, enter, person):
    enter("station_officer", places["station"])

    assert client.get(url("weekly", grid=grid.pk)).context["blocks"][0]["grid"] == grid.unit
    assert client.get(url("weekly", grid="x")).status_code == 404


# --- exports, links, the member's file -------------------------------------------------------------


@pytest.mark.parametrize("ledger", ["quiet", "log", "visits", "excused", "lost"])
def test_each_list_is_handed_up_as_a_ledger_without_numbers(client, places, enter, person, ledger):
    officer = enter("station_officer", places["station"])

    answer = client.post(url("export", ledger))

    rows = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0)
    text = str(rows.to_python())
    assert places["station"].name in text
    assert "19900000001" not in text
    event = AuditEvent.objects.get(verb="ledger.exported")
    assert (event.actor, event.facts["ledger"]) == (officer, f"contacts.{ledger}")


def test_a_ledger_holds_the_rows_of_its_list(client, places, enter, person):
    entry(person, note="一切平安")
    enter("station_officer", places["station"])

    answer = client.post(url("export", "log"))

    rows = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0).to_python()
    assert any("缪春花" in row and "一切平安" in row for row in rows)


def test_a_weekly_link_is_shown_once_and_withdrawn(client, places, enter, person):
    enter("station_officer", places["station"])
    data = {"branch": places["branch"].pk, "reader": "夏长青", "digits": "27"}

    assert client.post(url("link-new"), {**data, "digits": "2"}).context["form"].errors
    made = client.post(url("link-new"), data)

    assert made.context["address"] in made.content.decode()
    assert made.context["asked"] == 1
    link = made.context["link"]
    assert made.context["address"] not in client.get(url("link-list")).content.decode()
    client.post(url("link-revoke", link.pk))
    link.refresh_from_db()
    assert link.revoked_at is not None


@pytest.mark.parametrize(("role", "where"), [("branch_secretary", "branch"), ("grid_leader", "station")])
def test_only_those_who_may_make_links(client, places, enter, role, where, person):
    grid = make.grid(places["station"]).unit
    enter(role, grid if role == "grid_leader" else places[where])

    assert client.get(url("link-new")).status_code == 403


def test_the_member_file_shows_how_contact_stands_to_those_who_care(client, places, enter, person):
    entry(person)
    officer = enter("station_officer", places["station"])
    page = client.get(reverse("people:file", args=[person.pk])).content.decode()
    assert url("person", person.pk) in page

    story = timeline.timeline(person, sight(officer, person, Reach.of(officer, Permission.PERSON_VIEW)))
    assert any(one.about.startswith("contact:") for one in story.entries)
    enter("destination_contact", places["community"])
    assert url("person", person.pk) not in client.get(reverse("people:file", args=[person.pk])).content.decode()


def test_the_member_sees_day_and_channel_and_no_note(client, places, person):
    entry(person, note="家里有事")
    user = make.user("member", places["branch"])
    person.user = user
    person.save(update_fields=["user"])
    client.force_login(user)

    page = client.get(reverse("portal:my-contacts")).content.decode()

    assert str(Contact.Channel.PHONE.label) in page
    assert "家里有事" not in page


@pytest.mark.parametrize("name", ["list", "log", "excuse-list", "lost-list", "visit-list"])
def test_a_list_asks_as_often_for_three_rows_as_for_one(client, places, enter, person, name):
    enter("station_officer", places["station"])

    def fill(one):
        entry(one)
        actions.excuse_member(one, reason="aged", starts_on=OLD, by=None, at=timezone.now())

    fill(person)
    client.get(url(name))
    with CaptureQueriesContext(connection) as first:
        client.get(url(name))
    for other in ("林甲", "林乙"):
        fill(make.stay(places, other, starts_on=OLD).person)
    with CaptureQueriesContext(connection) as then:
        client.get(url(name))
    assert len(first) == len(then)
