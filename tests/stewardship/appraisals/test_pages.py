"""Pages of appraisals: who comes in, what they do, and that nothing sealed is told anywhere."""

import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests import places as make
from tests.stewardship.appraisals import rounds as make_round
from waystation.accounts.models import User
from waystation.kernel import dated
from waystation.kernel.models import AuditEvent, Submission
from waystation.organizations.access import Reach
from waystation.organizations.permissions import Permission
from waystation.stewardship.appraisals import facts, rules, tallies
from waystation.stewardship.appraisals.actions import balloting, deciding, unsealing
from waystation.stewardship.appraisals.models import AppraisalRound, Assessment, BallotBox
from waystation.stewardship.people.actions import build_person, merge_people
from waystation.stewardship.people.models import Person
from waystation.stewardship.people.queries import sight, timeline

pytestmark = pytest.mark.django_db
REASON = "此评语不得外泄"
EVERYBODY = [
    ("city_organiser", "city"), ("county_organiser", "county"), ("branch_secretary", "branch"),
    ("station_head", "station"), ("station_officer", "station"), ("destination_contact", "community"),
    ("system_admin", "city"), ("security_admin", "city"), ("audit_admin", "city"),
]  # fmt: skip


@pytest.fixture
def held(places):
    """A round in progress whose members are in care today."""
    make.stay(places)
    return make_round.opened(places["station"], due_on=timezone.localdate() + timedelta(days=20))


def url(name, *args):
    return reverse(f"appraisals:{name}", args=args)


def member_user(stay) -> User:
    user = make.user("member", stay.person.home)
    Person.objects.filter(pk=stay.person_id).update(user=user)
    return user


@pytest.mark.parametrize(
    ("role", "where", "status"),
    [
        ("station_head", "station", 200), ("station_officer", "station", 200), ("branch_secretary", "branch", 200),
        ("county_organiser", "county", 200), ("city_organiser", "city", 200), ("station_head", "beside", 404),
        ("branch_secretary", "other branch", 404), ("county_organiser", "beside county", 404),
        ("grid_leader", "grid", 403), ("destination_contact", "community", 403), ("member", "branch", 403),
    ],
)  # fmt: skip
def test_who_may_open_a_member_in_a_round(places, held, enter, client, role, where, status):
    places["grid"] = make.grid(places["station"]).unit
    enter(role, places[where])

    assert client.get(url("member", held.appraisals.get().pk)).status_code == status
    assert client.get(url("round", held.pk)).status_code == status


def test_a_draft_is_seen_by_its_unit_only_and_a_published_round_by_the_origin_too(places, enter, client):
    make.stay(places)
    held = make_round.draft(places["station"])
    enter("branch_secretary", places["branch"])
    assert client.get(url("round", held.pk)).status_code == 404

    make_round.rounds.publish_round(held, by=make.user(), at=make_round.OPENED)

    assert client.get(url("round", held.pk)).status_code == 200
    enter("branch_secretary", places["other branch"])
    assert client.get(url("round", held.pk)).status_code == 404


def _addresses(held):
    one = held.appraisals.get()
    yield from (
        url(name) for name in ("list", "member-list", "figures", "due-station", "due-origin", "mine", "letters")
    )
    yield from (url("round", held.pk), url("notice-list", held.pk), url("member", one.pk), url("my-result", one.pk))
    yield from (url(name, one.pk) for name in ("consult", "propose", "reply-for", "decide"))
    for row in held.assessments.all():
        for name in ("score-station", "score-origin", "hand-in-for", "my-assessment"):
            yield url(name, row.pk)
    for query in ("grade=excellent", "what=gap", "what=unproposed", f"round={held.pk}"):
        yield f"{url('member-list')}?{query}"
    yield from (reverse("web:desk"), reverse("people:file", args=[one.person_id]), reverse("web:audit"))


