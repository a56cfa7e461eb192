"""Whatever happens to a stay: every day, every duty, one unit, and what is past stays as it was."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests import places as make
from waystation.stations.duty.actions import open_item
from waystation.stations.duty.models import OpenItem
from waystation.stewardship.duties import actions, queries
from waystation.stewardship.duties.actions.handing import TOPICS
from waystation.stewardship.duties.models import Duty, Proposal, StayTransfer
from waystation.stewardship.people.actions import end_stay, merge_people, move_membership, undo_merge
from waystation.stewardship.people.actions.errors import Refused
from waystation.stewardship.people.models import Merge, Person, Stay

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DAY = timedelta(days=1)
KINDS = Duty.Kind.values
ACTS = ("propose", "agree", "refuse", "withdraw", "membership", "ask", "accept", "end", "merge", "undo", "pass")


class History:
    """One member, everybody concerned, and a clock that only goes on."""

    def __init__(self, places):
        self.places, self.now = places, timezone.now()
        make.stay(places)
        self.person = Person.objects.get()
        self.users = {
            name: make.user(role, places[name])
            for name, role in (
                ("branch", "branch_secretary"), ("other branch", "branch_secretary"),
                ("origin town", "township_organiser"), ("station", "station_officer"), ("beside", "station_head"),
                ("community", "destination_contact"), ("county", "county_organiser"),
            )
        }  # fmt: skip
        self.past: dict = {}

    @property
    def today(self):
        return timezone.localdate(self.now)

    def do(self, act, number, other, days):
        user = list(self.users.values())[number % len(self.users)]
        kind = KINDS[other % len(KINDS)]
        with suppress(actions.DutyRefused, Refused), transaction.atomic():
            getattr(self, f"_{act}")(user, kind, number, other, days)

    def _propose(self, user, kind, number, other, days):
        stay = Stay.objects.order_by("-starts_on", "-pk")[0]
        units = [unit for _part, unit in queries.parties(stay)]
        to = units[number % len(units)]
        actions.propose_change(
            stay, kind=kind, to=to, starts_on=self.today + days * DAY, reason="商定", by=user, at=self.now
        )

    def _agree(self, user, kind, number, other, days):
        for proposal in Proposal.objects.open():
            for side in ("holder", "taker"):
                for someone in self.users.values():
                    with suppress(actions.DutyRefused), transaction.atomic():
                        actions.agree(proposal, side=side, by=someone, at=self.now)

    def _refuse(self, user, kind, number, other, days):
        for proposal in Proposal.objects.open()[:1]:
            actions.refuse_proposal(proposal, reason="不便", by=user, at=self.now)

    def _withdraw(self, user, kind, number, other, days):
        for proposal in Proposal.objects.open()[:1]:
            actions.withdraw_proposal(proposal, by=user, at=self.now)

    def _membership(self, user, kind, number, other, days):
        to = self.places["other branch" if number % 2 else "branch"]
        if self._living().home_id != to.pk:
            move_membership(self._living(), to=to, on=self.today, by=user, at=self.now)

    def _ask(self, user, kind, number, other, days):
        stay = Stay.objects.open().first()
        if stay is None:
            return
        to, by = ("beside", "station") if stay.station == self.places["station"] else ("station", "beside")
        home = self.places["community"] if number % 2 else None
        actions.ask_transfer(stay, to=self.places[to], destination=home, reason="迁居", by=self.users[by], at=self.now)

    def _accept(self, user, kind, number, other, days):
        for request in StayTransfer.objects.open():
            actions.accept_transfer(request, by=user, at=self.now)

    def _end(self, user, kind, number, other, days):
        stay = Stay.objects.open().first()
        if stay is not None and days == 0 and number % 3 == 0:
            end_stay(stay, on=self.today, ending="returned", by=user, at=self.now)

    def _merge(self, user, kind, number, other, days):
        twin = make_twin(self.places["branch"])
        pair = (self._living(), twin) if number % 2 else (twin, self._living())
        merge_people(*pair, by=user, at=self.now)

    def _undo(self, user, kind, number, other, days):
        for merge in Merge.objects.filter(undone_at=None).order_by("-merged_at")[:1]:
            undo_merge(merge, by=user, at=self.now)

    def _pass(self, user, kind, number, other, days):
        self.now += days * DAY
        actions.take_effect(self.now)

    def _living(self):
        return Stay.objects.order_by("-starts_on", "-pk")[0].person

    def give_work(self, number):
        stay = Stay.objects.open().first()
        if stay is not None:
            kind = KINDS[number % len(KINDS)]
            open_item(
                unit=queries.accountable(stay, kind, self.today), topic=kind, title=kind, by=None, at=self.now,
                bundle=f"stay:{stay.pk}", key=f"{kind}:{stay.pk}",
            )  # fmt: skip

    def check(self):
        assert queries.faulty_stays().count() == 0
        for stay in Stay.objects.select_related("person__home", "departure__origin", "station"):
            rows = list(Duty.objects.filter(stay=stay))
            end = stay.ends_on or self.today + 12 * DAY
            for number in range((end - stay.starts_on).days):
                day = stay.starts_on + number * DAY
                for kind in KINDS:
                    unit = self._one(rows, kind, day)
                    if day < self.today:
                        assert self.past.setdefault((stay.pk, kind, day), unit) == unit
            if stay.ends_on is None:
                for kind, topics in TOPICS.items():
                    wanted = self._one(rows, kind, self.today)
                    items = OpenItem.objects.open().filter(bundle=f"stay:{stay.pk}", topic__in=topics)
                    assert all(item.unit_id == wanted for item in items)
                    assert queries.accountable(stay, kind, self.today).pk == wanted
            else:
                left = OpenItem.objects.open().filter(bundle=f"stay:{stay.pk}")
                assert {item.unit_id for item in left} <= {queries.origin_of(stay).pk}

    @staticmethod
    def _one(rows, kind, day):
        """By the definition and nothing else: of the rows begun, the one that no other begun row follows."""
        begun = [row for row in rows if row.kind == kind and row.starts_on <= day]
        holding = [row for row in begun if not any(other.starts_on > row.starts_on for other in begun)]
        assert len(holding) == 1
        return holding[0].unit_id


def make_twin(branch):
    from tests.make import person  # noqa: PLC0415 - the other small world's maker of a bare file

    return person(branch, "缪春花")


acts = st.tuples(st.sampled_from(ACTS), st.integers(0, 13), st.integers(0, 13), st.integers(0, 4))


@given(history=st.lists(acts, min_size=1, max_size=14))
@settings(
    max_examples=30,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_every_day_of_a_stay_every_duty_has_exactly_one_unit(places, history):
    with transaction.atomic():
        told = History(places)
        told.check()
        for act, number, other, days in history:
            told.give_work(other)
            told.do(act, number, other, days)
            told.check()
        transaction.set_rollback(True)
