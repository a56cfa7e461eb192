"""One pair as a person compares it: line by line, with what differs, and why it was proposed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from waystation.kernel.partial_dates import PartialDate
from waystation.kernel.templatetags.ui import zh_date
from waystation.organizations.models import Unit
from waystation.stewardship.people.models import Arrival, Departure, Stay
from waystation.stewardship.people.names import name_key
from waystation.stewardship.rosters.matching.reasons import speaks_for, words
from waystation.stewardship.rosters.models import MatchCandidate
from waystation.stewardship.rosters.queries.board import with_rows
from waystation.stewardship.rosters.queries.powers import ORIGIN, STATION, Powers

HOMES_DIFFER = {"home_differs", "home_village_differs"}
PLACES_DIFFER = {"abroad_differs"}


@dataclass(frozen=True)
class Line:
    """One line of the comparison, the label of each side before what the side says.

    `is_compared` marks the pieces in which the two differ; `conflicts` says that they cannot both
    be true; `is_hidden` that they differ in digits that the masks hide.
    """

    label: str
    left: str
    right: str
    right_label: str = ""
    is_compared: bool = True
    conflicts: bool = False
    is_hidden: bool = False
    field: str = ""  # the sealed field behind a mask
    tail: Line | None = None  # said in the same breath: the sex after the name

    @property
    def label_right(self) -> str:
        return self.right_label or self.label

    @property
    def is_unlike(self) -> bool:
        """Whether the line, or what is said with it, cannot be true of one person."""
        return self.conflicts or (self.tail is not None and self.tail.conflicts)


@dataclass(frozen=True)
class Reason:
    """A reason in words, and whether it speaks for one person."""

    text: str
    agrees: bool


@dataclass
class PairView:
    """A pair, or a row that stands alone, as one user sees it."""

    candidate: MatchCandidate
    lines: list[Line]
    reasons: list[Reason]
    tag: str
    tone: str
    said: list[str]
    confirm: list[str] = field(default_factory=list)
    reject: list[str] = field(default_factory=list)
    may_withdraw: bool = False
    may_override: bool = False
    may_reopen: bool = False
    may_reveal: bool = False
    may_register: bool = False
    may_send_back: bool = False
    may_follow: bool = False
    contact: str = ""
    error: str = ""
    outcomes: tuple = ()  # what a follow-up may have come to, for the form

    @property
    def row(self) -> Departure | Arrival:
        """The row that stands alone, or the departure of a pair."""
        return self.candidate.departure or self.candidate.arrival

    @property
    def agreeing(self) -> list[Reason]:
        return [reason for reason in self.reasons if reason.agrees]

    @property
    def doubts(self) -> list[Reason]:
        return [reason for reason in self.reasons if not reason.agrees]

    @property
    def is_conflicting(self) -> bool:
        return self.candidate.lane == MatchCandidate.Lane.CONFLICTING

    @property
    def is_open(self) -> bool:
        return self.candidate.state == MatchCandidate.State.OPEN


def pair_view(candidate: MatchCandidate, powers: Powers, *, in_full: bool = False, error: str = "") -> PairView:
    """The pair as the user sees it; `in_full` adds every line that the rows have."""
    tag, tone = state_tag(candidate, powers)
    return PairView(
        candidate,
        lines=_lines(candidate, in_full),
        reasons=[Reason(words(reason), speaks_for(reason)) for reason in candidate.reasons],
        tag=tag, tone=tone, said=_said(candidate),
        confirm=powers.may_confirm(candidate), reject=powers.may_reject(candidate),
        may_withdraw=powers.may_withdraw(candidate), may_override=powers.may_override(candidate),
        may_reopen=powers.may_reopen(candidate),
        may_reveal=powers.may_reveal(candidate), may_register=powers.may_register(candidate),
        may_send_back=powers.may_send_back(candidate), may_follow=bool(powers.sides_of(candidate)),
        error=error,
    )  # fmt: skip


def state_tag(candidate: MatchCandidate, powers: Powers) -> tuple[str, str]:
    """Where the pair stands in a word, seen from the user's side, and the tone of the tag."""
    State = MatchCandidate.State
    if candidate.state == State.SETTLED:
        return _("Taken into care"), "ok"
    if candidate.state == State.REJECTED:
        return _("Not the same person"), ""
    given = [side for side in (ORIGIN, STATION) if getattr(candidate, f"{side}_confirmed_at")]
    if len(given) == 1:
        return _half_said(given[0], powers.my_side)
    if candidate.lane == MatchCandidate.Lane.CONFLICTING:
        return _("Please check by hand"), "warn"
    if candidate.lane == MatchCandidate.Lane.MATCHED:
        return _("Nobody has confirmed"), ""
    if candidate.followed_up_at:
        return _("Followed up"), "info"
    return _("Not yet followed up"), "warn"