@pytest.mark.parametrize(("role", "where"), EVERYBODY)
def test_nothing_of_a_sealed_round_is_on_any_page_for_anybody(places, held, enter, client, role, where):
    for side in ("self", "station", "origin"):
        make_round.hand_in(held, side, 73, reason=REASON)
    enter(role, places[where])

    for address in _addresses(held):
        text = client.get(address, follow=True).content.decode()
        assert REASON not in text, address
        assert not re.search(r">\s*73(\.00)?\s*<|value=\"73\"", text), address


def _tells(number: str, text: str) -> bool:
    """Whether the number stands in the text, not as a part of a longer one."""
    return re.search(rf"(?<!\d){number}(?!\d)", text) is not None


def test_the_member_and_the_writers_see_only_that_it_was_handed_in(places, held, client):
    user = member_user(held.appraisals.get().stay)
    make_round.hand_in(held, "self", 73, by=user, reason=REASON)
    client.force_login(user)

    for address in (url("mine"), url("my-assessment", make_round.of(held, "self").pk)):
        text = client.get(address).content.decode()
        assert REASON not in text
        assert not _tells("73", re.sub(r"value=\"[^\"]*\"|/[\w/-]+", "", text))


def _cells(response) -> str:
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(response.getvalue() if hasattr(response, "getvalue") else response.content)
    )
    return str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])


def test_a_spreadsheet_of_a_sealed_round_holds_no_score_and_one_of_a_closed_round_the_grades(places, enter, client):
    make.stay(places)
    held = make_round.handed_in(places["station"], own=73, station=73, origin=73)
    enter("station_head", places["station"])
    sealed = _cells(client.get(url("member-ledger")))
    assert not _tells("73", sealed)

    held = unsealing.unseal_round(held, by=make.user(), at=make_round.OPENED)
    deciding.propose(held.appraisals.get(), grade="basic", by=make.user(), at=make_round.OPENED)
    assert "基本合格" not in _cells(client.get(url("member-ledger"))), "a proposal is no grade"
    deciding.open_replies(held, by=make.user(), at=make_round.OPENED)
    deciding.decide(held.appraisals.get(), grade="basic", by=make.user(), at=make_round.OPENED + timedelta(days=30))
    assert "缪春花" in _cells(client.get(url("member-ledger"), {"grade": "basic"}))
    assert AuditEvent.objects.filter(verb="ledger.exported").count() == 3


def _sheet_data(held, points):
    return {f"points_{order}": points for order in held.criteria.values_list("order", flat=True)}


def test_a_station_and_an_origin_hand_in_and_come_to_the_next(places, enter, client):
    make.stay(places, "甲")
    make.stay(places, "乙")
    held = make_round.opened(places["station"])
    head = enter("station_head", places["station"])
    first, second = held.assessments.filter(side="station").order_by("pk")

    answer = client.post(url("score-station", first.pk), {**_sheet_data(held, 90), "reason_1": REASON})
    assert answer.url == url("score-station", second.pk)
    bad = client.post(url("score-station", second.pk), _sheet_data(held, 101))
    assert bad.context["form"].errors
    again = client.post(url("score-station", first.pk), _sheet_data(held, 10))
    assert again.context["form"].non_field_errors()
    assert REASON not in again.content.decode()

    first.refresh_from_db()
    assert first.handed_in_by == head
    enter("branch_secretary", places["branch"])
    assert client.get(url("score-station", second.pk)).status_code == 403
    assert client.get(url("due-origin")).context["page"].total == 2


def test_an_officer_enters_for_a_member_and_it_is_recorded(places, held, enter, client):
    officer = enter("station_officer", places["station"])
    row = make_round.of(held, "self")

    client.post(url("hand-in-for", row.pk), _sheet_data(held, 80))

    row.refresh_from_db()
    assert (row.handed_in_by, row.on_behalf) == (officer, True)
    assert client.post(url("hand-in-for", make_round.of(held, "station").pk), {}).status_code == 404


