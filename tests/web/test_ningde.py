"""The demonstration: what it builds, that it builds it once, and how it starts and stops."""

import socket
import stat
import sys
from subprocess import Popen

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from waystation.accounts.models import User
from waystation.kernel.models import AuditEvent
from waystation.organizations.models import Mandate, Unit
from waystation.organizations.permissions import ADMINISTRATORS, ROLES
from waystation.stations.sites.models import Station
from waystation.stewardship.appraisals.models import Appraisal, Consultation
from waystation.stewardship.grids import queries
from waystation.stewardship.grids.models import Grid
from waystation.stewardship.groups.models import SuggestedActivity
from waystation.stewardship.people.models import Departure, Person, Stay
from waystation.stewardship.rosters.models import MatchCandidate
from waystation.web.management.commands import demo
from waystation.web.ningde import serving, world
from waystation.web.ningde.cast import CAST, SEATS, STATIONS
from waystation.web.ningde.members import MEMBERS
from waystation.web.ningde.parts import PARTS


@pytest.fixture
def built(db, tmp_path):
    path = tmp_path / "sign-ins.txt"
    steps = dict(world.build(path))
    return path, steps


@pytest.mark.django_db
def test_the_demonstration_is_built_whole_and_only_once(built):
    path, steps = built
    sign_ins = {row.username: row for row in steps["sign-ins"]}

    # The article's figures: 12 stations, 5 for a whole county and 7 of townships.
    assert Station.objects.count() == 12
    assert Station.objects.filter(kind="county_centre").count() == 5
    assert Unit.objects.filter(kind="county").count() == 9
    assert set(Unit.objects.filter(kind="town", is_seat=True).values_list("code", flat=True)) == SEATS
    for county in Unit.objects.filter(kind="county"):
        assert Unit.objects.filter(parent=county, is_seat=True).exists()
    for station in Station.objects.all():
        assert station.communities.exists()
        assert station.host_town.is_seat
    _grids_cover_each_community_once()
    _every_role_is_held(sign_ins)
    _one_member_is_in_care()
    _answers_are_waited_for()

    before = [model.objects.count() for model in (Unit, User, Mandate, Person, Stay, AuditEvent)]
    again = dict(world.build(path))

    assert before == [model.objects.count() for model in (Unit, User, Mandate, Person, Stay, AuditEvent)]
    assert [again["units"], again["stations"], again["member"]] == [0, 0, False]
    assert [again[name] for name in ("members", *PARTS)] == [0] * (1 + len(PARTS))
    assert {row.username: row.password for row in again["sign-ins"]} == {
        name: row.password for name, row in sign_ins.items()
    }
    _passwords_stand_only_in_the_file(path, sign_ins)


def _grids_cover_each_community_once():
    for station in Station.objects.all():
        grids = Grid.objects.filter(station=station.unit, unit__closed_on=None)
        covered = [unit.pk for grid in grids for unit in grid.communities.all()]
        assert sorted(covered) == sorted(station.communities.values_list("pk", flat=True))
    day = timezone.localdate()
    vacant = queries.vacant(queries.in_use(), day).count()
    assert 0 < vacant < Grid.objects.count() / 2
    centres = [plan.grids for plan in STATIONS if plan.kind == "county_centre"]
    assert all(6 <= grids <= 8 for grids in centres)


def _every_role_is_held(sign_ins):
    held = set(Mandate.objects.in_force(timezone.localdate()).values_list("role", flat=True))
    assert held == set(ROLES)
    administrators = Mandate.objects.filter(role__in=ADMINISTRATORS)
    assert administrators.count() == len(set(administrators.values_list("user", flat=True))) == 3
    assert {account.username for account in CAST} == set(sign_ins)
    for username, row in sign_ins.items():
        assert User.objects.get(username=username).check_password(row.password)
    assert not User.objects.exclude(username__in=sign_ins).get(username="fuan.head").has_usable_password()