def _half_said(side: str, mine: str) -> tuple[str, str]:
    if mine == side:
        return _("We have confirmed, the other side has not"), "info"
    if mine:
        return _("The other side has confirmed"), "ok"
    if side == ORIGIN:
        return _("The origin has confirmed"), "info"
    return _("The station has confirmed"), "info"


def _said(candidate: MatchCandidate) -> list[str]:
    """Who has said yes for which side, and on which day."""
    sentences = {
        ORIGIN: pgettext("who confirmed", "Origin: %(name)s, %(day)s"),
        STATION: pgettext("who confirmed", "Station: %(name)s, %(day)s"),
    }
    found = []
    for side, sentence in sentences.items():
        at = getattr(candidate, f"{side}_confirmed_at")
        if at:
            found.append(sentence % {"name": getattr(candidate, f"{side}_confirmed_by"), "day": zh_date(at)})
    return found


# --- the lines ------------------------------------------------------------------------------------


def _lines(candidate: MatchCandidate, in_full: bool) -> list[Line]:
    one, other = candidate.departure, candidate.arrival
    codes = {reason["code"] for reason in candidate.reasons}
    lines = [
        _plain(
            _("Name"),
            one,
            other,
            "full_name",
            conflicts=_names_differ(one, other),
            tail=_chosen(_("Sex"), one, other, "sex"),
        ),
        _dated(_("Born"), one, other, "born"),
        _number(_("ID number"), one, other, "id_number", "id_mask", "id_index"),
        _number(_("Phone"), one, other, "phone", "phone_mask", "phone_index", also="other_phone_index"),
        _places(one, other, HOMES_DIFFER & codes),
        _destinations(one, other, PLACES_DIFFER & codes),
        Line(_("Trade"), _get(one, "trade"), _get(other, "trade"), is_compared=False),
    ]
    return lines + (_rest(one, other) if in_full else [])


def _get(row, name: str) -> str:
    return getattr(row, name) if row is not None else ""


def _plain(label: str, one, other, name: str, **more) -> Line:
    return Line(label, _get(one, name), _get(other, name), **more)


def _names_differ(one, other) -> bool:
    return one is not None and other is not None and name_key(one.full_name) != name_key(other.full_name)


def _chosen(label: str, one, other, name: str) -> Line:
    left, right = (
        str(getattr(row, f"get_{name}_display")()) if row is not None and getattr(row, name) else ""
        for row in (one, other)
    )
    return Line(label, left, right, conflicts=bool(left and right and left != right))


def _dated(label: str, one, other, name: str) -> Line:
    left, right = (PartialDate.parse_iso(text) if (text := _get(row, name)) else None for row in (one, other))
    conflicts = left is not None and right is not None and not left.agrees(right)
    return Line(label, zh_date(left), zh_date(right), conflicts=conflicts)


def _number(label: str, one, other, name: str, mask: str, index: str, *, also: str = "") -> Line:
    """A masked number. Whole numbers are compared by their blind indexes, never by the masks."""
    # A second phone has no mask of its own: the page says that there is one, revealing shows it.
    left, right = (_get(row, mask) if mask else _("given") if _get(row, name) else "" for row in (one, other))
    ours, theirs = ({_get(row, column) for column in (index, also) if column} - {None, ""} for row in (one, other))
    differs = bool(ours and theirs and not ours & theirs)
    return Line(label, left, right, conflicts=differs, is_hidden=differs and left == right, field=name)


def _places(one, other, differ: set) -> Line:
    left = _written(one.branch_text, one.origin) if one is not None else ""
    right = _written(other.home_text, other.home) if other is not None else ""
    return Line(_("Branch"), left, right, right_label=_("Comes from"), is_compared=False, conflicts=bool(differ))


