"""The people of the nation: skewed like life, most of them in care of a station."""

from __future__ import annotations

import random

from bench.nation.laying import copy, lay, run, told
from bench.nation.units import Nation, weighted_stations
from bench.people import departures

NAMES = 40_000
IN_CARE, WAITING = 0.88, 0.94  # of a hundred: in care, awaiting arrival, and the rest returned


def lay_people(nation: Nation) -> None:
    """Persons, memberships, departures, arrivals, stays, grids, cards."""
    with told("names"):
        _lay_names()
    with told(f"draws of {nation.people:,} people"):
        _draw(nation)
    with told("persons"):
        _lay_persons(nation)
    with told("departures and arrivals"):
        _lay_registers()
    with told("stays, grids, cards"):
        _lay_stays()


def _lay_names() -> None:
    from django.utils import timezone

    from waystation.stewardship.people.actions import build_person
    from waystation.stewardship.people.claims import Claim

    run("CREATE TEMP TABLE name (n int PRIMARY KEY, full_name text, name_key text, given_key text, pinyin text,"
        " initials text, trade text, sex text, born text)")  # fmt: skip
    at = timezone.now()

    def rows():
        for number, cells in enumerate(departures(NAMES, ["党支部"])):
            sex, born = (
                ("male" if cells[2] == "男" else "female"),
                f"{cells[6][6:10]}-{cells[6][10:12]}-{cells[6][12:14]}",
            )
            one, _membership = build_person(Claim(cells[1], sex=sex, born=born, trade=cells[12]), home=None, at=at)
            yield (number, one.full_name, one.name_key, one.given_key, one.pinyin, one.initials, one.trade, sex, born)

    copy("name", "n, full_name, name_key, given_key, pinyin, initials, trade, sex, born", rows())


def _draw(nation: Nation) -> None:
    """Who is whom and where."""
    draw = random.Random(11)
    stations = weighted_stations()
    grids = _children("grid", "station")
    branches, villages = _children("branch", "county"), _children("village", "county")
    run("CREATE TEMP TABLE drawn (n int PRIMARY KEY, id uuid, name int, fate real, days int, tail int,"
        " station_id bigint, station_path text, branch_id bigint, branch_path text, grid_id bigint, grid_path text,"
        " village_id bigint, village_path text)")  # fmt: skip

    def rows():
        from waystation.kernel.ids import new_id

        chosen = draw.choices(stations, [weight for *_station, weight in stations], k=nation.people)
        for number, (station, path, county, _weight) in enumerate(chosen):
            branch, grid, village = (draw.choice(of) for of in (branches[county], grids[station], villages[county]))
            yield (
                number, new_id(), int(NAMES * draw.random() ** 2), draw.random(),
                draw.randint(20, nation.years * 365), draw.randint(0, 9999), station, path, *branch, *grid, *village,
            )  # fmt: skip

    columns = "n, id, name, fate, days, tail, station_id, station_path, branch_id, branch_path, grid_id, grid_path"
    copy("drawn", f"{columns}, village_id, village_path", rows())
    run("ANALYZE drawn")


def _children(kind: str, above: str) -> dict[int, list[tuple[int, str]]]:
    """Units of a kind by the unit above them that has another kind."""
    depth = {"county": 1, "station": 2}[above]
    found: dict[int, list[tuple[int, str]]] = {}
    for unit, path in run("SELECT id, path FROM organizations_unit WHERE kind = %s ORDER BY id", [kind]):
        found.setdefault(int(path.split(".")[depth]), []).append((unit, path))
    return found


_WHO = {
    "full_name": "name.full_name", "name_key": "name.name_key", "given_key": "name.given_key",
    "pinyin": "name.pinyin", "initials": "name.initials", "trade": "name.trade", "sex": "name.sex", "born": "name.born",
    "member_kind": "CASE WHEN n.n % 50 = 0 THEN 'probationary' ELSE 'full' END", "joined": "'2009-07-01'",
    # As long as what the product seals, so that rows are as wide; nobody opens them here.
    "id_number": "repeat(md5(n.n::text), 3)", "phone": "repeat(md5(n.n::text || 'p'), 3)",
    "id_index": "md5(n.n::text) || md5('i' || n.n)", "phone_index": "md5(n.n::text || 'p') || md5('p' || n.n)",
    "id_mask": "'350***********' || lpad((n.n % 10000)::text, 4, '0')", "id_state": "'valid'",
    "phone_mask": "'199****' || lpad(n.tail::text, 4, '0')", "phone_tail": "lpad(n.tail::text, 4, '0')",
}  # fmt: skip
_SOURCE = "drawn n JOIN name ON name.n = n.name"
CARE = f"n.fate < {IN_CARE}"
_CAME = f"(n.fate < {IN_CARE} OR n.fate >= {WAITING})"


