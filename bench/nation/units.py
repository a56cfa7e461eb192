"""The tree of the nation: prefectures of nine counties, towns, villages, branches; stations with grids and staff."""

from __future__ import annotations

from dataclasses import dataclass, field

from bench.nation.laying import lay, run, told

STATIONS_A_CITY = 12
COUNTIES, TOWNS, VILLAGES = 9, 16, 6
GRID = 150  # people a grid looks after
_NEXT = "(SELECT coalesce(max(id), 0) FROM organizations_unit) + row_number() OVER (ORDER BY {order})"


@dataclass
class Nation:
    """What was laid: the prefecture, county and station where most people are, and how large it all is."""

    people: int
    stations: int
    years: int
    users: dict[str, object] = field(default_factory=dict)
    lookers: dict[str, object] = field(default_factory=dict)
    county: object = None
    station: object = None
    grid: object = None


def lay_units(nation: Nation) -> None:
    """Lay the tree, the stations in its counties and the grids under them."""
    cities = -(-nation.stations // STATIONS_A_CITY)
    with told(f"tree of {cities} prefectures"):
        _under("city", f"generate_series(1, {cities}) AS n", "'市' || n", parent="NULL", path="''")
        _below("city", "county", COUNTIES)
        _below("county", "town", TOWNS)
        _below("town", "village", VILLAGES)
        run("UPDATE organizations_unit SET is_seat = true WHERE kind = 'town' AND id % 8 = 0")
        _below("village", "branch", 1)
        _lay_stations(nation.stations)
        _lay_grids(nation.people)


def weighted_stations() -> list[tuple[int, str, int, float]]:
    """Each station: id, path, county and how many go there; three counties of a prefecture hold half its people, and
    the first prefectures are large."""
    rows = run(
        "SELECT s.id, s.path, s.parent_id, row_number() OVER (PARTITION BY c.parent_id ORDER BY s.id) - 1,"
        " dense_rank() OVER (ORDER BY c.parent_id) - 1"
        " FROM organizations_unit s JOIN organizations_unit c ON c.id = s.parent_id WHERE s.kind = 'station'"
    )
    return [
        (station, path, county, (1 / 6 if place < 3 else 0.5 / 9) / (city + 6))
        for station, path, county, place, city in rows
    ]


def _under(kind: str, source: str, name: str, *, parent: str, path: str) -> None:
    first = run("SELECT coalesce(max(id), 0) FROM organizations_unit")[0][0]
    lay(
        "organizations_unit",
        f"(SELECT *, {first} + row_number() OVER () AS new_id FROM {source}) AS one",
        id="new_id", kind=f"'{kind}'", name=name, parent_id=parent, path=f"{path} || new_id || '.'",
    )  # fmt: skip
    run("SELECT setval(pg_get_serial_sequence('organizations_unit', 'id'), (SELECT max(id) FROM organizations_unit))")


def _below(above: str, kind: str, count: int) -> None:
    words = {"county": "县", "town": "镇", "village": "村", "branch": "党支部"}
    source = (
        f"(SELECT id AS parent, path AS parent_path, n FROM organizations_unit, generate_series(1, {count}) AS n"
        f" WHERE kind = '{above}' ORDER BY id, n) AS below"
    )
    _under(kind, source, f"n || '{words[kind]}'", parent="parent", path="parent_path")


def _lay_stations(count: int) -> None:
    """One station in each county, and a second in some until the number is reached."""
    source = (
        "(SELECT id AS parent, path AS parent_path, n FROM organizations_unit, generate_series(1, 2) AS n"
        f" WHERE kind = 'county' ORDER BY n, id LIMIT {count}) AS below"
    )
    _under("station", source, "n || '流动党员管理服务中心'", parent="parent", path="parent_path")
    seat = "(SELECT min(t.id) FROM organizations_unit t WHERE t.kind = 'town' AND t.parent_id = s.parent_id)"
    lay(
        "sites_station", "organizations_unit s WHERE s.kind = 'station'",
        unit_id="s.id", kind="'county_centre'", host_town_id=seat, address="'驿站路1号'", phone="'0593-0000000'",
    )  # fmt: skip


def _lay_grids(people: int) -> None:
    """As many grids under each station as its people need."""
    stations = weighted_stations()
    whole = sum(weight for *_station, weight in stations)
    wanted = ", ".join(
        f"({station}, {max(2, round(people * weight / whole / GRID))})" for station, _path, _county, weight in stations
    )
    source = (
        f"(SELECT s.id AS parent, s.path AS parent_path, n FROM (VALUES {wanted}) AS w (station, grids)"
        " JOIN organizations_unit s ON s.id = w.station, generate_series(1, w.grids) AS n ORDER BY s.id, n) AS below"
    )
    _under("grid", source, "'第' || n || '网格'", parent="parent", path="parent_path")
    lay(
        "grids_grid", "organizations_unit WHERE kind = 'grid'",
        unit_id="id", station_id="parent_id", code="'G' || id",
    )  # fmt: skip


def lay_staff(nation: Nation) -> None:
    """Users who act and look: officers of every station, and one of each role where most people are."""
    from tests import make

    with told("staff"):
        lay(
            "accounts_user",
            "organizations_unit s, generate_series(1, 4) AS n WHERE s.kind = 'station'",
            id="gen_random_uuid()", username="'staff-' || s.id || '-' || n", full_name="'工作人员' || n",
            password="'!'", is_active="true", language="'zh-hans'",
        )  # fmt: skip
        lay(
            "organizations_mandate",
            "accounts_user u WHERE u.username LIKE 'staff-%'",
            role="'station_officer'", user_id="u.id", unit_id="split_part(u.username, '-', 2)::bigint",
            starts_on=f"current_date - {nation.years * 365}",
        )  # fmt: skip
    look_up(nation)
    for role, unit in nation.lookers.items():
        user = make.user(role, unit)
        user.username = f"looks-{role}"
        user.save()


def look_up(nation: Nation) -> None:
    """Find again what was laid: the units where most people are, and who looks at them."""
    from waystation.accounts.models import User
    from waystation.organizations.models import Unit

    nation.county = Unit.objects.filter(kind="county").order_by("pk").first()
    nation.station = Unit.objects.filter(kind="station", parent=nation.county).order_by("pk").first()
    nation.grid = Unit.objects.filter(kind="grid", parent=nation.station).order_by("pk").first()
    nation.lookers = {
        "city_organiser": Unit.objects.get(pk=nation.county.parent_id), "county_organiser": nation.county,
        "station_head": nation.station, "station_officer": nation.station, "grid_leader": nation.grid,
        "branch_secretary": Unit.objects.under(nation.county).filter(kind="branch").order_by("pk").first(),
    }  # fmt: skip
    found = User.objects.filter(username__startswith="looks-")
    nation.users = {user.username.removeprefix("looks-"): user for user in found}