def _destinations(one, other, differ: set) -> Line:
    left = _written(one.destination_text, one.destination) if one is not None else ""
    right = _written(other.destination_text, other.destination) if other is not None else ""
    return Line(_("Where to"), left, right, right_label=_("Community"), is_compared=False, conflicts=bool(differ))


def _written(text: str, unit: Unit | None) -> str:
    """The place as the roster had it; where it is silent, as the tree has it."""
    return text or (unit.name if unit is not None else "")


def _rest(one, other) -> list[Line]:
    """Every other line of the two rows, for the page of one pair."""
    numbers = [_number(_("Other phone"), one, other, "other_phone", "", "other_phone_index")]
    lines = [
        _plain(_("Nation"), one, other, "nation"),
        _plain(_("Education"), one, other, "education"),
        _chosen(_("Kind of member"), one, other, "member_kind"),
        _dated(_("Joined the Party"), one, other, "joined"),
        _plain(_("Activity card no."), one, other, "card_no"),
        Line(
            _("Left on"), _day(_get(one, "left")), _day(_get(other, "arrived")), right_label=_("Arrived on"),
            is_compared=False,
        ),
        Line(
            _("Filed under"), _name(one.origin if one else None), _name(other.home if other else None),
            is_compared=False,
        ),
        Line(
            _("Reports to"), _name(one.station if one else None), _name(other.station if other else None),
            right_label=_("Registered at"), is_compared=False,
        ),
        Line(
            _("Reason for leaving"), _get(one, "reason"), _get(other, "employer"), right_label=_("Employer"),
            is_compared=False,
        ),
        Line(
            _("Dues paid to"), _get(one, "dues_paid_to"), _get(other, "skill"), right_label=_("Skill"),
            is_compared=False,
        ),
        Line(_("Remark"), _get(one, "remark"), _get(other, "remark"), is_compared=False),
    ]  # fmt: skip
    # What only one side asks for at all is no difference; marks there would hide those that matter.
    return [
        replace(line, is_compared=line.is_compared and bool(line.left and line.right))
        for line in numbers + lines
        if line.left or line.right
    ]


def _day(text: str) -> str:
    return zh_date(PartialDate.parse_iso(text)) if text else ""


def _name(unit: Unit | None) -> str:
    return unit.name if unit is not None else ""


# --- around a pair --------------------------------------------------------------------------------


def alternatives(candidate: MatchCandidate) -> QuerySet:
    """Other proposals about the same two rows, decided ones too."""
    about = Q()
    for side in ("departure", "arrival"):
        key = getattr(candidate, f"{side}_id")
        if key:
            about |= Q(**{side: key})
    others = MatchCandidate.objects.filter(about, departure__isnull=False, arrival__isnull=False)
    return with_rows(others.exclude(pk=candidate.pk)).order_by("-weight", "pk")[:20]


def history(candidate: MatchCandidate) -> list[dict]:
    """What happened to the pair, oldest first, as lines of a timeline."""
    entries = []

    def add(moment, title, note="", tone="plain"):
        if moment:
            entries.append({"moment": moment, "title": title, "note": str(note or ""), "tone": tone})

    if candidate.departure is not None:
        add(candidate.departure.created_at, _("The origin registered the departure"))
    if candidate.arrival is not None:
        add(candidate.arrival.created_at, _("The station registered the arrival"))
    add(candidate.followed_up_at, _("Followed up"), f"{candidate.followed_up_by}: {candidate.follow_up}")
    add(candidate.origin_confirmed_at, _("The origin confirmed"), candidate.origin_confirmed_by, "ok")
    add(candidate.station_confirmed_at, _("The station confirmed"), candidate.station_confirmed_by, "ok")
    if candidate.state == MatchCandidate.State.REJECTED:
        note = "：".join(filter(None, [str(candidate.decided_by or ""), candidate.reason]))
        add(candidate.decided_at, _("Not the same person"), note)
    elif candidate.state == MatchCandidate.State.SETTLED:
        stay = Stay.objects.filter(departure=candidate.departure_id, arrival=candidate.arrival_id).first()
        if stay is not None and stay.overridden_by is not None:
            note = f"{stay.overridden_by}：{stay.override_reason}"
            add(stay.overridden_at, _("The county decided for the silent side"), note)
        add(candidate.decided_at, _("Taken into care"), candidate.decided_by, "ok")
    return sorted(entries, key=lambda entry: entry["moment"])
