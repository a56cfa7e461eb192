"""The home branch answers for a member until the receipt, and the receipt alone moves the membership."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from tests import make as bare
from tests import places as make
from waystation.accounts.models import User
from waystation.kernel import dated
from waystation.kernel.ids import new_id
from waystation.kernel.models import AuditEvent
from waystation.organizations.actions import end_mandate, grant_mandate, move_unit
from waystation.stations.duty.actions import open_item
from waystation.stations.duty.models import OpenItem
from waystation.stewardship.duties.queries import accountable
from waystation.stewardship.formalities import actions, rules
from waystation.stewardship.formalities.models import Transfer
from waystation.stewardship.people.actions import MergeRefused, NotPending, merge_people, return_home, undo_merge
from waystation.stewardship.people.models import Departure, Membership, Person, Stay

pytestmark = pytest.mark.django_db
NOW = timezone.now
DAY = timedelta(days=1)


def today():
    return timezone.localdate()


def issue(person, to, by, **more):
    asked = {"channel": "letter", "number": "霞组〔2026〕012号", "issued_on": today(), "reason": "长期居住"}
    return actions.issue_transfer(person, to=to, by=by, at=NOW(), **(asked | more))


def receive(transfer, by, **more):
    said = {"received_on": today(), "handled_by": "林晓", "ends_stay": False}
    return actions.receive_transfer(transfer, by=by, at=NOW(), **(said | more))


def items(transfer):
    return OpenItem.objects.open().filter(bundle=f"transfer:{transfer.pk}")


def test_an_issued_letter_moves_nothing_and_stands_on_both_lists(person, stay, places, secretary):
    transfer = issue(person, places["other branch"], secretary)

    person.refresh_from_db()
    assert person.home == places["branch"]
    assert Membership.objects.get(ends_on=None).branch == places["branch"]
    assert accountable(stay, "dues", today()) == places["branch"]
    assert (transfer.valid_days, transfer.expires_on) == (10, today() + 10 * DAY)
    assert transfer.receipt_due_on == today() + 30 * DAY
    assert dict(items(transfer).values_list("unit", "due_on")) == {
        places["branch"].pk: transfer.receipt_due_on, places["other branch"].pk: transfer.expires_on,
    }  # fmt: skip


def test_the_receipt_moves_membership_file_duties_and_tasks_at_once(person, stay, places, secretary, receiver):
    task = open_item(
        unit=places["branch"], topic="dues", title="党费", by=None, at=NOW(), bundle=f"stay:{stay.pk}", key="dues"
    )
    transfer = issue(person, places["other branch"], secretary)

    receive(transfer, receiver)

    transfer.refresh_from_db()
    task.refresh_from_db()
    person = Person.objects.get(pk=person.pk)
    stay = Stay.objects.get(pk=stay.pk)
    assert (transfer.state, transfer.received_on, transfer.closed_by) == ("received", today(), receiver)
    assert (person.home, person.home_path) == (places["other branch"], places["other branch"].path)
    assert Membership.objects.get(ends_on=None).branch == places["other branch"]
    assert accountable(stay, "dues", today()) == places["other branch"]
    assert stay.ends_on is None
    assert task.unit == places["other branch"]
    assert not items(transfer).exists()
    assert AuditEvent.objects.filter(verb="membership.moved").count() == 1


def test_with_the_receipt_the_stay_may_end_because_the_member_is_mobile_no_more(
    person, stay, places, secretary, receiver
):
    task = open_item(
        unit=places["station"], topic="talk", title="谈话", by=None, at=NOW(), bundle=f"stay:{stay.pk}", key="talk"
    )
    receive(issue(person, places["other branch"], secretary), receiver, ends_stay=True)

    stay.refresh_from_db()
    stay.departure.refresh_from_db()
    task.refresh_from_db()
    assert (stay.ends_on, stay.ending, stay.departure.state) == (today(), "transferred", "transferred")
    assert task.unit == places["other branch"]


def test_a_departure_that_a_transfer_ends_is_closed_as_transferred(person, stay, places, secretary, receiver, client):
    card = actions.issue_card(person, number="1", issued_on=today() - DAY, by=secretary, at=NOW())
    receive(issue(person, places["other branch"], secretary), receiver, ends_stay=True)

    departure = Departure.objects.get(person=person)
    assert (departure.state, departure.closed_by, departure.closing_reason != "") == ("transferred", receiver, True)
    event = AuditEvent.objects.get(verb="departure.transferred")
    assert event.facts["transferred_on"] == today().isoformat()
    assert not AuditEvent.objects.filter(verb="departure.returned").exists()
    # The branch takes the card in, as from whoever is not away any more.
    assert OpenItem.objects.open().filter(key=f"card-back:{card.pk}").exists()
    client.force_login(receiver)
    page = client.get(reverse("people:file-section", args=[person.pk, "life"])).content.decode()
    assert "不再是流动党员，外出登记结束" in page
    assert "回归，外出登记结束" not in page
    with pytest.raises(NotPending):
        return_home(departure, on=today(), by=secretary, at=NOW())


def test_a_departure_that_nobody_has_answered_is_closed_by_a_transfer_too(places, secretary):
    departure = make.departure(places, "雷远山")

    receive(issue(departure.person, None, secretary, to_text="外省"), secretary)

    departure.refresh_from_db()
    assert departure.state == "transferred"
    with pytest.raises(IntegrityError), transaction.atomic():
        Departure.objects.filter(pk=departure.pk).update(closed_at=None)


def test_a_station_does_not_end_a_stay_as_transferred_by_hand(stay, places, client):
    client.force_login(make.user("station_head", places["station"]))
    url = reverse("people:stay-end", args=[stay.pk])

    page = client.post(url, {"on": today().isoformat(), "ending": "transferred"})

    assert "ending" in page.context["form"].errors
    stay.refresh_from_db()
    assert stay.ends_on is None


def test_departures_closed_before_by_a_transfer_are_found_by_the_migration(person, places, secretary, receiver):
    receive(issue(person, places["other branch"], secretary), receiver, ends_stay=True)
    back = make.departure(places, "雷远山")
    return_home(back, on=today(), by=secretary, at=NOW())
    Departure.objects.filter(person=person).update(state="returned")
    migration = import_module("waystation.stewardship.formalities.migrations.0002_departures_closed_as_transferred")

    migration.tell_apart(apps, None)
    states = dict(Departure.objects.values_list("person", "state"))
    assert states == {person.pk: "transferred", back.person_id: "returned"}
    migration.say_returned(apps, None)
    assert set(Departure.objects.values_list("state", flat=True)) == {"returned"}


def test_a_transfer_out_of_the_area_ends_the_membership_here(person, stay, places, secretary):
    transfer = issue(person, None, secretary, to_text="厦门市思明区筼筜街道党工委")
    assert transfer.valid_days == 30

    receive(transfer, secretary)

    person.refresh_from_db()
    stay.refresh_from_db()
    assert (person.home, person.home_path) == (None, "")
    assert not Membership.objects.filter(ends_on=None).exists()
    assert stay.ending == "transferred"


def test_only_the_receiving_branch_records_the_receipt(person, places, secretary):
    transfer = issue(person, places["other branch"], secretary)

    for stranger in (secretary, make.user("station_officer", places["station"]), make.user()):
        with pytest.raises(actions.NotAllowed):
            receive(transfer, stranger)
    person.refresh_from_db()
    assert person.home == places["branch"]


@pytest.fixture
def organiser(places):
    """Speaks for the county, and so for both branches."""
    return make.user("county_organiser", places["county"])


def test_the_unit_that_issued_a_letter_does_not_sign_its_receipt(person, places, organiser, receiver):
    transfer = issue(person, places["other branch"], organiser)

    for hand in (organiser, make.user("county_organiser", places["county"])):
        with pytest.raises(actions.OwnLetter):
            receive(transfer, hand)
    assert Person.objects.get(pk=person.pk).home == places["branch"]
    assert receive(transfer, receiver).state == "received"


def test_another_unit_over_both_branches_may_sign_for_the_receiving_one(person, places, secretary, organiser):
    assert receive(issue(person, places["other branch"], secretary), organiser).closed_by == organiser


def test_another_hat_makes_no_receiver_of_who_issued(person, places, organiser):
    transfer = issue(person, places["other branch"], organiser)
    grant_mandate(
        user=organiser, role="branch_secretary", unit=places["other branch"], starts_on=today(), by=None, at=NOW()
    )
    colleague = make.user("county_organiser", places["county"])
    grant_mandate(
        user=colleague, role="branch_secretary", unit=places["other branch"], starts_on=today(), by=None, at=NOW()
    )
    for hand in (organiser, colleague):
        with pytest.raises(actions.OwnLetter):
            receive(transfer, User.objects.get(pk=hand.pk))
    for mandate in organiser.mandates.filter(role="county_organiser"):
        end_mandate(mandate, ends_on=today(), by=None, at=NOW())
    with pytest.raises(actions.OwnLetter):
        receive(transfer, User.objects.get(pk=organiser.pk))


def test_who_issued_in_a_unit_that_they_left_binds_that_unit_still(person, places, organiser):
    transfer = issue(person, places["other branch"], organiser)
    organiser.mandates.update(ends_on=today() + DAY)
    colleague = make.user("county_organiser", places["county"])

    with pytest.raises(actions.OwnLetter):
        receive(transfer, colleague)


def test_a_role_that_tracks_no_transfers_binds_nobody(person, places, secretary, receiver):
    transfer = issue(person, places["other branch"], secretary)
    for hand in (secretary, receiver):
        grant_mandate(user=hand, role="member", unit=places["branch"], starts_on=today() - DAY, by=None, at=NOW())

    assert receive(transfer, User.objects.get(pk=receiver.pk)).state == "received"


def test_the_receipt_from_elsewhere_is_noted_by_the_issuing_side_alone(person, places, secretary, receiver, organiser):
    transfer = issue(person, None, secretary, to_text="厦门市思明区筼筜街道党工委")

    with pytest.raises(actions.NotAllowed):
        receive(transfer, receiver)
    assert receive(transfer, organiser).closed_by == organiser


def test_only_the_home_branch_issues_and_withdraws(person, places, secretary, receiver):
    with pytest.raises(actions.NotAllowed):
        issue(person, places["other branch"], receiver)
    transfer = issue(person, places["other branch"], secretary)
    with pytest.raises(actions.NotAllowed):
        actions.withdraw_transfer(transfer, reason="x", by=receiver, at=NOW())
    with pytest.raises(actions.ReasonMissing):
        actions.withdraw_transfer(transfer, reason=" ", by=secretary, at=NOW())
    actions.withdraw_transfer(transfer, reason="本人改变计划", by=secretary, at=NOW())

    assert not items(transfer).exists()
    with pytest.raises(actions.AlreadyClosed):
        receive(transfer, receiver)
    assert Person.objects.get(pk=person.pk).home == places["branch"]


def test_one_open_transfer_a_person(person, places, secretary):
    issue(person, places["other branch"], secretary)

    with pytest.raises(actions.AlreadyOnItsWay):
        issue(person, None, secretary, to_text="外省")
    row = Transfer.objects.get()
    row.pk = new_id()
    with pytest.raises(IntegrityError), transaction.atomic():
        Transfer.objects.bulk_create([row])


def test_what_a_letter_may_not_say(person, places, secretary):
    dated.set_value(rules.MOST_DAYS, 60, starts_on=today(), source="", by=None, at=NOW())
    for refusal, more in (
        (actions.TooLong, {"valid_days": 61}),
        (actions.TooLong, {"valid_days": 0}),
        (actions.WrongDay, {"issued_on": today() + DAY}),
    ):
        with pytest.raises(refusal):
            issue(person, places["other branch"], secretary, **more)
    for number, more in (("", {}), ("1号", {"to": None}), ("1号", {"to": places["branch"]})):
        with pytest.raises(IntegrityError), transaction.atomic():
            issue(person, more.get("to", places["other branch"]), secretary, number=number)
    nobody = bare.person(None, "无名氏")
    with pytest.raises(actions.NoBranch):
        issue(nobody, places["other branch"], secretary)


def test_an_online_transfer_needs_no_number(person, places, secretary):
    assert issue(person, places["other branch"], secretary, channel="online", number="").state == "issued"


def test_a_letter_expires_and_the_home_branch_stays_responsible_and_is_told(person, stay, places, secretary, receiver):
    transfer = issue(person, places["other branch"], secretary, issued_on=today() - 10 * DAY)
    assert actions.expire_transfers(NOW()) == 0
    assert actions.expire_transfers(NOW() + DAY) == 1
    assert actions.expire_transfers(NOW() + DAY) == 0

    transfer.refresh_from_db()
    assert (transfer.state, transfer.closed_by) == ("expired", None)
    assert list(items(transfer).values_list("unit", flat=True)) == [places["branch"].pk]
    assert Person.objects.get(pk=person.pk).home == places["branch"]
    assert accountable(stay, "dues", today() + DAY) == places["branch"]
    with pytest.raises(actions.NotWhileValid):
        actions.receive_transfer(
            transfer, received_on=today() + DAY, handled_by="", ends_stay=False, by=receiver, at=NOW() + DAY
        )


def test_a_receipt_within_the_validity_may_be_recorded_late(person, places, secretary, receiver):
    transfer = issue(person, places["other branch"], secretary, issued_on=today() - 10 * DAY)
    actions.expire_transfers(NOW() + DAY)

    receive(transfer, receiver, received_on=today() - DAY)

    assert Person.objects.get(pk=person.pk).home == places["other branch"]
    assert not items(transfer).exists()


def test_a_late_receipt_does_not_overtake_a_newer_letter(person, places, secretary, receiver):
    first = issue(person, places["other branch"], secretary, issued_on=today() - 10 * DAY)
    actions.expire_transfers(NOW() + DAY)
    issue(person, None, secretary, to_text="外省", number="2号")

    with pytest.raises(actions.AlreadyOnItsWay):
        receive(first, receiver)


def test_the_day_of_a_receipt_lies_between_issue_and_today(person, places, secretary, receiver):
    transfer = issue(person, places["other branch"], secretary)

    for day in (today() - DAY, today() + DAY):
        with pytest.raises(actions.WrongDay):
            receive(transfer, receiver, received_on=day)


def test_transfers_follow_a_merge_and_its_undo(person, places, secretary):
    by = make.user()
    twin = bare.person(places["branch"], "缪春花")
    transfer = issue(twin, places["other branch"], secretary)

    merge = merge_people(person, twin, by=by, at=NOW())
    transfer.refresh_from_db()
    assert transfer.person == person
    undo_merge(merge, by=by, at=NOW())
    transfer.refresh_from_db()
    assert transfer.person == twin


def test_two_open_transfers_stand_in_the_way_of_a_merge_and_a_receipt_in_that_of_its_undo(
    person, places, secretary, receiver
):
    by = make.user()
    twin = bare.person(places["branch"], "缪春花")
    mine, other = (issue(one, places["other branch"], secretary, number=one.pk.hex[:9]) for one in (person, twin))
    with pytest.raises(MergeRefused), transaction.atomic():
        merge_people(person, twin, by=by, at=NOW())
    actions.withdraw_transfer(other, reason="重复", by=secretary, at=NOW())
    merge = merge_people(person, twin, by=by, at=NOW())
    receive(mine, receiver)

    with pytest.raises(MergeRefused), transaction.atomic():
        undo_merge(merge, by=by, at=NOW())
    assert Person.objects.get(pk=person.pk).home == places["other branch"]


def test_paths_follow_a_unit_that_moves(person, places, secretary):
    issue(person, places["other branch"], secretary)
    move_unit(places["village"], parent=places["town"], by=None, at=NOW())
    places["branch"].refresh_from_db()

    assert Transfer.objects.get().origin_path == places["branch"].path
