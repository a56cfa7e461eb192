"""The pages that are measured, by name: who looks, at which address, and the goal in times the floor."""

from __future__ import annotations

from dataclasses import dataclass

from bench.nation.laying import run
from bench.nation.units import Nation

LIST, DESK, FILE, FIGURES = 3, 4, 4, 4


@dataclass(frozen=True)
class PageAsked:
    """One page: `role` looks at `path`; `goal` is how many times the floor it may take: a list, a desk, the file of
    one record, or figures over many.
    """

    role: str
    path: str
    goal: float


def pages(nation: Nation) -> dict[str, PageAsked]:
    """Every measured page of the nation."""
    person = _one("SELECT id FROM people_person WHERE station_id = %s ORDER BY id LIMIT 1", nation.station.pk)
    middle = _one(
        "SELECT id FROM people_person WHERE home_path >= %s AND home_path < %s"
        " ORDER BY name_key, id OFFSET 1000 LIMIT 1",
        nation.county.path, nation.county.path[:-1] + "/",
    )  # fmt: skip
    found = {
        "the frame alone": PageAsked("county_organiser", "/about/", LIST),
        "desk, city": PageAsked("city_organiser", "/", DESK),
        "desk, county": PageAsked("county_organiser", "/", DESK),
        "desk, station": PageAsked("station_officer", "/", DESK),
        "desk, grid": PageAsked("grid_leader", "/", DESK),
        "desk, branch": PageAsked("branch_secretary", "/", DESK),
        "people, county": PageAsked("county_organiser", "/people/", LIST),
        "people, deep page": PageAsked("county_organiser", f"/people/?after={middle}", LIST),
        "people, station": PageAsked("station_officer", "/people/", LIST),
        "departures, county": PageAsked("county_organiser", "/people/departures/", LIST),
        "search 王杰, leads on to the file": PageAsked("county_organiser", "/people/search/?q=王杰", LIST + FILE),
        "search 王": PageAsked("county_organiser", "/people/search/?q=王", LIST),
        "search wj": PageAsked("county_organiser", "/people/search/?q=wj", LIST),
        "person file": PageAsked("station_officer", f"/people/{person}/", FILE),
        "board": PageAsked("county_organiser", "/rosters/board/", LIST),
        "grids": PageAsked("station_head", "/grids/", LIST),
        "grid": PageAsked("grid_leader", f"/grids/{nation.grid.pk}/", LIST),
        "weekly five": PageAsked("grid_leader", "/contacts/weekly/", LIST),
        "contacts due, station": PageAsked("station_officer", "/contacts/", LIST),
        "contacts due, county": PageAsked("county_organiser", "/contacts/", LIST),
        "duty sheets, station": PageAsked("station_officer", "/duties/", LIST),
        "rota": PageAsked("station_head", "/duty/rota/", FIGURES),
        "today on duty": PageAsked("station_officer", "/duty/", FIGURES),
        "open items": PageAsked("station_officer", "/duty/items/", LIST),
        "occasions, station": PageAsked("station_officer", "/education/", LIST),
        "compliance, county": PageAsked("county_organiser", "/education/compliance/", FIGURES),
        "learning, station": PageAsked("station_officer", "/education/learning/", LIST),
        "dues, county": PageAsked("county_organiser", "/dues/", LIST),
        "appraisal rounds, county": PageAsked("county_organiser", "/appraisals/", LIST),
        "appraisal round": PageAsked("station_head", f"/appraisals/{_running(nation)}/", FILE),
        "appraisal, members": PageAsked("station_head", "/appraisals/members/", LIST),
        "appraisal, to assess": PageAsked("station_head", "/appraisals/due/station/", LIST),
        "comparison, city": PageAsked("city_organiser", "/stations/comparison/", FIGURES),
    }
    return found


def _running(nation: Nation):
    return _one(
        "SELECT id FROM appraisals_appraisalround WHERE unit_id = %s AND state = 'scoring'", nation.station.pk
    )  # fmt: skip


def _one(question: str, *parameters):
    rows = run(question, list(parameters))
    return rows[0][0] if rows else None
