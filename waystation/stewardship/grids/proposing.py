"""Which grid is proposed for a member in care, and why, in words.

In this order: the community the member lives in, a word of the address as the station wrote it down, the
trade. Nothing but what stands on the file is used, and nobody is placed without an officer's yes.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from waystation.kernel.sealing import Tampered, unseal
from waystation.organizations.models import Unit
from waystation.stewardship.grids.models import Grid
from waystation.stewardship.grids.queries import in_use, unassigned, with_proposals
from waystation.stewardship.people.models import Stay

COMMUNITY, ADDRESS, TRADE, HAND = "community", "address", "trade", "hand"
WAYS = (COMMUNITY, ADDRESS, TRADE, HAND)
MOST_ADDRESSES = 500  # sealed addresses opened at once; those beyond come up when these have a grid


@dataclass(frozen=True)
class Proposal:
    """A grid for a member: which, by what, and the sentence why."""

    grid: Grid
    way: str
    reason: str


class Proposer:
    """Works out the proposals of one station by few queries, whatever the number of members."""

    def __init__(self, station: Unit):
        self.station = station
        self.grids = {grid.pk: grid for grid in in_use().filter(station=station).order_by("code")}
        self._by_address: dict | None = None

    def annotated(self, stays: QuerySet[Stay]) -> QuerySet[Stay]:
        """The stays with `proposed_grid` by community and `trade_grid` by trade."""
        cases = [
            When(person__trade__contains=word, then=Value(grid.pk))
            for grid in self.grids.values()
            for word in grid.trade_parts
        ]
        by_trade = Case(*cases, default=None, output_field=IntegerField())
        return with_proposals(stays, self.station).annotate(trade_grid=by_trade)

    @property
    def by_address(self) -> dict:
        """Stays whose community says nothing and whose address does: the grid and the word for each."""
        if self._by_address is None:
            self._by_address = self._read_addresses()
        return self._by_address

    def _read_addresses(self) -> dict:
        words = [(word, grid) for grid in self.grids.values() for word in grid.address_parts]
        if not words:
            return {}
        rows = with_proposals(unassigned(self.station), self.station).filter(proposed_grid=None)
        rows = rows.select_related("person", "arrival").order_by("pk")[:MOST_ADDRESSES]
        found = {}
        for stay in rows:
            text = f"{stay.arrival.destination_text} {_address(stay)}"
            hit = next(((grid, word) for word, grid in words if word in text), None)
            if hit:
                found[stay.pk] = hit
        return found

    def narrowed(self, stays: QuerySet[Stay], way: str) -> QuerySet[Stay]:
        """Those of the annotated stays that are proposed in this way, or by nothing (HAND)."""
        ids = list(self.by_address)
        if way == COMMUNITY:
            return stays.filter(proposed_grid__isnull=False)
        if way == ADDRESS:
            return stays.filter(pk__in=ids)
        rest = stays.filter(proposed_grid=None).exclude(pk__in=ids)
        if way == TRADE:
            return rest.filter(trade_grid__isnull=False)
        return rest.filter(trade_grid=None) if way == HAND else stays

    def counts(self) -> dict[str, int]:
        """How many wait by each way, in one query beside the addresses."""
        ids = list(self.by_address)
        rest = Q(proposed_grid=None)
        if ids:
            rest &= ~Q(pk__in=ids)
        counts = self.annotated(unassigned(self.station)).aggregate(
            community=Count("pk", filter=Q(proposed_grid__isnull=False)),
            trade=Count("pk", filter=rest & Q(trade_grid__isnull=False)),
            hand=Count("pk", filter=rest & Q(trade_grid=None)),
        )
        return {ADDRESS: len(ids), **counts}

    def proposal(self, stay: Stay) -> Proposal | None:
        """The proposal for an annotated stay that came with its person and destination."""
        if grid := self.grids.get(stay.proposed_grid):
            return Proposal(grid, COMMUNITY, _("Lives in %(community)s") % {"community": stay.destination.name})
        if stay.pk in self.by_address:
            grid, word = self.by_address[stay.pk]
            return Proposal(grid, ADDRESS, _("The address has “%(word)s”") % {"word": word})
        if grid := self.grids.get(stay.trade_grid):
            return Proposal(grid, TRADE, _("Trade: %(trade)s") % {"trade": stay.person.trade})
        return None


def _address(stay: Stay) -> str:
    try:
        return unseal(stay.person, "address") or ""
    except Tampered:
        return ""


def propose(stays: QuerySet[Stay], station: Unit) -> list[tuple[Stay, Proposal]]:
    """Each of the stays for which there is a proposal, and the proposal."""
    proposer = Proposer(station)
    rows = proposer.annotated(stays).select_related("person", "destination")
    return [(stay, found) for stay in rows if (found := proposer.proposal(stay)) is not None]