def _lay_persons(nation: Nation) -> None:
    lay(
        "people_person", _SOURCE, **_WHO,
        id="n.id", home_id="n.branch_id", home_path="n.branch_path", version="1",
        stay_path=f"CASE WHEN {CARE} THEN n.grid_path ELSE '' END",
        station_id=f"CASE WHEN {CARE} THEN n.station_id END",
        destination_id=f"CASE WHEN {CARE} THEN n.village_id END",
        destination_path=f"CASE WHEN {CARE} THEN n.village_path ELSE '' END",
        created_at="now() - n.days * interval '1 day'",
    )  # fmt: skip
    lay(
        "people_membership", "drawn n",
        id="gen_random_uuid()", person_id="n.id", branch_id="n.branch_id", starts_on="date '2009-07-01'",
    )  # fmt: skip


def _lay_registers() -> None:
    state = f"CASE WHEN n.fate < {IN_CARE} THEN 'departed' WHEN n.fate < {WAITING} THEN 'pending' ELSE 'returned' END"
    closed = f"CASE WHEN n.fate >= {WAITING} THEN now() - interval '9 days' END"
    moment = "now() - n.days * interval '1 day'"
    lay(
        "people_departure", _SOURCE, **_WHO,
        id=f"pg_temp.id_at({moment})", person_id="n.id", state=state, kind="'mobile'", origin_id="n.branch_id",
        origin_path="n.branch_path", station_id="n.station_id", station_path="n.station_path", created_at=moment,
        closed_at=closed,
    )  # fmt: skip
    known = {name: told for name, told in _WHO.items() if name in _columns("people_arrival")}
    lay(
        "people_arrival", f"{_SOURCE} WHERE {_CAME}", **known,
        id=f"pg_temp.id_at({moment})", person_id="n.id", state="'settled'", channel="'desk'",
        station_id="n.station_id", station_path="n.station_path", home_id="n.branch_id", home_path="n.branch_path",
        created_at=moment, closed_at="now()",
    )  # fmt: skip


def _columns(table: str) -> set[str]:
    rows = run("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table])
    return {name for (name,) in rows}


def _lay_stays() -> None:
    first = "(array_agg(id ORDER BY username))"
    staff = f"(SELECT {first}[1] AS one, {first}[2] AS two FROM accounts_user WHERE username LIKE 'staff-%') AS staff"
    ended = f"n.fate >= {WAITING}"
    lay(
        "people_stay",
        f"drawn n JOIN people_departure d ON d.person_id = n.id JOIN people_arrival a ON a.person_id = n.id, {staff}",
        id="pg_temp.id_at(now() - n.days * interval '1 day')", person_id="n.id", departure_id="d.id", arrival_id="a.id",
        station_id="n.station_id", station_path="n.station_path", destination_id="n.village_id",
        starts_on="current_date - n.days", ends_on=f"CASE WHEN {ended} THEN current_date - 9 END",
        ending=f"CASE WHEN {ended} THEN 'returned' ELSE '' END", origin_confirmed_by_id="staff.one",
        origin_confirmed_at="now()", station_confirmed_by_id="staff.two", station_confirmed_at="now()",
    )  # fmt: skip
    lay(
        "grids_gridassignment", f"people_stay s JOIN drawn n ON n.id = s.person_id WHERE {CARE}",
        id="gen_random_uuid()", person_id="n.id", stay_id="s.id", grid_id="n.grid_id", starts_on="s.starts_on",
    )  # fmt: skip
    lay(
        "people_card", f"drawn n WHERE {CARE}",
        id="gen_random_uuid()", person_id="n.id", number="'26' || lpad(to_hex(n.n), 10, '0')",
    )  # fmt: skip
