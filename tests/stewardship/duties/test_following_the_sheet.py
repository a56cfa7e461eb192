"""What is to be done follows the sheet: new items open where their duty lies, and whoever holds a duty can do them."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse
from django.utils import timezone

from tests import places as make
from tests.stewardship.appraisals import rounds as make_round
from waystation.stations.duty.actions import move_items, open_item
from waystation.stations.duty.models import OpenItem
from waystation.stewardship.appraisals.models import Assessment
from waystation.stewardship.contacts.actions import Said, log_contact, mark_due, prepare_week
from waystation.stewardship.duties import actions
from waystation.stewardship.grids.actions import assign
from waystation.stewardship.people.actions import end_stay, move_membership
from waystation.stewardship.people.models import Person
from waystation.web.desk_items import Desk, items_of

pytestmark = pytest.mark.django_db
NOW = timezone.now
WAY = {"talk": "station", "contact": "community", "service": "branch"}
ONLY_FIRST_DAY = "尚无变更，职责按纳管首日的规则分配"


def give(stay, kind, unit):
    """The duty passes to the unit today."""
    actions.handing.hand_over(stay, kind, to=unit, on=timezone.localdate(), by=None, at=NOW())


@pytest.fixture
def three_ways(places, stay):
    """Talks with the station, contact with the community, service with the branch."""
    for kind, name in WAY.items():
        give(stay, kind, places[name])
    return stay


def task(stay, topic="contact", unit=None, **more):
    unit = unit or stay.station
    return open_item(unit=unit, topic=topic, title=f"{topic} 林某", by=None, at=NOW(), bundle=f"stay:{stay.pk}", **more)


# --- the destination does what it answers for -----------------------------------------------------


def test_an_item_handed_over_is_seen_and_settled_by_the_community(client, places, helper, stay):
    item = task(stay, link="contacts:person", link_pk=stay.person_id)
    client.force_login(helper)
    assert client.get(reverse("duty:item", args=[item.pk])).status_code == 404

    give(stay, "contact", places["community"])

    listed = client.get(reverse("duty:item-list"))
    assert [row.pk for row in listed.context["page"].rows] == [item.pk]
    page = client.get(reverse("duty:item", args=[item.pk]))
    assert page.context["may_work"]
    # The log is not the community's to write: the sheet leads to the member, the result stands on the item.
    assert page.context["address"] == reverse("duties:sheet", args=[stay.pk])
    assert client.get(page.context["address"]).status_code == 200
    later = timezone.localdate() + timedelta(days=3)
    work = reverse("duty:item-work", args=[item.pk])
    client.post(work, {"act": "park", "until": later.isoformat()})
    item.refresh_from_db()
    assert item.parked_until == later
    client.post(work, {"act": "take"})
    client.post(work, {"act": "finish", "outcome": "已登门看望"})
    item.refresh_from_db()
    assert (item.outcome, item.done_by) == ("已登门看望", helper)


@pytest.mark.parametrize(
    ("role", "where"),
    [
        ("destination_contact", "other community"), ("destination_contact", "town"), ("destination_contact", "village"),
        ("branch_secretary", "branch"), ("station_head", "beside"),
    ],
)  # fmt: skip
def test_nobody_else_sees_or_settles_what_the_community_does(client, places, enter, stay, role, where):
    give(stay, "contact", places["community"])
    item = task(stay, unit=places["community"])
    enter(role, places[where])

    assert client.get(reverse("duty:item", args=[item.pk])).status_code == 404
    given = {"act": "finish", "outcome": "代办"}
    assert client.post(reverse("duty:item-work", args=[item.pk]), given).status_code == 404
    assert client.get(reverse("duty:item-list") + "?state=all").context["page"].rows == []
    item.refresh_from_db()
    assert item.done_at is None


def test_a_town_that_helps_does_not_see_what_branches_below_it_do(client, places, enter, stay):
    task(stay, unit=places["branch"])
    own = task(stay, unit=places["origin town"])
    enter("destination_contact", places["origin town"])

    rows = client.get(reverse("duty:item-list") + "?state=all").context["page"].rows

    assert [row.pk for row in rows] == [own.pk]


def test_the_community_notes_items_for_itself_only(client, places, helper):
    client.force_login(helper)

    assert list(client.get(reverse("duty:item-new")).context["form"].fields["unit"].queryset) == [places["community"]]


def test_the_desk_and_the_menu_lead_the_community_to_its_items(client, places, helper, stay):
    give(stay, "contact", places["community"])
    task(stay, unit=places["community"])

    counted = {one.key: one.number for one in items_of(Desk(helper, NOW(), timezone.localdate()))}
    client.force_login(helper)
    page = client.get(reverse("web:desk")).content.decode()

    assert counted["open-items"] == 1
    assert f'href="{reverse("duty:item-list")}"' in page
    assert f'href="{reverse("duty:today")}"' not in page


def test_whoever_has_the_page_of_the_day_finds_items_among_its_tabs(client, officer):
    client.force_login(officer)

    page = client.get(reverse("web:desk")).content.decode()

    assert f'href="{reverse("duty:today")}"' in page
    assert f'href="{reverse("duty:item-list")}"' not in page


# --- new items open where the duty of their topic lies --------------------------------------------


def units_of_items():
    return {item.topic: item.unit for item in OpenItem.objects.open()}


def test_what_follows_a_contact_opens_where_contact_and_service_lie(places, three_ways):
    said = Said("visit", "not_reached", timezone.localdate(), needs="想申请救助", follow_up_on=date(2099, 1, 1))

    log_contact(three_ways.person, said, unit=places["station"], by=make.user(), at=NOW())

    assert units_of_items() == {"contact": places["community"], "service": places["branch"]}
    assert set(OpenItem.objects.values_list("bundle", flat=True)) == {f"stay:{three_ways.pk}"}


def test_who_answers_is_asked_for_the_day_of_the_entry(places, stay):
    """A change that is to come does not draw today's items to it."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    actions.handing.hand_over(stay, "contact", to=places["community"], on=tomorrow, by=None, at=NOW())

    said = Said("phone", "not_reached", timezone.localdate(), follow_up_on=date(2099, 1, 1))
    log_contact(stay.person, said, unit=places["station"], by=make.user(), at=NOW())

    assert units_of_items() == {"contact": places["station"]}


