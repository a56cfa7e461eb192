"""One time line of a member, and each entry only to those who may: the whole policy as a table.

One thing of every kind is laid with a text that stands nowhere else; what a role reads is what it finds on its pages.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import make
from tests.world_parts import appraisals, duties, education, formalities, groups
from waystation.stewardship.contacts.actions import (
    Said,
    end_excuse,
    excuse_member,
    log_contact,
)
from waystation.stewardship.contacts.models import LostContact
from waystation.stewardship.dues.actions import record, set_base
from waystation.stewardship.duties.actions import agree
from waystation.stewardship.duties.models import Proposal, StayTransfer
from waystation.stewardship.education.models import Delivery
from waystation.stewardship.formalities.models import ActivityCard, CardCheck
from waystation.stewardship.grids.models import GridAssignment
from waystation.stewardship.people.actions import correct_person, issue_cards
from waystation.stewardship.people.models import Stay

pytestmark = pytest.mark.django_db

# The kind of entry, and the text of the one that is laid.
TEXTS = {
    "departure": "外出经营茶叶",
    "arrival": "桐山溪畔十二号",
    "card": "",  # its number is made by the system
    "correction": "姓名写错了字",
    "grid": "划网格的人",
    "group": "茶叶经销功能党小组",
    "contact": "近况平稳",
    "excuse": "已经返岗",
    "lost": "报失联的人",
    "learning": "/education/people/",
    "delivery": "送学的人",
    "letter": "筼筜街道党工委",
    "letter number": "12号",
    "activity card": "0001-own",
    "card check": "年检备注",
    "duty change": "返乡期间",
    "duty change of a stay before": "早先的缘由",
    "taking over": "迁居古田",
    "dues": "党费备注",
    "appraisal": "2024年评议",
}
_KNOWN = {"departure", "arrival", "card"}
_CARING = _KNOWN | {"correction", "grid", "contact", "excuse", "lost", "delivery"}
_GRID_LEADER = _CARING | {"learning"}
_CITY = set(TEXTS) - {"activity card", "card check"}
# Who may open the file, where, and the kinds of entries that this role reads.
TABLE = {
    ("station_officer", "station"): set(TEXTS),
    ("station_head", "station"): set(TEXTS),
    ("branch_secretary", "branch"): set(TEXTS),
    ("township_organiser", "town"): set(TEXTS),
    ("county_organiser", "county"): set(TEXTS),
    ("city_organiser", "city"): _CITY,
    ("grid_leader", "grid"): _GRID_LEADER,
    ("destination_contact", "community"): _KNOWN | {"duty change"},
    ("destination_contact", "seat"): _KNOWN | {"duty change"},
    # Who holds all of it elsewhere, and only helps here.
    ("township_organiser", "seat"): _KNOWN | {"duty change"},
}


@pytest.fixture
def units():
    return make.tree()


@pytest.fixture
def stay(units):
    """A member in care with one thing of every kind in the file."""
    names = ("branch", "station", "grid", "community", "county", "town")
    where = {name: units[name] for name in names}
    stay = make.stay(
        units["branch"], units["station"], "缪自春", destination=units["community"], grid=units["grid"],
        reason=TEXTS["departure"], destination_text=TEXTS["arrival"],
    )  # fmt: skip
    things = {("person", "own"): stay.person_id, ("stay", "own"): stay.pk}
    for part in (duties, education, formalities, groups, appraisals):
        part.fill(things, "own", where)
    stay = Stay.objects.select_related("person").get(pk=stay.pk)
    _people(stay, units)
    _care(stay, units)
    _formal(stay, units, things)
    _handing_over(stay, units, things)
    return stay


def _people(stay, units):
    now, person = timezone.now(), stay.person
    correct_person(
        person, field="full_name", value="缪自椿", reason=TEXTS["correction"], version=person.version,
        by=make.user(), at=now,
    )  # fmt: skip
    issue_cards([person], by=make.user(), at=now)
    GridAssignment.objects.filter(stay=stay).delete()
    GridAssignment.objects.create(
        person=person, stay=stay, grid=units["grid"].grid, starts_on=stay.starts_on, assigned_at=now,
        assigned_by=make.user(name=TEXTS["grid"]),
    )  # fmt: skip


def _care(stay, units):
    now, today, person, by = timezone.now(), timezone.localdate(), stay.person, make.user()
    teller = make.user(name=TEXTS["lost"])
    # Laid as it stood before the member was seen at a meeting again: the action would refuse it now.
    LostContact.objects.create(
        person=person, recorded_for=person, lost_since=date(2020, 3, 2), situation="1", unit=units["station"],
        reported_by=teller, reported_at=now,
    )  # fmt: skip
    log_contact(person, Said("phone", "reached", today, note=TEXTS["contact"]), unit=units["station"], by=by, at=now)
    excuse = excuse_member(person, reason="aged", starts_on=date(2020, 1, 1), facts="年高", by=by, at=now)
    end_excuse(excuse, ends_on=today, reason=TEXTS["excuse"], by=by, at=now)
    Delivery.objects.filter(person=person).update(
        state="delivered", delivered_on=today, carrier=TEXTS["delivery"], closed_at=now, closed_by=by
    )


def _formal(stay, units, things):
    now, today = timezone.now(), timezone.localdate()
    card = ActivityCard.objects.get(pk=things["activity card", "own"])
    CardCheck.objects.create(
        card=card, year=today.year, unit=units["branch"], checked_at=now, checked_by=make.user(),
        checked_on=today, remark=TEXTS["card check"],
    )  # fmt: skip
    month = today.replace(day=1)
    set_base(stay.person, category="wage", income=4000, agreed=None, starts_on=date(2026, 1, 1), by=make.user(), at=now)
    record(
        stay.person, amount=40, paid_on=today, first_month=month, last_month=month, unit=units["branch"],
        remark=TEXTS["dues"], by=make.user(), at=now,
    )  # fmt: skip


def _handing_over(stay, units, things):
    now = timezone.now()
    proposal = Proposal.objects.get(pk=things["proposal", "own"])
    agree(proposal, side="taker", by=make.user("branch_secretary", units["branch"]), at=now)
    asked = StayTransfer.objects.get(pk=things["stay transfer", "own"])
    StayTransfer.objects.filter(pk=asked.pk).update(
        state="accepted", reason=TEXTS["taking over"], closed_at=now, closed_by=make.user(), new_stay=stay
    )
    # A stay before this one, in which a duty changed hands as well.
    proposal.refresh_from_db()
    before = Stay.objects.get(pk=stay.pk)
    left = make.departure(units["branch"], units["station"], "缪自春")
    came = make.arrival(units["station"], units["branch"], "缪自春")
    left.person, left.state, left.closed_at = stay.person, "returned", now
    left.save()
    before.pk, before.departure, before.arrival = None, left, came
    before.starts_on, before.ends_on, before.ending = date(2026, 1, 1), date(2026, 2, 1), "moved_on"
    before.closed_at = now
    before._state.adding = True
    before.save()
    proposal.pk, proposal.stay, proposal.reason = None, before, TEXTS["duty change of a stay before"]
    proposal._state.adding = True
    proposal.save()


def test_each_role_reads_the_kinds_of_entries_that_it_may(client, units, stay):
    texts = TEXTS | {"card": stay.person.cards.get().number}
    seen = {}
    for role, where in TABLE:
        client.force_login(make.user(role, units[where]))
        pages = [
            client.get(reverse("people:file", args=[stay.person_id])),
            client.get(reverse("people:file-section", args=[stay.person_id, "life"])),
        ]
        assert [page.status_code for page in pages] == [200, 200]
        text = "".join(page.content.decode() for page in pages)
        seen[role, where] = {kind for kind, words in texts.items() if words in text}
    assert seen == TABLE


def test_what_somebody_may_elsewhere_opens_nothing_here(client, units, stay):
    """A grid leader who is an officer of another station reads no more of this member than a grid leader."""
    both = make.user("grid_leader", units["grid"])
    make.mandate(both, "station_officer", units["beside station"], starts_on=timezone.localdate() - timedelta(days=9))
    client.force_login(both)
    pages = [
        client.get(reverse("people:file", args=[stay.person_id])),
        client.get(reverse("people:file-section", args=[stay.person_id, "life"])),
    ]
    text = "".join(page.content.decode() for page in pages)
    assert {kind for kind, words in TEXTS.items() if words and words in text} == _GRID_LEADER - {"card"}
