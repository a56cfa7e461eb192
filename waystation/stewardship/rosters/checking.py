"""The verdict on each row of a roster: new, changed, duplicate or wrong. Reads only; writes nothing."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

from waystation.kernel.sealing import blind, seal, unseal
from waystation.kernel.sheets import cells as sheet_cells
from waystation.organizations.models import Unit
from waystation.organizations.places import Places
from waystation.organizations.queries import county_of
from waystation.stewardship.people.claims import Claim, fill
from waystation.stewardship.people.identity import IdNumber, IdState, Phone, PhoneKind
from waystation.stewardship.people.models import Arrival, Departure, Person
from waystation.stewardship.people.names import name_key
from waystation.stewardship.rosters.models import Import, ImportRow
from waystation.stewardship.rosters.reading import Reading, read_row

V = ImportRow.Verdict


@dataclass
class Entry:
    """One row on its way: what it says, where that lies in the tree, and the verdict on it."""

    row: ImportRow
    reading: Reading
    home: Unit | None = None
    destination: Unit | None = None
    person: Person | None = None
    target: Departure | Arrival | None = None  # the register's row that a "changed" row changes
    keys: dict[str, str | None] = field(default_factory=dict)
    section: str = ""  # the title above the rows among which this one stands

    @property
    def claim(self) -> Claim:
        return self.reading.claim


class Scene:
    """What an import is checked against: its tree, its reach and the rows of the file seen so far."""

    def __init__(self, batch: Import):
        self.batch = batch
        self.is_origin = batch.kind == Import.Kind.DEPARTURES
        county = county_of(batch.unit) or batch.unit
        self.places = Places(county)
        self._twins: dict[tuple, ImportRow] = {}
        self._id_names: dict[str, tuple[str, ImportRow]] = {}
        self._named: set = set()  # keys of the register's rows that earlier rows of the file turned out to mean

    # --- places -----------------------------------------------------------------------------------

    def locate(self, entry: Entry) -> None:
        """Find the origin and the destination in the tree; what is uncertain becomes a warning."""
        reading = entry.reading
        if self.is_origin:
            self._locate_origin(entry)
            entry.destination = self.places.place(reading.claim.destination_text)
        else:
            entry.home = self._home(reading)
            entry.destination = self._community(reading)

    def _home(self, reading: Reading) -> Unit | None:
        found = self.places.branch(reading.home) if reading.home else None
        if reading.town and (found is None or found.kind in (Unit.Kind.COUNTY, Unit.Kind.TOWN)):
            found = self.places.branch(f"{reading.town}{reading.home}") or found
        return found

    def _locate_origin(self, entry: Entry) -> None:
        reading, unit = entry.reading, self.batch.unit
        found = self._home(reading)
        if found is not None and not found.is_under(unit):
            if unit.is_under(found):
                found = unit  # "the whole township", said by one of its branches
            else:
                reading.note("branch_elsewhere", "home", error=True, unit=unit.name)
        if found is None or found.kind != Unit.Kind.BRANCH:
            # A branch's own roster need not name the branch.
            found = unit if found is None else found
            if found.kind != Unit.Kind.BRANCH:
                reading.note("branch_unknown" if reading.home else "branch_missing", "home", unit=found.name)
        entry.home = found

    def _community(self, reading: Reading) -> Unit | None:
        by_address = self.places.place(reading.claim.address)
        found = self.places.place(reading.community) if reading.community else None
        villages = [unit for unit in (found, by_address) if unit is not None and unit.kind == Unit.Kind.VILLAGE]
        if not villages and reading.community and by_address is not None:
            found = self.places.place(f"{by_address.name}{reading.community}")
            villages = [found] if found is not None and found.kind == Unit.Kind.VILLAGE else []
        if not villages and reading.community:
            reading.note("community_unknown", "community")
        return villages[0] if villages else found or by_address

    # --- the same person twice in the file --------------------------------------------------------

    def twin(self, entry: Entry) -> None:
        """Mark a row that repeats an earlier one of the same file, or that borrows its ID number."""
        claim = entry.claim
        key, id_index = name_key(claim.full_name), entry.keys["id"]
        if id_index:
            name, row = self._id_names.setdefault(id_index, (key, entry.row))
            if name != key:
                entry.reading.note("same_id_other_name", "id_number", error=True, row=_where(row, entry.row))
                return
        signatures = [("id", key, id_index)] if id_index else []
        if entry.keys["phone"]:
            signatures.append(("phone", key, entry.keys["phone"], "" if not claim.born else claim.born[:4]))
        in_branch = entry.home is not None and entry.home.kind == Unit.Kind.BRANCH
        if in_branch and len(claim.born) == 10 and not (id_index or entry.keys["phone"]):
            signatures.append(("place", key, entry.home.pk, claim.born))
        earlier = [self._twins[s] for s in signatures if s in self._twins]
        if earlier:
            first = min(earlier, key=lambda row: row.position)
            self._repeat(entry, first)
        else:
            for signature in signatures:
                self._twins[signature] = entry.row

    @staticmethod
    def _repeat(entry: Entry, first: ImportRow) -> None:
        entry.row.verdict, entry.row.same_as = V.DUPLICATE, first.position
        entry.reading.note("same_row", "name", row=_where(first, entry.row))

    # --- the register -----------------------------------------------------------------------------

    def judge(self, entries: list[Entry], *, again: bool = False) -> None:
        """Set verdict, person and target of each entry against the register as it is now.

        `again` is the commit's second look: twins inside the file were settled by the first.
        """
        for entry in entries:
            entry.keys = index_keys(entry.claim)
            if not again:
                self.locate(entry)
                self.twin(entry)
        open_entries = []
        for entry in entries:
            if entry.reading.is_wrong:
                entry.row.verdict = V.WRONG
            elif not entry.row.same_as:
                open_entries.append(entry)
        if again:
            self._named = set()
        if self.is_origin:
            self._judge_departures(open_entries, again=again)
        else:
            self._judge_arrivals(open_entries, again=again)

    def _register(self, rows, entries: list[Entry], *, again: bool) -> Register:
        register = Register(rows, entries, self._named)
        if again:
            others = self.batch.rows.exclude(pk__in=[entry.row.pk for entry in entries])
            register.leave_out_what_others_mean(
                others, ("person", "departure__person") if self.is_origin else ("arrival",)
            )
        return register

    def _judge_departures(self, entries: list[Entry], *, again: bool) -> None:
        known = self._register(Person.objects.living().select_related("home"), entries, again=again)
        for entry in entries:
            entry.person = known.find(entry, home_path=entry.home.path)
        people = [entry.person.pk for entry in entries if entry.person]
        departures = {
            row.person_id: row for row in Departure.objects.open().filter(person__in=people).select_related("origin")
        }
        taken: dict = {}
        for entry in entries:
            departure = departures.get(entry.person.pk) if entry.person else None
            if entry.person and taken.setdefault(entry.person.pk, entry.row) is not entry.row:
                self._repeat(entry, taken[entry.person.pk])
            elif entry.person and entry.person.party_status in Person.ENDED:
                entry.row.verdict = V.WRONG
                entry.reading.note("no_member", "name", error=True)
            elif departure is None and entry.person and self._belongs_elsewhere(entry.person):
                entry.row.verdict = V.WRONG
                entry.reading.note("other_origin", "home", error=True, unit=entry.person.home.name)
            elif departure is None:
                entry.row.verdict = V.NEW
            elif not departure.origin_path.startswith(self.batch.unit_path):
                entry.row.verdict = V.WRONG
                entry.reading.note("other_origin", "home", error=True, unit=departure.origin.name)
            elif departure.state == Departure.State.DEPARTED:
                entry.row.verdict = V.DUPLICATE
                entry.reading.note("in_care", "name")
            else:
                self._compare(entry, departure)

    def _belongs_elsewhere(self, person: Person) -> bool:
        return bool(person.home_path) and not person.home_path.startswith(self.batch.unit_path)

    def _judge_arrivals(self, entries: list[Entry], *, again: bool) -> None:
        here = Arrival.objects.filter(station=self.batch.station)
        pending = self._register(here.pending(), entries, again=again)
        cared_for = here.filter(state=Arrival.State.SETTLED, stays__ends_on=None).distinct()
        settled = self._register(cared_for, entries, again=again)
        for entry in entries:
            arrival = pending.find(entry, home_path=entry.home.path if entry.home else "")
            if arrival is not None:
                self._compare(entry, arrival)
            elif settled.find(entry, home_path=entry.home.path if entry.home else "") is not None:
                entry.row.verdict = V.DUPLICATE
                entry.reading.note("in_care", "name")
            else:
                entry.row.verdict = V.NEW

    def _compare(self, entry: Entry, target: Departure | Arrival) -> None:
        changed = differences(target, entry.claim)
        entry.target = target
        setattr(entry.row, "departure" if self.is_origin else "arrival", target)
        entry.row.verdict = V.CHANGED if changed else V.DUPLICATE
        for name in changed:
            entry.reading.note("field_changed", _FIELD_OF.get(name, name))
        if not changed:
            entry.reading.note("in_register", "name")


def _where(first: ImportRow, row: ImportRow) -> str:
    """The earlier row as the user finds it: its number, and its sheet if that is another."""
    return str(first.number) if first.sheet == row.sheet else f"{first.sheet} {first.number}"


def index_keys(claim: Claim) -> dict[str, str | None]:
    """The blind indexes of a claim: whole ID number and both phones."""
    number = claim.id_number
    return {
        "id": blind("id_number", number.text) if number and number.is_sure else None,
        "phone": blind("phone", claim.phone.text) if claim.phone else None,
        "other": blind("phone", claim.other_phone.text) if claim.other_phone else None,
    }


class Register:
    """The register's rows that a chunk of entries might mean, fetched in three queries.

    `named` holds the keys of those that the file's other rows mean; what is found here joins them.
    """

    def __init__(self, rows, entries: Iterable[Entry], named: set):
        entries = list(entries)
        self.named = named
        ids = {entry.keys["id"] for entry in entries} - {None}
        names = {name_key(entry.claim.full_name) for entry in entries}
        self.by_id = {row.id_index: row for row in rows.filter(id_index__in=ids)}
        self.by_name = defaultdict(list)
        for row in rows.filter(name_key__in=names).order_by("pk"):
            self.by_name[row.name_key].append(row)

    def leave_out_what_others_mean(self, others, columns: tuple[str, ...]) -> None:
        """Namesakes that other rows of the file mean or have written; the first look told them apart."""
        namesakes = [row.pk for rows in self.by_name.values() for row in rows]
        for column in columns if namesakes else ():
            self.named.update(others.filter(**{f"{column}__in": namesakes}).values_list(column, flat=True))

    def find(self, entry: Entry, *, home_path: str):
        """The row of the same person, or None. A namesake is not enough: phone, or birth and place, must agree."""
        found = self.by_id.get(entry.keys["id"]) or self._by_words(entry, home_path)
        if found is not None:
            self.named.add(found.pk)
        return found

    def _by_words(self, entry: Entry, home_path: str):
        claim = entry.claim
        said = {entry.keys["phone"], entry.keys["other"]} - {None}
        for row in self.by_name[name_key(claim.full_name)]:
            if row.id_index and entry.keys["id"]:
                continue  # two whole ID numbers that differ: two people
            phones = {row.phone_index, row.other_phone_index} - {None}
            born_fits = (
                not row.born or not claim.born or row.born.startswith(claim.born) or claim.born.startswith(row.born)
            )
            if born_fits and (phones & said or self._same_branch_and_birth(row, entry, home_path, phones)):
                return row
            # Two rows of a file that say the very same of namesakes mean two people, not one twice.
            if row.pk not in self.named and phones == said and self._same_words(row, claim, home_path):
                return row
        return None

    @staticmethod
    def _same_words(row, claim: Claim, home_path: str) -> bool:
        """A row that says the very same again: the same file a second time changes nothing."""
        mask = claim.id_number.masked() if claim.id_number else ""
        here = (row.home_path, row.born, row.sex, row.id_mask, row.joined, row.education, row.nation)
        return here == (home_path, claim.born, claim.sex, mask, claim.joined, claim.education, claim.nation)

    @staticmethod
    def _same_branch_and_birth(row, entry: Entry, home_path: str, phones: set) -> bool:
        """Without number or phone, one branch and one whole birth date must do; two phones that differ forbid it."""
        in_branch = entry.home is not None and entry.home.kind == Unit.Kind.BRANCH and row.home_path == home_path
        return (
            in_branch and row.born == entry.claim.born and len(row.born) == 10 and not (phones and entry.keys["phone"])
        )


_COMPARED = (
    "full_name", "sex", "born", "nation", "education", "member_kind", "joined", "trade", "branch_text", "left",
    "reason", "place_kind", "dues_paid_to", "home_text", "employer", "skill", "volunteers", "arrived",
    "destination_text", "card_no", "remark", "id_index", "id_state", "phone_index", "other_phone_index",
)  # fmt: skip
_FIELD_OF = {
    "full_name": "name", "branch_text": "home", "home_text": "home", "left": "moved", "arrived": "moved",
    "destination_text": "destination", "dues_paid_to": "dues", "id_index": "id_number", "id_state": "id_number",
    "phone_index": "phone", "other_phone_index": "other_phone",
}  # fmt: skip


def differences(target: Departure | Arrival, claim: Claim) -> list[str]:
    """Columns in which the claim says something else. What it leaves empty takes nothing away."""
    fresh = type(target)()
    fill(fresh, claim)
    changed = []
    for name in _COMPARED:
        if hasattr(fresh, name):
            now, then = getattr(fresh, name), getattr(target, name)
            if now not in ("", None) and now != then:
                changed.append(name)
    for name in ("address", "hardship"):
        if hasattr(fresh, name) and getattr(claim, name) and getattr(claim, name) != unseal(target, name):
            changed.append(name)
    return changed


# --- keeping a reading until the commit -----------------------------------------------------------


def keep(entry: Entry, titles: dict[int, str], cells: tuple) -> None:
    """Seal the row as it stood and as it was understood into the import row."""
    claim = asdict(entry.claim)
    pairs = [
        (titles.get(index) or "", sheet_cells.typed(cell))
        for index, cell in enumerate(cells)
        if titles.get(index) or cell
    ]
    content = {
        "cells": pairs, "claim": claim, "home": entry.home.pk if entry.home else None,
        "destination": entry.destination.pk if entry.destination else None, "section": entry.section,
    }  # fmt: skip
    seal(entry.row, "cells", json.dumps(content, ensure_ascii=False, separators=(",", ":")))
    entry.row.problems = entry.reading.problems
    entry.row.name = entry.claim.full_name


def claim_of(content: dict) -> Claim:
    """The claim among what `keep` sealed."""
    said = dict(content["claim"])
    for name, kind in (("phone", PhoneKind), ("other_phone", PhoneKind)):
        said[name] = Phone(said[name]["text"], kind(said[name]["kind"])) if said[name] else None
    if said["id_number"]:
        said["id_number"] = IdNumber(said["id_number"]["text"], IdState(said["id_number"]["state"]))
    return Claim(**said)


def recall(row: ImportRow, scene: Scene) -> Entry:
    """The entry that `keep` sealed."""
    content = json.loads(unseal(row, "cells"))
    entry = Entry(row, Reading(claim_of(content), problems=list(row.problems)))
    entry.home = scene.places.by_id.get(content["home"])
    if entry.home is None and content["home"] == scene.batch.unit_id:
        entry.home = scene.batch.unit
    entry.destination = scene.places.by_id.get(content["destination"])
    return entry


def entry_of(batch: Import, position: int, sheet: str, number: int, values: dict, section: str | None) -> Entry:
    """A fresh entry for a data row of the file."""
    row = ImportRow(batch=batch, position=position, sheet=sheet[:100], number=number)
    return Entry(row, read_row(batch.kind, values, section), section=section or "")
