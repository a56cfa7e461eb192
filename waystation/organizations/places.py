"""From the words of a roster to a unit of the tree: 「福鼎市点头镇过笕党支部」, 「桐山街道镇边78号」."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict

from waystation.organizations.divisions import core_name
from waystation.organizations.models import Unit

_PARTY_BODY = re.compile(
    r"(流动党员)?(党员)?(党总支|党支部|总支部|联合支部|支部委员会|支部|党工委|党委|党群服务中心|委员会|总支)$"
)
_NOISE = re.compile(r"[\s,，、·()（）《》\"'“”]|中共|福建省|宁德市")


def tidy(text: str) -> str:
    """The text as it is compared: half-width, without spaces, brackets and the words that never tell places apart."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text or ""))


class Places:
    """The units under one unit (a county as a rule) by the names that people write. Built once a job or request."""

    def __init__(self, root: Unit):
        self.root = root
        units = list(
            Unit.objects.under(root).active().filter(kind__in=["city", "county", "town", "village", "branch"])
            .only("pk", "name", "short_name", "kind", "parent_id", "path", "is_seat")
        )  # fmt: skip
        self.by_id = {unit.pk: unit for unit in units}
        self.counties = self._names(u for u in units if u.kind == "county")
        self.towns = self._names(u for u in units if u.kind == "town")
        self.villages: dict[int, list[tuple[str, Unit]]] = defaultdict(list)
        self.anywhere: dict[str, set[int]] = defaultdict(set)
        self.branches: dict[int, list[Unit]] = defaultdict(list)
        for unit in units:
            if unit.kind == "village":
                for name in {tidy(unit.name), tidy(unit.short_name), tidy(core_name(unit.name))} - {""}:
                    self.villages[unit.parent_id].append((name, unit))
                    self.anywhere[name].add(unit.pk)
            elif unit.kind == "branch":
                self.branches[unit.parent_id].append(unit)
        for names in self.villages.values():
            names.sort(key=lambda pair: -len(pair[0]))
        self._kept: dict[tuple[str, str], Unit | None] = {}

    @staticmethod
    def _names(units) -> list[tuple[str, Unit]]:
        """Full and short names with their unit, the longest first; a short name two units share is left out."""
        full, short = {}, defaultdict(list)
        for unit in units:
            full[tidy(unit.name)] = unit
            short[tidy(unit.short_name or core_name(unit.name))].append(unit)
        for name, owners in short.items():
            if len(owners) == 1 and len(name) >= 2:
                full.setdefault(name, owners[0])
        return sorted(full.items(), key=lambda pair: -len(pair[0]))

    def place(self, text: str) -> Unit | None:
        """The village, town or county that the text names, the narrowest that is certain."""
        key = ("place", text)
        if key not in self._kept:
            self._kept[key] = self._place(tidy(text))
        return self._kept[key]

    def _place(self, text: str) -> Unit | None:
        if not text:
            return None
        county, rest = self._strip(self.counties, text)
        town, rest = self._strip(self.towns, rest)
        if town is not None and county is not None and not town.is_under(county):
            town = None
        if town is None:
            return self._village_anywhere(rest, county) or county or self._root_if_named(text)
        return self._village_in(town, rest) or town

    def _root_if_named(self, text: str) -> Unit | None:
        names = {tidy(self.root.name), tidy(self.root.short_name)} - {""}
        return self.root if any(text.startswith(name) for name in names) else None

    def _strip(self, names, text: str):
        if names is self.counties and self.root.kind == "county":
            names = [(tidy(self.root.name), self.root), (tidy(self.root.short_name or self.root.name), self.root)]
        for name, unit in names:
            if name and text.startswith(name):
                return unit, text[len(name) :]
        return None, text

    def _village_in(self, town: Unit, rest: str) -> Unit | None:
        if not rest:
            return None
        stem = core_name(_PARTY_BODY.sub("", rest))
        for name, village in self.villages[town.pk]:
            if stem and stem == name:
                return village
        for name, village in self.villages[town.pk]:
            if len(name) >= 2 and rest.startswith(name):
                return village
        return None

    def _village_anywhere(self, rest: str, county: Unit | None) -> Unit | None:
        """A village named without its town: certain only if one village in reach bears the name."""
        stem = _PARTY_BODY.sub("", rest)
        for name in (stem, core_name(stem)):
            found = [self.by_id[pk] for pk in self.anywhere.get(name, ())]
            if county is not None:
                found = [unit for unit in found if unit.is_under(county)]
            if len(found) == 1:
                return found[0]
        return None

    def branch(self, text: str) -> Unit | None:
        """The branch that the text names; else the town, county or village it certainly lies in; else None."""
        key = ("branch", text)
        if key not in self._kept:
            self._kept[key] = self._branch(tidy(text))
        return self._kept[key]

    def _branch(self, text: str) -> Unit | None:
        found = self._place(text)
        if found is None:
            return None
        wanted = core_name(_PARTY_BODY.sub("", text))
        options = self.branches.get(found.pk, [])
        for branch in options:
            if tidy(branch.name) == text or core_name(_PARTY_BODY.sub("", tidy(branch.name))) == wanted:
                return branch
        return options[0] if found.kind == "village" and len(options) == 1 else found