def test_who_only_oversees_enters_for_nobody(places, held, enter, client):
    enter("city_organiser", places["city"])

    assert client.post(url("hand-in-for", make_round.of(held, "self").pk), {}).status_code == 403


ROUND_DATA = {
    "year": 2026, "title": "2026年度双向评议", "cutoff_on": "2026-11-15", "due_on": "2026-12-10", "standards": "标",
    "demands": "要", "goals": "目", "method": "法", "mutual": "named", "peers": 2, "weight_self": 10,
    "weight_mutual": 20, "weight_station": 35, "weight_origin": 35, "excellent_from": 90, "qualified_from": 75,
    "basic_from": 60, "criteria-TOTAL_FORMS": 8, "criteria-INITIAL_FORMS": 0, "criteria-0-title": "政治素质",
    "criteria-0-weight": 60, "criteria-1-title": "作用发挥", "criteria-1-weight": 40,
}  # fmt: skip


def test_a_head_drafts_edits_and_publishes_a_round(places, enter, client):
    enter("station_head", places["station"])
    data = {**ROUND_DATA, "unit": places["station"].pk}
    wrong = client.post(url("new"), {**data, "criteria-1-weight": 41, "weight_self": 11})
    assert wrong.context["criteria"].non_form_errors()
    assert "weight_self" in wrong.context["form"].errors

    client.post(url("new"), data)
    held = AppraisalRound.objects.get()
    again = client.post(url("new"), data)
    assert again.context["form"].non_field_errors()
    client.post(url("edit", held.pk), {**data, "title": "改题", "criteria-INITIAL_FORMS": 2})
    client.post(url("step", held.pk, "publish"))

    held.refresh_from_db()
    assert (held.state, held.title, held.criteria.count()) == ("published", "改题", 2)
    assert client.get(url("edit", held.pk)).status_code == 404
    assert client.post(url("step", held.pk, "close")).context["form"].non_field_errors()
    assert client.get(url("step", held.pk, "dance")).status_code == 404


def test_the_form_of_a_new_round_begins_with_the_rules_and_that_of_a_draft_with_the_draft(places, enter, client):
    enter("station_head", places["station"])
    client.post(url("new"), {**ROUND_DATA, "unit": places["station"].pk})
    today = timezone.localdate()
    for key, value in {rules.WEIGHTS: "20 10 40 30", rules.GRADES_FROM: "95 80 65", rules.PEERS: 3}.items():
        dated.set_value(key, value, starts_on=today, source="县委通知", by=None, at=timezone.now())

    fields = ["peers", "weight_self", "weight_mutual", "weight_station", "weight_origin", "excellent_from"]
    new, draft = (
        [form[name].value() for name in fields]
        for form in (
            client.get(url("new")).context["form"],
            client.get(url("edit", AppraisalRound.objects.get().pk)).context["form"],
        )
    )
    assert new == [3, 20, 10, 40, 30, 95]
    assert draft == [2, 10, 20, 35, 35, 90]


