"""The story of one person in the order of time, told by every app that knows a part of it.

People's own rows are told here. An app above adds its part with `register`: a function
`tell(person, sight)` that yields entries, or remarks on an entry told by another (`about`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from waystation.kernel.days import midnight
from waystation.kernel.partial_dates import PartialDate
from waystation.kernel.templatetags.ui import zh_date
from waystation.organizations.models import Unit
from waystation.organizations.permissions import Permission
from waystation.stewardship.people.models import (
    Card,
    Correction,
    Departure,
    Membership,
    Merge,
    PartyStatus,
    Person,
    StatusChange,
    Stay,
)
from waystation.stewardship.people.queries.files import masked_corrections
from waystation.stewardship.people.queries.sights import Sight


@dataclass
class Entry:
    """One thing that happened. `moment` orders it, and is midnight where only the day is known; `about` is its name
    for later remarks.

    `tone` is "ok", "plain", "waiting" or nothing, as the time line of the page kit has it.
    """

    moment: datetime
    title: str
    notes: list[str] = field(default_factory=list)
    about: str = ""
    url: str = ""
    tone: str = ""

    @property
    def at(self) -> date | None:
        """The day, if no more than the day is known."""
        local = timezone.localtime(self.moment)
        return local.date() if local.time() == time() else None

    @property
    def note(self) -> str:
        """The remarks in one line."""
        return " · ".join(note for note in self.notes if note)


@dataclass(frozen=True)
class Remark:
    """Something to add to the entry that is `about` the same thing, such as "stay:<id>"."""

    about: str
    text: str


_tellers: list[Callable] = []


def register(tell: Callable) -> Callable:
    """Let `tell(person, sight)` add its entries and remarks to every time line."""
    if tell not in _tellers:
        _tellers.append(tell)
    return tell


@dataclass
class Story:
    """People's own rows of one person, the newest first, and all entries once they are told.

    Cards and merges are asked for when a page shows them.
    """

    departures: list[Departure]
    stays: list[Stay]
    cards: Iterable[Card]
    merges: Iterable[Merge]
    corrections: list
    entries: list[Entry] = field(default_factory=list)

    @property
    def departure(self) -> Departure | None:
        """The open departure."""
        return next((row for row in self.departures if row.state in Departure.OPEN), None)

    @property
    def stay(self) -> Stay | None:
        """The open stay."""
        return next((row for row in self.stays if row.ends_on is None), None)

    @property
    def card(self) -> Card | None:
        """The valid card."""
        return next((row for row in self.cards if row.revoked_at is None), None)


_WHO_CONFIRMED = ("origin_confirmed_by", "station_confirmed_by", "overridden_by")


def outline(person: Person, sight: Sight) -> Story:
    """People's own rows of the person. Whoever only helps at the destination is not told what was corrected."""
    story = Story(
        departures=list(
            Departure.objects.filter(person=person)
            .defer("id_number", "phone", "other_phone")
            .select_related("origin", "station", "destination", "created_by", "closed_by")
            .order_by("-created_at")
        ),
        stays=list(
            Stay.objects.filter(person=person)
            .select_related("station", "destination", "arrival", *_WHO_CONFIRMED)
            .order_by("-starts_on", "-pk")
        ),
        cards=Card.objects.filter(person=person).order_by("-issued_at"),
        merges=Merge.objects.filter(winner=person).select_related("loser", "merged_by", "undone_by"),
        corrections=[],
    )
    departures = {row.pk: row for row in story.departures}
    for stay in story.stays:
        stay.person = person
        if stay.departure_id in departures:  # both lists are read one after the other; a merge may come between
            stay.departure = departures[stay.departure_id]
    person.open_stay = story.stay
    if sight.numbers:
        rows = Correction.objects.filter(person=person).select_related("corrected_by")
        if not sight.may(Permission.ACTIVITY_CARD_CHECK):
            rows = rows.exclude(field="card_no")
        story.corrections = masked_corrections(rows.order_by("-corrected_at"))
    return story


def open_stay_of(person: Person) -> Stay | None:
    """The open stay with what a duty sheet needs: that of the outline, if one was made of this person, else read."""
    if not hasattr(person, "open_stay"):
        rows = Stay.objects.open().filter(person=person)
        person.open_stay = rows.select_related("person__home", "departure__origin", "station", "destination").first()
    return person.open_stay


def timeline(person: Person, sight: Sight, *, links: frozenset[str] = frozenset()) -> Story:
    """Everything that is known to have happened with the person, as far as the viewer may know.

    `links` says which pages the viewer may open from here: "departure", "arrival".
    """
    story = outline(person, sight)
    told = [
        *_own(person, story),
        *(_statuses(person) if sight.cares else ()),
        *(part for tell in _tellers for part in tell(person, sight)),
    ]
    story.entries = _composed(told)
    for entry in story.entries:
        if entry.about.startswith(("departure:", "arrival:")):
            entry.url = entry.url if entry.about.partition(":")[0] in links else ""
    return story


def _composed(told: Iterable[Entry | Remark]) -> list[Entry]:
    entries = [part for part in told if isinstance(part, Entry)]
    named = {entry.about: entry for entry in entries if entry.about}
    for part in told:
        if isinstance(part, Remark) and part.about in named:
            named[part.about].notes.append(part.text)
    # Of two things at one moment the later told is the newer.
    return sorted(entries, key=lambda entry: entry.moment)[::-1]


def _own(person: Person, story: Story) -> Iterator[Entry]:
    memberships = list(Membership.objects.filter(person=person).select_related("branch"))
    for departure in story.departures:
        yield from _of_departure(departure, _registrar(departure, memberships))
    for stay in story.stays:
        yield from _of_stay(stay)
    for correction in story.corrections:
        yield _of_correction(correction)
    for merge in story.merges:
        yield from _of_merge(merge)
    for card in story.cards:
        yield from _of_card(card)