def _one_member_is_in_care():
    person = Person.objects.get(user__username="member")
    assert person.stay_path.startswith(person.station.path)
    assert person.stay_path != person.station.path  # the grid's
    assert (Departure.objects.count(), Stay.objects.open().count()) == (1 + MEMBERS, 1 + MEMBERS)
    assert set(Person.objects.values_list("station", flat=True)) == {person.station_id}
    assert person.cards.filter(revoked_at=None).count() == 1
    assert not MatchCandidate.objects.open().exists()  # nothing of hers is left on the board


def _answers_are_waited_for():
    """A branch that can be signed in for is to answer a consultation, and the station a leader who can be, too."""
    records = Consultation.objects.filter(appraisal__round__state="unsealed")
    assert sorted(records.values_list("agrees", flat=True), key=str) == [None, True]
    asked = records.get(agrees=None).appraisal
    assert Mandate.objects.filter(unit=asked.origin, user__username="baiyang.branch").exists()
    assert Appraisal.objects.filter(round=asked.round, gap__gt=0, consulted_at=None).exists()
    states = SuggestedActivity.objects.filter(suggested_by__username="member").values_list("state", flat=True)
    assert sorted(states) == ["declined", "waiting"]


def _passwords_stand_only_in_the_file(path, sign_ins):
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for row in sign_ins.values():
        assert row.password in path.read_text(encoding="utf-8")
        assert not AuditEvent.objects.filter(facts__icontains=row.password).exists()
        assert not User.objects.filter(password__contains=row.password).exists()


@pytest.mark.django_db
def test_a_lost_file_gives_the_cast_new_passwords(built):
    path, steps = built
    old = {row.username: row.password for row in steps["sign-ins"]}
    path.unlink()

    fresh = {row.username: row.password for row in world.open_accounts(at=timezone.now(), path=path)}

    assert all(fresh[name] != old[name] for name in old)
    assert User.objects.get(username="city").check_password(fresh["city"])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_every_county_seat_of_the_cast_is_a_town_of_the_list():
    rows = {row["code"]: row for row in world.read_rows()}
    assert all(rows[code]["level"] == "town" for code in SEATS)
    names = {f"{rows[rows[code]['parent']]['name']}{rows[code]['name']}" for code in SEATS}
    assert {"福鼎市桐山街道", "古田县城西街道", "屏南县古峰镇", "柘荣县双城镇"} <= names


# --- starting and stopping ------------------------------------------------------------------------


def test_a_taken_port_gives_way_to_the_next(monkeypatch):
    with socket.socket() as taken:
        taken.bind((serving.HOST, 0))
        taken.listen()
        wanted = taken.getsockname()[1]

        assert serving.free_port(wanted) > wanted
        monkeypatch.setattr(serving, "_TRIES", 1)
        with pytest.raises(serving.NoFreePort):
            serving.free_port(wanted)


def test_children_are_asked_to_end_and_the_stubborn_are_ended(monkeypatch):
    monkeypatch.setattr(serving, "GRACE_SECONDS", 1)
    stubborn = "import signal,time;signal.signal(15,signal.SIG_IGN);print('up',flush=True);time.sleep(60)"
    willing = "import time;print('up',flush=True);time.sleep(60)"
    children = [Popen([sys.executable, "-c", code], stdout=-1, start_new_session=True) for code in (willing, stubborn)]
    for child in children:
        child.stdout.readline()

    serving.stop(children)

    assert [child.returncode for child in children] == [-15, -9]
    for child in children:
        child.stdout.close()


def test_the_demonstration_never_runs_in_production(monkeypatch):
    monkeypatch.setattr(settings, "MODE", "production")

    with pytest.raises(CommandError):
        call_command("demo", "--no-serve")


def test_another_mode_starts_the_command_again_in_the_right_one(monkeypatch):
    started = []
    monkeypatch.setattr(demo.os, "execve", lambda *call: started.append(call))
    monkeypatch.setattr(demo.Command, "_build", lambda self: [])
    monkeypatch.setattr(demo.Command, "_collect_static", lambda self: None)
    monkeypatch.setattr(demo, "call_command", lambda *args, **more: None)

    call_command("demo", "--no-serve")

    assert started[0][2]["WAYSTATION_MODE"] == "demonstration"
