"""The sheet of one stay, and the list of many, as pages and papers show them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.stewardship.duties.models import Duty, Proposal, StayTransfer
from waystation.stewardship.duties.queries.accounting import origin_of
from waystation.stewardship.duties.rules import Party
from waystation.stewardship.people import classes
from waystation.stewardship.people.models import Stay

_TONES = {Party.ORIGIN: "info", Party.STATION: "", Party.DESTINATION: "warn"}
PARTY_WORDS = {
    Party.ORIGIN: _("Origin"),
    Party.STATION: _("Station"),
    Party.DESTINATION: _("Destination"),
}
WIDTH = 1000  # of the drawing of a duty's ranges
AHEAD = timedelta(days=30)  # drawn beyond today and beyond the last change agreed


@dataclass(frozen=True)
class Range:
    """From a day until, but not on, another one unit answers; `ends_on` is None while nothing follows."""

    unit: Unit
    party: str
    starts_on: date
    ends_on: date | None
    is_now: bool
    proposal: Proposal | None
    x: int = 0
    width: int = 0

    @property
    def words(self) -> str:
        return str(PARTY_WORDS[self.party])

    @property
    def last_day(self) -> date | None:
        return self.ends_on - timedelta(days=1) if self.ends_on else None


@dataclass(frozen=True)
class Line:
    """One duty of a stay: all its ranges, the one of today, and the proposal that is waiting."""

    kind: str
    label: str
    ranges: list[Range]
    waiting: Proposal | None

    @property
    def now(self) -> Range | None:
        return next((part for part in self.ranges if part.is_now), None)

    @property
    def last(self) -> Range | None:
        """Who answers today, or who answered last."""
        return self.now or (self.ranges[-1] if self.ranges else None)

    @property
    def next(self) -> Range | None:
        now = self.now
        return next((part for part in self.ranges if now and part.starts_on == now.ends_on), None)


@dataclass(frozen=True)
class Sheet:
    """The duty sheet of a stay on a day: a line for each duty, and the count that proves that no day is missing."""

    stay: Stay
    day: date
    lines: list[Line]
    days: int
    covered: int

    @property
    def wanted(self) -> int:
        return self.days * len(Duty.Kind.values)

    @property
    def is_whole(self) -> bool:
        return self.covered == self.wanted


def party_of(stay: Stay, unit: Unit) -> str:
    """The part that a unit has in a stay."""
    if unit.pk == stay.station_id:
        return Party.STATION
    if unit.kind == Unit.Kind.BRANCH or origin_of(stay).is_under(unit):
        return Party.ORIGIN
    return Party.DESTINATION


def sheet(stay: Stay, day: date) -> Sheet:
    """The sheet with every range of every duty, clipped to the stay."""
    rows = defaultdict(list)
    found = Duty.objects.filter(stay=stay).select_related("unit", "proposal__holder")
    for row in found.order_by("starts_on", "pk"):
        if stay.ends_on is None or row.starts_on < stay.ends_on or row.starts_on == stay.starts_on:
            rows[row.kind].append(row)
    waiting = {
        proposal.kind: proposal
        for proposal in Proposal.objects.open().filter(stay=stay).select_related("holder", "taker", "proposed_by")
    }
    starts = [row.starts_on for kind in rows.values() for row in kind]
    shown_to = stay.ends_on or max([day, *starts]) + AHEAD
    lines = [
        Line(kind, str(label), list(_ranges(stay, rows[kind], day, shown_to)), waiting.get(kind))
        for kind, label in Duty.Kind.choices
    ]
    last = min(stay.ends_on or day + timedelta(days=1), day + timedelta(days=1))
    days = max((last - stay.starts_on).days, 0)
    covered = sum(_days_of(part, stay.starts_on, last) for line in lines for part in line.ranges)
    return Sheet(stay, day, lines, days, covered)


def _ranges(stay: Stay, rows: list[Duty], day: date, shown_to: date):
    span = max((shown_to - stay.starts_on).days, 1)
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        ends_on = following.starts_on if following else stay.ends_on
        begin, end = (row.starts_on - stay.starts_on).days, ((ends_on or shown_to) - stay.starts_on).days
        yield Range(
            unit=row.unit, party=party_of(stay, row.unit), starts_on=row.starts_on, ends_on=ends_on,
            is_now=row.starts_on <= day and (ends_on is None or day < ends_on), proposal=row.proposal,
            x=begin * WIDTH // span, width=end * WIDTH // span - begin * WIDTH // span,
        )  # fmt: skip


def _days_of(part: Range, first: date, last: date) -> int:
    return max((min(part.ends_on or last, last) - max(part.starts_on, first)).days, 0)


# --- what has changed ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """Duties that passed from one unit to another on one day, and why as far as that is known."""

    starts_on: date
    before: Unit
    after: Unit
    cause: str
    labels: list[str]


def changes_of(drawn: Sheet) -> list[Change]:
    """Every change of the sheet since its first day, agreed ones to come as well, in the order of the days."""
    found: dict[tuple, Change] = {}
    for line in drawn.lines:
        for earlier, part in zip([None, *line.ranges], line.ranges, strict=False):
            if earlier is not None:
                before = earlier.unit
            elif part.proposal is not None:  # agreed on the first day itself
                before = part.proposal.holder
            else:
                continue
            cause = _cause(part)
            key = (part.starts_on, before.pk, part.unit.pk, cause)
            found.setdefault(key, Change(part.starts_on, before, part.unit, cause, [])).labels.append(line.label)
    return sorted(found.values(), key=lambda change: change.starts_on)


def _cause(part: Range) -> str:
    if part.proposal is not None:
        return str(_("agreed by both units"))
    # Within a stay a duty goes to a branch without a proposal only with the formal relation of the member.
    return str(_("the formal relation moved there")) if part.unit.kind == Unit.Kind.BRANCH else ""


def taken_over(stay: Stay) -> StayTransfer | None:
    """The move from another station by which the stay began, if it did; duties agreed there went along."""
    return StayTransfer.objects.filter(new_stay=stay).select_related("station", "to").first()


# --- lists ----------------------------------------------------------------------------------------


def sheets_within(reach: Reach, *, ended: bool = True) -> QuerySet[Stay]:
    """Stays whose origin, station or destination is in reach. Whoever only helps sees those who live there."""
    caring, stays = reach.caring, Stay.objects.all() if ended else Stay.objects.open()
    # Three lists, each found by an index of its own, instead of three columns of three tables in one condition.
    here = stays.filter(caring.path_q("station_path")).values("pk")
    from_here = stays.filter(caring.path_q("person__home_path")).values("pk")
    lives_here = stays.filter(reach.path_q("destination__path")).values("pk")
    return Stay.objects.filter(pk__in=here.union(from_here, lives_here))


def sheets_by(filters: dict, reach: Reach, day: date) -> QuerySet[Stay]:
    """The stays that the filters of the list ask for: name, station, unit, duty, mine, ended, classes of people."""
    stays = sheets_within(reach, ended=bool(filters.get("ended"))).filter(classes.about(filters, day))
    if filters.get("q"):
        stays = stays.filter(person__name_key__startswith=filters["q"])
    if filters.get("station"):
        stays = stays.filter(station=filters["station"])
    rows = Duty.objects.on(day).filter(stay=OuterRef("pk"))
    if filters.get("kind"):
        rows = rows.filter(kind=filters["kind"])
    if filters.get("unit"):
        text = filters["unit"]
        named = Unit.objects.filter(Q(name__startswith=text) | Q(short_name__startswith=text))
        stays = stays.filter(Exists(rows.filter(unit__in=named)))
    if filters.get("mine"):
        stays = stays.filter(Exists(rows.filter(unit__in=reach.units)))
    return stays


def with_holders(stays: Iterable[Stay], day: date) -> list[Stay]:
    """The stays, each with `held`: for every duty who answers on the day, or answered last. One query more."""
    stays = list(stays)
    rows = Duty.objects.filter(stay__in=[stay.pk for stay in stays], starts_on__lte=day)
    latest: dict = {}
    for row in rows.select_related("unit").order_by("starts_on"):
        latest[row.stay_id, row.kind] = row
    kinds = [(kind, str(label)) for kind, label in Duty.Kind.choices]
    words = {party: str(text) for party, text in PARTY_WORDS.items()}
    for stay in stays:
        stay.held = []
        for kind, label in kinds:
            row = latest.get((stay.pk, kind))
            unit = row.unit if row and (stay.ends_on is None or row.starts_on < stay.ends_on) else origin_of(stay)
            party = party_of(stay, unit)
            stay.held.append(
                {
                    "kind": kind, "label": label, "unit": unit, "party": party,
                    "words": words[party], "tone": _TONES[party],
                }
            )  # fmt: skip
    return stays


def answers_for(unit: Unit, day: date) -> list[dict]:
    """How many open stays the unit answers for today, duty by duty."""
    rows = Duty.objects.on(day).filter(unit_path=unit.path, stay__ends_on=None)
    counted = dict(rows.values_list("kind").annotate(stays=Count("pk")))
    return [
        {"kind": kind, "label": label, "stays": counted[kind]} for kind, label in Duty.Kind.choices if kind in counted
    ]


def proposals_of(stay: Stay) -> QuerySet[Proposal]:
    """Every proposal for a sheet, the newest first."""
    people = ("proposed_by", "holder_agreed_by", "taker_agreed_by", "closed_by")
    return stay.proposals.select_related("holder", "taker", "proposer", *people).order_by("-proposed_at")


def proposals_waiting(user, reach: Reach) -> QuerySet[Proposal]:
    """The open proposals that a unit of the user has still to agree to."""
    return Proposal.objects.waiting_for(user, reach)


def transfers_waiting(user, reach: Reach) -> QuerySet[StayTransfer]:
    """The requests of other stations to take a member over, for the user to answer."""
    return StayTransfer.objects.open().filter(reach.path_q("to_path")).exclude(asked_by=user)


def changed_since(stay: Stay, moment) -> bool:
    """Whether a duty has got another unit since, or the stay has ended."""
    if stay.ends_on is not None:
        return True
    # The allocation of the first day may be written later and changes nothing; what was agreed on that day does.
    passed = Q(starts_on__gt=F("stay__starts_on")) | Q(proposal__isnull=False)
    return Duty.objects.filter(passed, stay=stay, took_effect_at__gt=moment).exists()
