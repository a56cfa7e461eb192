"""Where a rota is short: shifts with too few people or a window nobody may open, and why, in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _

from waystation.stations.duty.models import Posting, Shift, Turn, Window
from waystation.stations.duty.queries.days import first_of_month, next_month
from waystation.stations.duty.queries.fitting import Limits, is_away, leaves_around, people_around, refusal


@dataclass
class Staffed:
    """A shift with those who are on it; who has leave meanwhile does not count."""

    shift: Shift
    turns: list[Turn] = field(default_factory=list)
    away: list[Turn] = field(default_factory=list)

    @property
    def missing(self) -> int:
        return max(0, self.shift.staff - len(self.present))

    @property
    def present(self) -> list[Turn]:
        return [turn for turn in self.turns if turn not in self.away]

    @property
    def shut(self) -> list[str]:
        """The windows that nobody present may open."""
        held = {key for turn in self.present for key in turn.posting.windows}
        return [key for key in self.shift.windows if key not in held]

    @property
    def is_short(self) -> bool:
        return bool(self.missing or self.shut or self.away)

    @property
    def lacks(self) -> list[str]:
        """What is missing, in words."""
        words = []
        if self.missing:
            words.append(_("%(n)d missing") % {"n": self.missing})
        words += [_("nobody for %(window)s") % {"window": Window(key).label} for key in self.shut]
        words += [_("%(name)s is on leave") % {"name": turn.user.full_name} for turn in self.away]
        return words


def staffed(shifts: Iterable[Shift]) -> list[Staffed]:
    """The shifts, in order, each with its people: a constant number of questions for any number of shifts."""
    rows = sorted(shifts, key=lambda shift: (shift.starts_at, shift.name, str(shift.pk)))
    if not rows:
        return []
    on = defaultdict(list)
    turns = Turn.objects.live().filter(shift__in=[shift.pk for shift in rows])
    for turn in turns.select_related("user", "posting").order_by("user__full_name", "pk"):
        on[turn.shift_id].append(turn)
    users = {turn.user_id for held in on.values() for turn in held}
    people = leaves_around(users, rows[0].day, rows[-1].day + timedelta(days=1))
    found = []
    for shift in rows:
        held = on[shift.pk]
        away = [
            turn for turn in held
            if turn.checked_in_at is None and is_away(people[turn.user_id], turn.posting_id, shift.day)
        ]  # fmt: skip
        found.append(Staffed(shift, held, away))
    return found


def reasons(short: Iterable[Staffed]) -> dict[object, list[str]]:
    """For each short shift, how many of the staff cannot come and why: "3: on leave that day"."""
    short = [one for one in short if one.is_short]
    if not short:
        return {}
    station = short[0].shift.station_id
    first, after = _months(short)
    postings = list(Posting.objects.filter(station=station).touching(first, after).select_related("user"))
    people = people_around({posting.user_id for posting in postings}, first, after)
    found = {}
    for one in short:
        limits, on = Limits.on(one.shift.day), {turn.user_id for turn in one.turns}
        held = Counter()
        for posting in postings:
            if posting.user_id in on or not posting.holds_on(one.shift.day):
                continue
            words = refusal(one.shift, posting, people[posting.user_id], limits) or _("could come")
            held[words] += 1
        sentences = [
            _("%(n)d of the staff: %(why)s") % {"n": number, "why": words} for words, number in held.most_common()
        ]
        found[one.shift.pk] = sentences or [_("Nobody else is posted here that day.")]
    return found


def _months(short: list[Staffed]) -> tuple[date, date]:
    days = [one.shift.day for one in short]
    return first_of_month(min(days)), next_month(max(days))


def candidates(shift: Shift) -> list[tuple[Posting, str]]:
    """Everybody of the staff who is not on the shift, each with why not; an empty reason means they may."""
    on = set(shift.turns.filter(removed_at=None).values_list("user", flat=True))
    first, after = first_of_month(shift.day), next_month(shift.day)
    postings = Posting.objects.filter(station=shift.station_id).in_force(shift.day).exclude(user__in=on)
    postings = list(postings.select_related("user").order_by("user__full_name", "pk"))
    people = people_around({posting.user_id for posting in postings}, first, after)
    limits = Limits.on(shift.day)
    found = [(posting, refusal(shift, posting, people[posting.user_id], limits)) for posting in postings]
    return sorted(found, key=lambda pair: bool(pair[1]))