def test_the_dispute_is_heard_from_the_proposal_to_the_letter(places, client):
    """The member objects; another level decides with a reason; letter and feedback tell it."""
    stay = make.stay(places)
    held = make_round.handed_in(places["station"], station=95, origin=80)
    user, one = member_user(stay), held.appraisals.get()
    head, county = make.user("station_head", places["station"]), make.user("county_organiser", places["county"])
    as_head, as_county, as_member, as_origin = Client(), Client(), Client(), Client()
    as_head.force_login(head)
    as_county.force_login(county)
    as_member.force_login(user)
    as_origin.force_login(make.user("branch_secretary", places["branch"]))

    as_head.post(url("step", held.pk, "unseal"))
    assert as_head.post(url("propose", one.pk), {"grade": "qualified"}).context["form"].non_field_errors()
    as_head.post(url("consult", one.pk), {
        "held_on": "2026-11-20", "station_people": "甲", "origin_people": "乙", "text": "议", "conclusion": "qualified",
    })  # fmt: skip
    assert as_head.post(url("propose", one.pk), {"grade": "qualified"}).context["form"].non_field_errors()
    assert as_head.post(url("consult-answer", one.pk), {"answer": "confirm"}).status_code == 403
    assert url("consult-answer", one.pk) in as_origin.get(url("member", one.pk)).content.decode()
    as_origin.post(url("consult-answer", one.pk), {"answer": "confirm"})
    as_head.post(url("propose", one.pk), {"grade": "qualified"})
    as_head.post(url("step", held.pk, "replies"))
    assert as_county.post(url("decide", one.pk), {"grade": "qualified"}).context["form"].non_field_errors()
    missing = as_member.post(url("my-result", one.pk), {"answer": "object", "text": ""})
    assert list(missing.context["form"].errors) == ["text"]
    as_member.post(url("my-result", one.pk), {"answer": "object", "text": "漏记志愿服务"})
    assert "漏记志愿服务" in as_origin.get(url("member", one.pk)).content.decode()
    assert as_head.post(url("decide", one.pk), {"grade": "excellent"}).status_code == 403
    as_county.post(url("decide", one.pk), {"grade": "excellent", "reason": "核实属实"})
    as_head.post(url("step", held.pk, "conclude"), {"reason": "仅一人"})
    as_head.post(url("step", held.pk, "close"))

    held.refresh_from_db()
    one.refresh_from_db()
    assert (held.state, one.grade, one.decided_by) == ("closed", "excellent", county)
    assert "核实属实" in as_member.get(url("my-result", one.pk)).content.decode()
    letter, feedback = held.notices.get(kind="origin"), held.notices.get(kind="member")
    as_origin.post(url("letter-received", letter.pk))
    as_member.post(url("my-notice-received", feedback.pk))
    assert held.notices.filter(received_at=None).count() == 0


def test_a_county_that_proposed_a_grade_leaves_the_decision_to_a_colleague(places, client):
    make.stay(places)
    held = make_round.handed_in(places["county"])
    one = held.appraisals.get()
    clients = []
    for _number in range(2):
        clients.append(Client())
        clients[-1].force_login(make.user("county_organiser", places["county"]))
    proposer, colleague = clients
    proposer.post(url("step", held.pk, "unseal"))
    proposer.post(url("propose", one.pk), {"grade": "qualified"})
    proposer.post(url("step", held.pk, "replies"))
    deciding.reply(one, agrees=True, by=make.user(), at=timezone.now())

    page = proposer.get(url("member", one.pk))
    assert page.context["may"]["decide"] is False
    assert page.context["may"]["proposed"] is True
    assert proposer.post(url("decide", one.pk), {"grade": "qualified"}).context["form"].non_field_errors()
    assert colleague.get(url("member", one.pk)).context["may"]["decide"] is True
    colleague.post(url("decide", one.pk), {"grade": "qualified"})
    one.refresh_from_db()
    assert one.grade == "qualified"


def test_reading_what_was_said_is_recorded_and_the_city_reads_no_texts(places, enter, client):
    make.stay(places)
    held = make_round.opened(places["station"])
    for side in ("self", "station", "origin"):
        make_round.hand_in(held, side, 88, reason=REASON)
    held = unsealing.unseal_round(held, by=make.user(), at=make_round.OPENED)
    one = held.appraisals.get()

    enter("station_head", places["station"])
    assert REASON in client.get(url("member", one.pk)).content.decode()
    assert AuditEvent.objects.get(verb="appraisal.read").fields == ["sheet"]
    enter("city_organiser", places["city"])
    page = client.get(url("member", one.pk))
    assert page.status_code == 200
    assert REASON not in page.content.decode()