def test_without_a_sheet_the_origin_is_asked(places, stay):
    end_stay(stay, ending="returned", on=timezone.localdate(), by=None, at=NOW())
    said = Said("visit", "not_reached", timezone.localdate(), needs="修房", follow_up_on=date(2099, 1, 1))

    log_contact(Person.objects.get(), said, unit=places["station"], by=make.user(), at=NOW())

    assert units_of_items() == {"contact": places["branch"], "service": places["branch"]}


def test_help_that_a_grid_asks_for_opens_where_service_lies(places, three_ways):
    grid = make.grid(places["station"]).unit
    assign(three_ways, grid.grid, by=None, at=NOW())
    row = prepare_week(grid, day=timezone.localdate(), at=NOW())[0].row

    mark_due(row, key=uuid.uuid4(), outcome="needs_help", tapped_at=NOW(), by=make.user(), at=NOW())

    assert units_of_items() == {"service": places["branch"]}


# --- each side assesses for itself ----------------------------------------------------------------


@pytest.mark.parametrize("first", ["handed before the round", "handed during the round"])
def test_assessments_stay_with_their_sides_whoever_organises(places, stay, first):
    if first == "handed before the round":
        give(stay, "appraisal", places["community"])
    held = make_round.opened(places["station"])
    organising = task(stay, topic="appraisal")
    taker = places["branch" if first == "handed before the round" else "community"]
    give(stay, "appraisal", taker)

    organising.refresh_from_db()
    assert organising.unit == taker
    for side, name in (("station", "station"), ("origin", "branch")):
        item = OpenItem.objects.open().get(link=f"appraisals:score-{side}")
        row = Assessment.objects.get(pk=item.link_pk)
        assert (item.unit, item.unit_path, row.unit_path) == (places[name], row.unit_path, places[name].path)
        assert (row.round, row.side) == (held, side)


