"""Every address × role × place × method, against the file that was reviewed.

`make policy` writes the file anew (WAYSTATION_WRITE_MATRIX=1); the diff is what a change of policy looks like.
A row of a place out of reach answers 404 with the same page as a row that does not exist, and names nobody.
"""

import csv
import os
import re
import uuid
from pathlib import Path

import pytest
from django.db import transaction
from django.urls import reverse

from tests import world as worlds
from tests.world_parts import PARTS
from waystation.organizations.addresses import addresses
from waystation.organizations.permissions import ROLES

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MATRIX = Path(__file__).parent / "matrix.csv"
HEADS = ["address", "method", "role", "place", "expect"]
USERS = [*ROLES, "no role", "nobody"]

# Which thing of the world each argument of an address takes; by address, else by its name space.
THINGS = {
    "organizations:mandate-end": "mandate", "people:made-file": "job", "people:departure": "departure",
    "people:departure-cancel": "departure", "people:departure-refuse": "departure",
    "people:departure-correct": "departure", "people:departure-return": "departure",
    "people:arrival": "arrival", "people:arrival-refuse": "arrival",
    "people:stay-end": "stay", "people:merge-undo": "merge", "rosters:progress": "job", "rosters:bulk": "job",
    "rosters:pair": "pair", "rosters:pair-confirm": "pair", "rosters:pair-reject": "pair",
    "rosters:pair-withdraw": "pair", "rosters:pair-reopen": "rejected", "rosters:pair-override": "pair",
    "rosters:follow-up": "pair", "rosters:pair-reveal": "pair",
    "web:job": "job", "web:job-cancel": "job", "web:job-retry": "job",
}  # fmt: skip
BY_SPACE = {
    "people": "person", "rosters": "import departures", "grids": "grid", "sites": "station", "organizations": "branch",
    "web": "user", "portal": "card",
}  # fmt: skip
WORDS = {"field": "phone", "section": "moves", "ledger": "people", "side": "origin", "key": "absence.short_months"}
for _part in PARTS:
    THINGS |= _part.THINGS
    WORDS |= _part.WORDS
LEFT_OUT = {"account_end_session", "account_logout"}  # about the session itself; tests/accounts has them


def arguments(address, place, things):
    """The arguments of an address in a place, or None where it takes none."""
    names = re.findall(r"<(?:(\w+):)?(\w+)>", address.route)
    if not names:
        return {}
    made = {}
    for kind, name in names:
        if name in WORDS and kind in ("slug", "str", "side", "path"):
            made[name] = WORDS[name]
        elif kind in ("uuid", "int"):
            thing = THINGS.get(address.name) or BY_SPACE.get(address.name.split(":")[0], "")
            made[name] = things[thing, place]
        else:
            made[name] = "x" * 8
    return made


def bucket(response) -> str:
    """What an answer means for the policy: the rest (a form with errors, a redirect after it) is "ok"."""
    if response.status_code in (301, 302) and "/accounts/login/" in response["Location"]:
        return "login"
    if response.status_code in (403, 404, 405):
        return str(response.status_code)
    assert response.status_code < 500, response.status_code
    return "ok"


def plain(response) -> str:
    """The page without what differs at each request."""
    text = response.content.decode()
    return re.sub(r"csrf[^\s]*|value=\"[^\"]*\"|X-CSRF[^,}]*|[0-9a-fA-F-]{32,}|/[\w/-]*\d[\w/-]*", "", text, flags=re.I)


def walk(client, role, world):
    """Yield a row of the matrix for every address, place and method."""
    if role != "nobody":
        client.force_login(world.users[role])
    cookies = client.cookies.copy()
    for address in addresses():
        if address.name in LEFT_OUT or not address.name:
            continue
        takes = "<uuid:" in address.route or "<int:" in address.route
        for place in worlds.PLACES if takes else ("-",):
            url = reverse(address.name, kwargs=arguments(address, place, world.things))
            for method in ("GET", "POST"):
                client.cookies.clear()
                client.cookies.update(cookies)  # whatever the last answer did to the session
                with transaction.atomic():
                    response = client.generic(method, url)
                    transaction.set_rollback(True)
                yield address, url, method, place, response


@pytest.mark.parametrize("role", USERS)
def test_every_address_answers_each_role_as_reviewed(client, role, settings):
    client.raise_request_exception = True
    world = worlds.build()
    seen, told = [], []
    missing = {}
    for address, url, method, place, response in walk(client, role, world):
        answer = bucket(response)
        seen.append([address.name, method, role, place, answer])
        if answer in ("403", "404") and place in ("beside", "foreign") and not address.public:
            text = response.content.decode()
            told += [f"{url}: {name}" for name in (worlds.NAMES[place],) if name in text]
        if answer == "404" and place == "foreign" and method == "GET":
            missing[url] = (address, plain(response))
    assert told == []
    client.cookies.clear()
    if role != "nobody":
        client.force_login(world.users[role])
    for address, page in missing.values():
        if "<uuid:" in address.route:
            kwargs = arguments(address, "foreign", world.things)
            other = {k: uuid.uuid4() if not isinstance(v, (str, int)) else v for k, v in kwargs.items()}
            assert plain(client.get(reverse(address.name, kwargs=other))) == page, address.name
    if os.environ.get("WAYSTATION_WRITE_MATRIX"):
        _write(role, seen)
    assert sorted(seen) == sorted(_reviewed(role))


def _reviewed(role):
    with MATRIX.open(newline="", encoding="utf-8") as handle:
        return [list(row.values()) for row in csv.DictReader(handle) if row["role"] == role]


def _write(role, seen):
    rows = []
    if MATRIX.exists():
        with MATRIX.open(newline="", encoding="utf-8") as handle:
            rows = [list(row.values()) for row in csv.DictReader(handle) if row["role"] != role]
    rows += seen
    order = {name: place for place, name in enumerate(USERS)}
    names = {address.name: place for place, address in enumerate(addresses())}
    rows = [row for row in rows if row[0] in names and row[2] in order]
    rows.sort(
        key=lambda row: (names[row[0]], row[1], order[row[2]], worlds.PLACES.index(row[3]) if row[3] != "-" else 0)
    )
    with MATRIX.open("w", newline="", encoding="utf-8") as handle:
        csv.writer(handle, lineterminator="\n").writerows([HEADS, *rows])


def test_the_matrix_is_total():
    with MATRIX.open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))

    assert {row["address"] for row in rows} == {a.name for a in addresses() if a.name and a.name not in LEFT_OUT}
    assert {row["role"] for row in rows} == set(USERS)
