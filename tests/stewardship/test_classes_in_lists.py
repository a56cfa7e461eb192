"""The classes of people narrow every list of the work with members, and its ledger alike."""

import io
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests import places as make
from tests.stewardship.groups import grown
from waystation.kernel.sealing import seal
from waystation.stewardship.contacts import actions as contacts
from waystation.stewardship.contacts.actions import Said
from waystation.stewardship.people import classes
from waystation.stewardship.people.actions import save_list
from waystation.stewardship.people.models import Person
from waystation.stewardship.people.queries.saved import packed

pytestmark = pytest.mark.django_db
NAMES = ("钟甲", "钟乙", "钟丙", "钟丁")
# Of each list: its page, its ledger, and what its address has beside the classes.
LISTS = {
    "contacts due": ("contacts:list", ("contacts:export", ["quiet"]), {"days": 1}),
    "home visits": ("contacts:visit-list", ("contacts:export", ["visits"]), {}),
    "log": ("contacts:log", ("contacts:export", ["log"]), {}),
    "dues": ("dues:list", ("dues:export", []), {}),
    "duties": ("duties:list", ("duties:export", []), {}),
    "learning": ("education:learning", ("education:export", ["learning"]), {}),
}


@pytest.fixture
def group(places):
    """Four members in hardship with a contact long ago; the first two catch fish, the last three are in a group."""
    stays = [make.stay(places, name, starts_on=date(2025, 1, 5), member_kind="full") for name in NAMES]
    for stay in stays:
        person = Person.objects.get(pk=stay.person_id)
        seal(person, "hardship", "低保")
        person.trade = "远洋捕捞" if stay in stays[:2] else "茶叶加工"
        person.save(update_fields=["hardship", "trade"])
        said = Said("phone", "reached", date(2025, 3, 2))
        contacts.log_contact(person, said, unit=None, by=make.user(), at=timezone.now())
    return grown.group(places, stays[1:])


def shown(client, page, asked):
    text = client.get(reverse(page), asked).content.decode()
    return [name for name in NAMES if name in text]


def handed_up(client, export, asked):
    name, args = export
    answer = client.post(reverse(name, args=args, query=asked))
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    return sorted({row[1] for row in book.get_sheet_by_index(0).to_python()} & set(NAMES), key=NAMES.index)


@pytest.mark.parametrize("role", ["county_organiser", "station_officer"])
@pytest.mark.parametrize("one", LISTS)
def test_trade_and_group_narrow_the_list_and_its_ledger(client, places, enter, group, one, role):
    page, export, asked = LISTS[one]
    enter(role, places["county" if role == "county_organiser" else "station"])

    for chosen, names in (
        ({}, NAMES),
        ({"trade": "捕捞"}, NAMES[:2]),
        ({"group": group.pk}, NAMES[1:]),
        ({"trade": "捕捞", "group": group.pk}, NAMES[1:2]),
        ({"group": "none"}, NAMES[:1]),
        ({"trade": "修表"}, ()),
    ):
        assert shown(client, page, asked | chosen) == list(names), chosen
        assert handed_up(client, export, asked | chosen) == list(names), chosen


@pytest.mark.parametrize("one", LISTS)
def test_the_classes_stand_behind_more_filters(client, places, enter, group, one):
    page, _export, asked = LISTS[one]
    enter("county_organiser", places["county"])

    fields = client.get(reverse(page), asked).context["form"].fields

    there = set(classes.names()) & set(fields) - {"excused"}
    assert {"trade", "group", "level", "member_kind", "in_grid"} <= there
    assert all(fields[name].is_more for name in there)


@pytest.mark.parametrize("one", LISTS)
def test_a_list_asks_about_people_only_when_a_class_is_chosen(client, places, enter, group, one):
    page, _export, asked = LISTS[one]
    enter("county_organiser", places["county"])

    def counted(**chosen):
        client.get(reverse(page), asked | chosen)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(page), asked | chosen)
        return [query["sql"] for query in queries if "捕捞" in query["sql"]]

    assert counted() == []
    assert counted(trade="捕捞")


def test_excused_members_stay_out_of_contacts_due_whatever_class_is_asked_for(client, places, enter, group):
    person = Person.objects.get(full_name="钟甲")
    contacts.excuse_member(
        person, reason="aged", starts_on=date(2025, 4, 1), facts="年高", by=make.user(), at=timezone.now()
    )
    enter("county_organiser", places["county"])

    assert shown(client, "contacts:list", {"days": 1, "trade": "捕捞"}) == ["钟乙"]
    assert shown(client, "contacts:list", {"days": 1, "trade": "捕捞", "excused": "on"}) == ["钟甲", "钟乙"]
    assert shown(client, "contacts:visit-list", {"excused": "yes"}) == ["钟甲"]
    assert handed_up(client, ("contacts:export", ["visits"]), {"excused": "yes"}) == ["钟甲"]


def test_all_whom_the_classes_find_are_chosen_and_nobody_by_a_filter_that_is_wrong(client, places, enter, group):
    enter("station_officer", places["station"])

    def meeting(**asked):
        answer = client.post(reverse("contacts:meeting", query={"days": 1} | asked), {"all": "1"})
        return sorted(one.full_name for one in answer.context["people"]) if answer.context else []

    assert meeting(trade="捕捞") == sorted(NAMES[:2])
    assert meeting(group=group.pk) == sorted(NAMES[1:])
    assert meeting(group="00000000-0000-0000-0000-000000000000") == []


def test_hours_are_handed_up_for_the_station_that_the_list_shows(client, places, enter, group):
    places["other"] = make.station(places["county"], places["origin town"], name="叠石分站").unit
    make.stay(places, "叠石人", station="other", community=None)
    enter("county_organiser", places["county"])

    for station, names in (("station", list(NAMES)), ("other", [])):
        asked = {"station": places[station].pk}
        assert shown(client, "education:learning", asked) == names
        assert handed_up(client, ("education:export", ["learning"]), asked) == names


def test_a_saved_list_opens_on_contacts_due_if_all_its_filters_are_understood(client, places, enter, group):
    county = enter("county_organiser", places["county"])
    for name, filters in {
        "渔民": {"trade": "捕捞", "group": str(group.pk)},
        "一村": {"trade": "捕捞", "origin": places["branch"]},
        "免": {"excused": "yes"},
        "在管": {"status": "care"},
    }.items():
        save_list(name=name, filters=packed(filters), unit=None, by=county, at=timezone.now())

    rows = client.get(reverse("people:saved-lists")).context["rows"]

    links = {row.saved.name: [link["url"] for link in row.links] for row in rows}
    assert {name for name, found in links.items() if found} == {"渔民"}
    page = client.get(links["渔民"][0])
    assert [row.person.full_name for row in page.context["page"].rows] == ["钟乙"]