def test_figures_open_their_rows_and_state_the_base(places, enter, client):
    make.stay(places, "甲")
    make.stay(places, "乙", member_kind="probationary")
    make_round.closed(places["station"])
    enter("county_organiser", places["county"])

    page = client.get(url("figures"))

    (row,) = page.context["rows"]
    assert (row["members"], row["base"], row["qualified"], row["probationary"]) == (2, 1, 1, 1)
    for number, address in row["cells"]:
        assert client.get(address).context["page"].total == number
    assert "甲" not in _cells(client.get(url("figures-ledger"), {"year": 2026}))


def test_a_list_asks_the_same_few_questions_for_one_row_and_for_many(
    places, enter, client, django_assert_max_num_queries
):
    for number in range(8):
        make.stay(places, f"成员{number}")
    make_round.opened(places["station"])
    enter("station_head", places["station"])

    with django_assert_max_num_queries(16):
        client.get(url("member-list"))
    with django_assert_max_num_queries(16):
        client.get(url("due-station"))


def test_the_time_line_tells_the_grade_to_both_sides_and_to_nobody_else(places):
    stay = make.stay(places)
    make_round.closed(places["station"])

    def told(user):
        seen = sight(user, stay.person, Reach.of(user, Permission.PERSON_VIEW))
        return [
            entry.title for entry in timeline.timeline(stay.person, seen).entries if "2026年度双向评议" in entry.title
        ]

    for role, where in (("station_officer", "station"), ("branch_secretary", "branch")):
        assert len(told(make.user(role, places[where]))) == 2
    assert told(make.user("destination_contact", places["community"])) == []


def test_facts_are_told_by_providers_to_those_who_may(places, held, enter, client, monkeypatch):
    monkeypatch.setattr(facts, "_providers", list(facts._providers))
    one = held.appraisals.get()
    facts.register("志愿", lambda people, a, b: {people[0]: [facts.Fact("星光服务8小时", "/x/")]})
    facts.register(
        "秘密", lambda people, a, b: {people[0]: [facts.Fact("不应看到")]}, permission=Permission.FUND_APPROVE
    )
    enter("station_head", places["station"])

    text = client.get(url("member", one.pk)).content.decode()

    assert "星光服务8小时" in text
    assert "不应看到" not in text


# --- the ballot -----------------------------------------------------------------------------------


@pytest.fixture
def box(places):
    for number in range(6):
        make.stay(places, f"成员{number}")
    held = make_round.opened(places["station"], mutual="ballot", weight_self=10, weight_mutual=10)
    return balloting.open_box(held, unit=places["station"], by=make.user(), at=make_round.OPENED)


def test_a_ballot_is_cast_without_a_name_a_session_or_a_key(box, client):
    code = balloting.print_papers(box, by=make.user(), at=make_round.OPENED)[0]
    events, here = AuditEvent.objects.count(), url("ballot", box.pk)

    wrong = client.post(here, {"code": "ACDE", "m0": "excellent", "cast": "1", "idem": str(box.pk)})
    names = client.post(here, {"code": code})
    nobody = client.post(here, {"code": code, "cast": "1"})
    done = client.post(here, {"code": code, "m0": "excellent", "m1": "basic", "cast": "1", "idem": str(box.pk)})

    assert list(wrong.context["form"].errors) == ["code"]
    assert wrong.headers["Cache-Control"] == names.headers["Cache-Control"] == "no-store"
    assert "成员0" in names.content.decode()
    assert nobody.context["form"].non_field_errors()
    assert done.url == url("ballot-cast")
    assert tallies.read(BallotBox.objects.get(pk=box.pk), "tally").ballots == 1
    assert "session" not in client.cookies
    assert (AuditEvent.objects.count(), Submission.objects.count()) == (events, 0)
    assert client.get(url("ballot-cast")).status_code == 200


def test_whoever_holds_no_paper_sees_no_name(box, client):
    code = balloting.print_papers(box, by=make.user(), at=make_round.OPENED)[0]
    balloting.cast(box, code=code, ballot={str(box.voters.first().pk): "basic"})

    for answer in (client.get(url("ballot", box.pk)), client.post(url("ballot", box.pk), {"code": code, "cast": "1"})):
        assert "成员" not in answer.content.decode()


