"""The law of the duty sheet: every day, every duty, one unit."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests import places as make
from waystation.kernel import dated
from waystation.kernel.models import AuditEvent
from waystation.organizations.access import Reach
from waystation.organizations.actions import move_unit
from waystation.organizations.permissions import Permission
from waystation.stations.duty.actions import open_item
from waystation.stations.duty.models import OpenItem
from waystation.stewardship.duties import actions, queries, tasks
from waystation.stewardship.duties.models import Duty, Proposal
from waystation.stewardship.people.actions import end_stay, move_membership
from waystation.stewardship.people.models import Departure, Membership, Stay

pytestmark = pytest.mark.django_db
NOW = timezone.now
DAY = timedelta(days=1)


def today():
    return timezone.localdate()


def item(stay, kind, unit):
    return open_item(
        unit=unit, topic=kind, title="谈心谈话", by=None, at=NOW(), bundle=f"stay:{stay.pk}", key=f"{kind}:{stay.pk}"
    )


def change(stay, kind, to, first, second, *, on=None):
    """A change that both units agree on."""
    proposal = actions.propose_change(
        stay, kind=kind, to=to, starts_on=on or today(), reason="就近办理", by=first, at=NOW()
    )
    side = "taker" if proposal.holder_agreed_by_id else "holder"
    return actions.agree(proposal, side=side, by=second, at=NOW())


def test_a_stay_opens_with_a_sheet_in_which_the_origin_answers_for_dues_and_the_station_for_the_rest(stay, places):
    held = dict(Duty.objects.filter(stay=stay).values_list("kind", "unit"))

    branch, station = places["branch"].pk, places["station"].pk
    assert held == {kind: branch if kind == "dues" else station for kind in Duty.Kind.values}
    assert {duty.starts_on for duty in stay.duties.all()} == {stay.starts_on}
    assert queries.faulty_stays().count() == 0


def test_the_rule_of_the_first_day_of_a_stay_decides(places):
    kept = {"starts_on": date(2026, 6, 1), "source": "县委组织部通知", "by": None, "at": NOW()}
    dated.set_value("duty.service", "destination", **kept)

    before = make.stay(places, "甲某", starts_on=date(2026, 5, 31))
    after = make.stay(places, "乙某", starts_on=date(2026, 6, 1))
    homeless = make.stay(places, "丙某", community=None, starts_on=date(2026, 6, 1))

    units = [queries.accountable(one, "service", one.starts_on) for one in (before, after, homeless)]
    assert units == [places["station"], places["community"], places["station"]]


def test_a_rule_names_one_of_three_parties():
    with pytest.raises(dated.NotAValue):
        dated.set_value("duty.service", "nobody", starts_on=today(), source="", by=None, at=NOW())


def test_sheets_of_many_stays_are_allocated_at_once_as_one_by_one(places):
    dated.set_value("duty.life", "origin", starts_on=date(2026, 3, 1), source="", by=None, at=NOW())
    dated.set_value("duty.life", "station", starts_on=date(2026, 5, 1), source="", by=None, at=NOW())
    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 4, 30), date(2026, 5, 1)]
    stays = [make.stay(places, f"王某{number}", starts_on=day) for number, day in enumerate(days)]
    columns = ("stay", "kind", "unit", "unit_path", "starts_on")
    one_by_one = sorted(Duty.objects.values_list(*columns), key=str)
    Duty.objects.all().delete()
    assert queries.faulty_stays().count() == len(stays)

    made = actions.allocate_missing(by=None, at=NOW())

    assert made == len(stays) * len(Duty.Kind.values)
    assert sorted(Duty.objects.values_list(*columns), key=str) == one_by_one
    assert (actions.allocate_missing(by=None, at=NOW()), tasks.allocate(NOW())) == (0, 0)
    Duty.objects.filter(stay=stays[0]).delete()
    assert tasks.allocate(NOW()) == len(Duty.Kind.values)
    assert [queries.accountable(stay, "life", stay.starts_on).kind for stay in stays] == [
        "station", "branch", "branch", "station",
    ]  # fmt: skip


def test_the_command_allocates_and_reports_a_gap(stay, capsys):
    Duty.objects.filter(kind="talk").delete()
    with pytest.raises(CommandError):
        call_command("allocate_duties", check=True)

    call_command("allocate_duties")

    assert queries.faulty_stays().count() == 0
    assert "1" in capsys.readouterr().out


def test_two_units_cannot_begin_on_one_day(stay, places):
    with pytest.raises(IntegrityError), transaction.atomic():
        Duty.objects.create(
            stay=stay, kind="dues", unit=places["station"], unit_path=places["station"].path, starts_on=stay.starts_on
        )


def test_before_and_after_a_stay_the_origin_answers(stay, places):
    end_stay(stay, on=date(2026, 11, 20), ending="returned", by=None, at=NOW())
    stay.refresh_from_db()

    days = [date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 19), date(2026, 11, 20)]
    units = [queries.accountable(stay, "talk", day) for day in days]

    assert units == [places[name] for name in ("branch", "station", "station", "branch")]


# --- agreement ------------------------------------------------------------------------------------


def test_a_duty_passes_when_the_present_and_the_future_unit_have_agreed(stay, places, officer, helper):
    task = item(stay, "service", places["station"])
    other = item(stay, "talk", places["station"])

    proposal = actions.propose_change(
        stay, kind="service", to=places["community"], starts_on=today(), reason="就近办理", by=officer, at=NOW()
    )
    assert queries.accountable(stay, "service", today()) == places["station"]
    actions.agree(proposal, side="taker", by=helper, at=NOW())

    proposal.refresh_from_db()
    task.refresh_from_db()
    other.refresh_from_db()
    assert (proposal.state, proposal.holder_agreed_by, proposal.taker_agreed_by) == ("agreed", officer, helper)
    assert queries.accountable(stay, "service", today()) == places["community"]
    assert queries.accountable(stay, "service", today() - DAY) == places["station"]
    assert (task.unit, task.unit_path) == (places["community"], places["community"].path)
    assert other.unit == places["station"]
    verbs = AuditEvent.objects.filter(verb__startswith="duty.").order_by("number").values_list("verb", flat=True)
    assert list(verbs) == ["duty.proposed", "duty.agreed"]


def test_a_third_party_may_propose_and_then_both_others_must_agree(stay, places, officer, helper, secretary):
    proposal = actions.propose_change(
        stay, kind="service", to=places["community"], starts_on=today(), reason="就近", by=secretary, at=NOW()
    )
    assert (proposal.holder_agreed_by, proposal.taker_agreed_by) == (None, None)

    actions.agree(proposal, side="holder", by=officer, at=NOW())
    assert queries.accountable(stay, "service", today()) == places["station"]
    actions.agree(proposal, side="taker", by=helper, at=NOW())

    assert queries.accountable(stay, "service", today()) == places["community"]


def test_only_who_speaks_for_a_unit_agrees_for_it(stay, places, officer, helper, secretary):
    proposal = actions.propose_change(
        stay, kind="service", to=places["community"], starts_on=today(), reason="就近", by=officer, at=NOW()
    )

    for stranger in (secretary, make.user("branch_secretary", places["other branch"]), make.user()):
        with pytest.raises(actions.NotConcerned):
            actions.agree(proposal, side="taker", by=stranger, at=NOW())
    with pytest.raises(actions.NotConcerned):
        actions.propose_change(
            stay, kind="talk", to=places["branch"], starts_on=today(), reason="x", by=make.user(), at=NOW()
        )


def test_one_person_does_not_agree_for_both_units(stay, places):
    county = make.user("county_organiser", places["county"])
    proposal = actions.propose_change(
        stay, kind="talk", to=places["branch"], starts_on=today(), reason="返乡", by=county, at=NOW()
    )

    with pytest.raises(actions.TwoPeople):
        actions.agree(proposal, side="taker", by=county, at=NOW())


def test_what_a_proposal_may_not_say(stay, places, officer):
    def propose(**more):
        asked = {"kind": "talk", "to": places["branch"], "starts_on": today(), "reason": "返乡", "by": officer}
        actions.propose_change(stay, at=NOW(), **(asked | more))

    for refusal, more in (
        (actions.PastDay, {"starts_on": today() - DAY}),
        (actions.SameUnit, {"to": places["station"]}),
        (actions.NotAParty, {"to": places["other branch"]}),
        (actions.NotAParty, {"to": places["beside"]}),
        (actions.ReasonMissing, {"reason": "  "}),
    ):
        with pytest.raises(refusal):
            propose(**more)
    propose()
    with pytest.raises(actions.AlreadyProposed):
        propose()
    propose(kind="life")


def test_a_refusal_has_a_reason_and_closes_the_proposal(stay, places, officer, secretary):
    proposal = actions.propose_change(
        stay, kind="talk", to=places["branch"], starts_on=today(), reason="返乡", by=officer, at=NOW()
    )
    with pytest.raises(actions.ReasonMissing):
        actions.refuse_proposal(proposal, reason=" ", by=secretary, at=NOW())
    actions.refuse_proposal(proposal, reason="本月换届", by=secretary, at=NOW())

    proposal.refresh_from_db()
    assert (proposal.state, proposal.closing_reason) == ("refused", "本月换届")
    with pytest.raises(actions.NotOpenAnyMore):
        actions.agree(proposal, side="taker", by=secretary, at=NOW())
    assert queries.accountable(stay, "talk", today()) == places["station"]


def test_a_proposal_is_withdrawn_by_the_unit_that_made_it(stay, places, officer, secretary):
    proposal = actions.propose_change(
        stay, kind="talk", to=places["branch"], starts_on=today(), reason="返乡", by=officer, at=NOW()
    )
    with pytest.raises(actions.NotConcerned):
        actions.withdraw_proposal(proposal, by=secretary, at=NOW())
    actions.withdraw_proposal(proposal, by=make.user("station_head", places["station"]), at=NOW())

    assert Proposal.objects.get().state == "withdrawn"


def test_what_waits_for_a_user_is_what_the_user_may_still_agree_to(stay, places, officer, secretary):
    def waiting(user):
        return Proposal.objects.waiting_for(user, Reach.of(user, Permission.DUTY_AGREE)).count()

    county = make.user("county_organiser", places["county"])
    actions.propose_change(
        stay, kind="talk", to=places["branch"], starts_on=today(), reason="返乡", by=officer, at=NOW()
    )
    assert [waiting(user) for user in (officer, secretary, county)] == [0, 1, 1]
    actions.propose_change(
        stay, kind="life", to=places["branch"], starts_on=today(), reason="返乡", by=county, at=NOW()
    )
    assert [waiting(user) for user in (officer, secretary, county)] == [0, 2, 1]


# --- a day to come --------------------------------------------------------------------------------


def test_a_change_for_a_day_to_come_moves_the_open_items_on_that_day(stay, places, officer, secretary):
    task = item(stay, "talk", places["station"])
    day = today() + 3 * DAY
    change(stay, "talk", places["branch"], officer, secretary, on=day)

    assert queries.accountable(stay, "talk", day - DAY) == places["station"]
    assert queries.accountable(stay, "talk", day) == places["branch"]
    assert actions.take_effect(NOW() + 2 * DAY) == 0
    task.refresh_from_db()
    assert task.unit == places["station"]

    assert actions.take_effect(NOW() + 3 * DAY) == 1
    task.refresh_from_db()
    assert task.unit == places["branch"]
    # Later rounds leave alone what somebody gives to another unit on purpose.
    OpenItem.objects.filter(pk=task.pk).update(unit=places["station"], unit_path=places["station"].path)
    assert actions.take_effect(NOW() + 4 * DAY) == 0


def test_a_change_agreed_after_its_day_holds_from_the_day_of_the_agreement(stay, places, officer, secretary):
    proposal = actions.propose_change(
        stay, kind="talk", to=places["branch"], starts_on=today(), reason="返乡", by=officer, at=NOW()
    )
    actions.agree(proposal, side="taker", by=secretary, at=NOW() + 5 * DAY)

    assert queries.accountable(stay, "talk", today() + 4 * DAY) == places["station"]
    assert queries.accountable(stay, "talk", today() + 5 * DAY) == places["branch"]


def test_an_agreement_lapses_when_the_duty_has_come_to_a_third_unit(stay, places, officer, secretary, helper):
    town = make.user("township_organiser", places["origin town"])
    change(stay, "talk", places["branch"], officer, secretary, on=today() + 5 * DAY)
    proposal = actions.propose_change(
        stay, kind="talk", to=places["origin town"], starts_on=today(), reason="统筹", by=officer, at=NOW()
    )

    actions.agree(proposal, side="taker", by=town, at=NOW() + 6 * DAY)

    proposal.refresh_from_db()
    assert proposal.state == "lapsed"
    assert queries.accountable(stay, "talk", today() + 6 * DAY) == places["branch"]


# --- what happens to the stay ---------------------------------------------------------------------


def test_the_end_of_a_stay_closes_the_sheet_and_sends_open_items_to_the_origin(stay, places, officer, secretary):
    tasks = [item(stay, kind, places["station"]) for kind in ("talk", "service", "other")]
    change(stay, "life", places["branch"], officer, secretary, on=today() + 9 * DAY)
    actions.propose_change(
        stay, kind="talk", to=places["branch"], starts_on=today(), reason="返乡", by=officer, at=NOW()
    )

    end_stay(stay, on=today(), ending="returned", by=officer, at=NOW())

    assert {OpenItem.objects.get(pk=task.pk).unit for task in tasks} == {places["branch"]}
    assert sorted(Proposal.objects.values_list("state", flat=True)) == ["agreed", "lapsed"]
    assert not Duty.objects.filter(stay=stay, starts_on__gt=today()).exists()
    with pytest.raises(actions.StayEnded):
        actions.propose_change(
            stay, kind="talk", to=places["branch"], starts_on=today(), reason="返乡", by=officer, at=NOW()
        )


def test_duties_of_the_branch_follow_the_formal_relation(stay, places, officer, secretary):
    task = item(stay, "dues", places["branch"])
    change(stay, "talk", places["branch"], officer, secretary, on=today() + 5 * DAY)
    waiting = actions.propose_change(
        stay, kind="life", to=places["branch"], starts_on=today(), reason="返乡", by=officer, at=NOW()
    )
    apart = actions.propose_change(
        stay, kind="service", to=places["community"], starts_on=today(), reason="就近", by=officer, at=NOW()
    )

    move_membership(stay.person, to=places["other branch"], on=today(), by=secretary, at=NOW())

    task.refresh_from_db()
    stay = Stay.objects.get(pk=stay.pk)
    assert queries.accountable(stay, "dues", today()) == places["other branch"]
    assert queries.accountable(stay, "dues", today() - DAY) == places["branch"]
    assert queries.accountable(stay, "talk", today()) == places["station"]
    assert queries.accountable(stay, "talk", today() + 5 * DAY) == places["other branch"]
    assert task.unit == places["other branch"]
    waiting.refresh_from_db()
    apart.refresh_from_db()
    assert (waiting.state, apart.state) == ("lapsed", "open")
    assert stay.person.home == places["other branch"]
    assert Departure.objects.get().origin == places["other branch"]
    assert list(Membership.objects.order_by("starts_on", "ends_on").values_list("branch", "ends_on")) == [
        (places["branch"].pk, max(today(), Membership.objects.order_by("starts_on")[0].starts_on)),
        (places["other branch"].pk, None),
    ]


def test_the_paths_of_a_unit_that_moves_follow(stay, places, officer):
    actions.propose_change(
        stay, kind="talk", to=places["branch"], starts_on=today(), reason="返乡", by=officer, at=NOW()
    )
    move_unit(places["village"], parent=places["town"], by=None, at=NOW())
    places["branch"].refresh_from_db()

    assert Duty.objects.get(kind="dues").unit_path == places["branch"].path
    assert Proposal.objects.get().taker_path == places["branch"].path


# --- for lists ------------------------------------------------------------------------------------


def test_lists_say_the_same_as_the_sheet(places, officer, secretary, django_assert_num_queries):
    stays = [make.stay(places, f"王某{number}") for number in range(3)]
    change(stays[1], "talk", places["branch"], officer, secretary)
    change(stays[2], "talk", places["branch"], officer, secretary, on=today() + 2 * DAY)

    for day in (today(), today() + 2 * DAY):
        with django_assert_num_queries(1):
            listed = {row.pk: row.accountable_id for row in queries.with_accountable(Stay.objects.all(), "talk", day)}
        assert listed == {stay.pk: queries.accountable(stay, "talk", day).pk for stay in stays}
        reach = Reach.of(secretary, Permission.DUTY_VIEW)
        mine = Stay.objects.filter(queries.is_answered_within(reach, "talk", day))
        assert {stay.pk for stay in mine} == {pk for pk, unit in listed.items() if unit == places["branch"].pk}