@pytest.mark.parametrize("how", ["the stay ends", "another station takes over"])
def test_an_assessment_that_is_asked_for_stays_with_the_station_that_gives_it(client, places, officer, stay, how):
    make_round.opened(places["station"])
    if how == "the stay ends":
        end_stay(stay, ending="returned", on=timezone.localdate(), by=None, at=NOW())
    else:
        request = actions.ask_transfer(stay, to=places["beside"], destination=None, reason="迁居", by=officer, at=NOW())
        actions.accept_transfer(request, by=make.user("station_head", places["beside"]), at=NOW())

    item = OpenItem.objects.open().get(link="appraisals:score-station")
    assert item.unit == places["station"]
    client.force_login(make.user("station_head", places["station"]))
    page = client.get(reverse("duty:item", args=[item.pk]))
    assert client.get(page.context["address"]).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_the_migration_gives_assessments_that_went_astray_back(places):
    stay = make.stay(places)
    make_round.opened(places["station"])
    other = task(stay, topic="appraisal", unit=places["community"])
    items = OpenItem.objects.filter(link="appraisals:score-station")
    items.update(bundle=f"stay:{stay.pk}")
    move_items(f"stay:{stay.pk}", topics=["appraisal"], to=places["community"], by=None, at=NOW())
    executor = MigrationExecutor(connection)
    executor.migrate([("appraisals", "0007_the_origin_confirms_a_consultation")])

    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes("appraisals"))

    item = items.get()
    assert (item.unit, item.unit_path, item.bundle) == (places["station"], places["station"].path, "")
    other.refresh_from_db()
    assert (other.unit, other.bundle) == (places["community"], f"stay:{stay.pk}")


# --- the page says what has changed ---------------------------------------------------------------


def page_of(client, user, stay):
    client.force_login(user)
    return client.get(reverse("duties:sheet", args=[stay.pk]))


def test_a_sheet_of_the_first_day_says_so(client, officer, stay):
    page = page_of(client, officer, stay)

    assert page.context["changes"] == []
    assert ONLY_FIRST_DAY in page.content.decode()


def test_a_formal_transfer_is_a_change_with_its_day_and_cause(client, places, officer, stay):
    today = timezone.localdate()
    move_membership(stay.person, to=places["other branch"], on=today, by=None, at=NOW())

    page = page_of(client, officer, stay)

    change = page.context["changes"][0]
    assert (change.starts_on, change.before, change.after) == (today, places["branch"], places["other branch"])
    assert (change.labels, change.cause) == (["党费"], "组织关系转入")
    text = page.content.decode()
    assert ONLY_FIRST_DAY not in text
    assert change.cause in text


def test_an_agreement_is_a_change_and_so_is_one_of_the_first_day(client, places, officer, secretary):
    stay = make.stay(places, starts_on=timezone.localdate())
    proposal = actions.propose_change(
        stay, kind="talk", to=places["branch"], starts_on=stay.starts_on, reason="返乡", by=officer, at=NOW()
    )
    assert ONLY_FIRST_DAY not in page_of(client, officer, stay).content.decode()
    actions.agree(proposal, side="taker", by=secretary, at=NOW())

    change = page_of(client, officer, stay).context["changes"][0]

    assert (change.before, change.after, change.cause) == (places["station"], places["branch"], "双方商定")


def test_a_move_between_stations_is_said_to_those_who_care_and_hidden_from_the_next_community(client, places, officer):
    stay = make.stay(places)
    head = make.user("station_head", places["beside"])
    request = actions.ask_transfer(
        stay, to=places["beside"], destination=places["beside community"], reason="迁居", by=officer, at=NOW()
    )
    fresh = actions.accept_transfer(request, by=head, at=NOW())

    told = page_of(client, head, fresh).content.decode()
    assert "自其他工作站转来" in told
    assert places["station"].name in told
    assert ONLY_FIRST_DAY not in told
    other = page_of(client, make.user("destination_contact", places["beside community"]), fresh).content.decode()
    assert places["station"].name not in other
    assert ONLY_FIRST_DAY not in other