def test_a_signed_in_browser_casts_no_ballot(places, box, enter, client):
    code = balloting.print_papers(box, by=make.user(), at=make_round.OPENED)[0]
    enter("station_head", places["station"])

    client.post(url("ballot", box.pk), {"code": code, "m0": "excellent", "cast": "1"})

    assert tallies.read(BallotBox.objects.get(pk=box.pk), "tally").ballots == 0


def test_a_head_runs_a_box_from_the_papers_to_the_sums(places, box, enter, client):
    enter("station_head", places["station"])
    papers = client.post(url("papers", box.pk))
    assert papers.headers["Content-Type"] == "application/pdf"
    assert papers.content.startswith(b"%PDF")
    ids = [str(pk) for pk in box.voters.values_list("appraisal", flat=True)]
    client.post(url("mark-voters", box.pk), {"pk": [*ids, "x"]})
    count = {"ballots": 5, "m0_basic": 5}
    assert client.post(url("count", box.pk), count).status_code == 302
    page = client.get(url("box", box.pk)).content.decode()
    assert "基本合格" not in page
    enter("station_officer", places["station"])
    client.post(url("count", box.pk), count)
    enter("station_head", places["station"])
    client.post(url("close-box", box.pk))

    box.refresh_from_db()
    sums = client.get(url("box", box.pk)).context["sums"]
    assert (box.ballots, sums[0][1]) == (5, [0, 0, 5, 0])


def test_no_page_tells_how_many_voted_before_the_box_is_closed(places, box, enter, client):
    codes = balloting.print_papers(box, by=make.user(), at=make_round.OPENED)
    enter("station_head", places["station"])
    before = re.sub(r"value=\"[^\"]*\"|Token\": \"\w+", "", client.get(url("box", box.pk)).content.decode())
    balloting.cast(box, code=codes[0], ballot={str(box.voters.first().pk): "basic"})

    after = re.sub(r"value=\"[^\"]*\"|Token\": \"\w+", "", client.get(url("box", box.pk)).content.decode())

    assert before == after


def test_assessments_of_a_merged_file_follow_the_stay(places):
    stay = make.stay(places)
    held = make_round.handed_in(places["station"])
    kept, membership = build_person(make.claim("另一份"), home=places["branch"], at=make_round.OPENED)
    kept.save(force_insert=True)
    membership.save(force_insert=True)
    merge_people(kept, stay.person, by=make.user(), at=make_round.OPENED)

    assert held.appraisals.get().person == kept
    assert set(Assessment.objects.filter(round=held).values_list("person", flat=True)) == {kept.pk}
    done = unsealing.unseal_round(held, by=make.user(), at=make_round.OPENED)
    assert done.appraisals.get().points == 88


@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_a_notice_is_taken_as_word_and_as_pdf_on_the_record_by_those_who_may(places, enter, client, form):
    make.stay(places)
    held = make_round.closed(places["station"])
    letter, feedback = held.notices.get(kind="origin"), held.notices.get(kind="member")
    enter("branch_secretary", places["branch"])

    for notice in (letter, feedback):
        answer = client.get(url("notice-paper", notice.pk, form))
        assert answer.content[:4] == {"docx": b"PK\x03\x04", "pdf": b"%PDF"}[form]
    assert AuditEvent.objects.filter(verb="result_notice.drawn").count() == 2
    enter("city_organiser", places["city"])
    assert client.get(url("notice-paper", feedback.pk, form)).status_code == 404
    rows = client.get(url("notice-list", held.pk)).context["page"].rows
    assert [(row.may_receive, row.may_read) for row in rows] == [(False, True), (False, False)]
    enter("branch_secretary", places["other branch"])
    assert client.get(url("notice-paper", letter.pk, form)).status_code == 404