def day_text(partial: str) -> str:
    """A stored partial date as the language writes it."""
    if not partial:
        return ""
    day = PartialDate.parse_iso(partial)
    parts = {"year": day.year, "month": day.month, "day": day.day}
    if day.month is None:
        return _("in %(year)04d") % parts
    if day.day is None:
        return _("in %(year)04d-%(month)02d") % parts
    return _("on %(year)04d-%(month)02d-%(day)02d") % parts


def _registrar(row: Departure, memberships: list[Membership]) -> Unit:
    """Who registered the departure: its origin, or the branch before if the relation has moved since."""
    day = timezone.localdate(row.created_at)
    if any(held.branch_id == row.origin_id and held.starts_on > day for held in memberships):
        for held in memberships:
            if held.starts_on <= day and (held.ends_on is None or day < held.ends_on):
                return held.branch
    return row.origin


def _of_departure(row: Departure, registrar: Unit) -> Iterator[Entry]:
    if row.station:
        title = _("%(origin)s registered the departure, to report at %(station)s")
    else:
        title = _("%(origin)s registered the departure, to a place outside the area")
    place = row.destination_text or (str(row.destination) if row.destination_id else "")
    yield Entry(
        row.created_at,
        title % {"origin": registrar, "station": row.station},
        [
            _("Left %(day)s") % {"day": day_text(row.left)} if row.left else "",
            place,
            row.reason,
            str(row.get_kind_display()) if row.kind == Departure.Kind.SHORT else "",
        ],
        about=f"departure:{row.pk}",
        url=reverse("people:departure", args=[row.pk]),
        tone="waiting" if row.state == Departure.State.PENDING else "",
    )
    if row.closed_at is None:
        return
    titles = {
        Departure.State.CANCELLED: _("The departure was cancelled"),
        Departure.State.REFUSED: _("The station sent the departure back"),
        Departure.State.RETURNED: _("Returned home; the departure is closed"),
        Departure.State.TRANSFERRED: _("No mobile member any more; the departure is closed"),
        Departure.State.ENDED: _("No member any more; the departure is closed"),
    }
    yield Entry(
        row.closed_at,
        titles[row.state],
        [row.closing_reason, str(row.closed_by or "")],
        tone="plain",
    )


def _of_stay(row: Stay) -> Iterator[Entry]:
    arrival = row.arrival
    yield Entry(
        arrival.created_at,
        _("%(station)s entered the arrival in its register") % {"station": row.station},
        [str(arrival.get_channel_display()), arrival.destination_text],
        about=f"arrival:{arrival.pk}",
        url=reverse("people:arrival", args=[arrival.pk]),
    )
    yield Entry(
        row.opened_at,
        _("Taken into care by %(station)s") % {"station": row.station},
        [*_confirmations(row)],
        about=f"stay:{row.pk}",
        tone="ok",
    )
    if row.ends_on is None:
        return
    days = (row.ends_on - row.starts_on).days
    yield Entry(
        # The stay ends with a day, so it stands at the end of the day before it is over.
        midnight(row.ends_on),
        _("Care by %(station)s ended: %(ending)s") % {"station": row.station, "ending": row.get_ending_display()},
        [ngettext("%(days)s day in care", "%(days)s days in care", days) % {"days": days}],
        tone="plain",
    )


def _confirmations(row: Stay) -> Iterator[str]:
    sides = (
        (_("The origin confirmed %(day)s"), row.origin_confirmed_at),
        (_("the station confirmed %(day)s"), row.station_confirmed_at),
        (_("the county decided %(day)s"), row.overridden_at),
    )
    for text, moment in sides:
        if moment is not None:
            day = PartialDate.of(timezone.localdate(moment)).isoformat()
            yield text % {"day": day_text(day)}
    if row.override_reason:
        yield _("Reason: %(reason)s") % {"reason": row.override_reason}


def _of_correction(row) -> Entry:
    change = ""
    if row.before or row.after:
        change = _("%(before)s → %(after)s") % {
            "before": row.before or "—",
            "after": row.after or "—",
        }
    return Entry(
        row.at,
        _("Corrected: %(field)s") % {"field": row.label},
        [change, row.reason, row.by],
        tone="plain",
    )


def _of_merge(row: Merge) -> Iterator[Entry]:
    names = {"name": row.loser.full_name}
    yield Entry(
        row.merged_at,
        _("Another file of %(name)s was merged into this one") % names,
        [str(row.merged_by or "")],
        about=f"merge:{row.pk}",
        tone="plain",
    )
    if row.undone_at is not None:
        yield Entry(
            row.undone_at,
            _("The merge with the file of %(name)s was undone") % names,
            [str(row.undone_by or "")],
            tone="plain",
        )


def _statuses(person: Person) -> Iterator[Entry]:
    """What was decided on the party status: for those who answer for the member."""
    for row in StatusChange.objects.filter(person=person).select_related("recorded_by"):
        day = _("decided on %(day)s") % {"day": zh_date(row.decided_on)}
        yield Entry(
            row.recorded_at,
            _("Party status: %(status)s") % {"status": row.get_status_display()},
            [day, row.document, row.note, str(row.recorded_by or "")],
            tone="ok" if row.status == PartyStatus.NORMAL else "waiting",
        )


def _of_card(row: Card) -> Iterator[Entry]:
    numbers = {"number": row.number}
    yield Entry(row.issued_at, _("Card %(number)s was issued") % numbers, tone="plain")
    if row.revoked_at is not None:
        yield Entry(row.revoked_at, _("Card %(number)s was withdrawn") % numbers, tone="plain")
