"""An empty database becomes a site: the tree and three administrators who cannot be one person."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests import make
from waystation.accounts.models import User
from waystation.kernel.audit import verify_chain
from waystation.kernel.models import AuditEvent
from waystation.organizations.models import Mandate, Unit

NINGDE = Path(__file__).resolve().parents[2] / "data" / "ningde_divisions.csv"
GOOD = [
    "code,name,level,parent,seat",
    "350900,宁德市,city,,",
    "350922,古田县,county,350900,",
    "350922001,城西街道,town,350922,1",
    "350922001001,青云社区居委会,village,350922001,",
    "350922100,平湖镇,town,350922,",
    "350922100200,玉源村委会,village,350922100,",
]
pytestmark = pytest.mark.django_db


def found(path, *, system="sysadmin", security="secadmin", audit="auditor"):
    output = io.StringIO()
    people = ["--system", system, "林一", "--security", security, "林二", "--audit", audit, "林三"]
    call_command("found", str(path), *people, stdout=output)
    return output.getvalue()


@pytest.fixture
def table(tmp_path):
    def write(*lines, encoding="utf-8"):
        path = tmp_path / "divisions.csv"
        path.write_bytes("\n".join(lines or GOOD).encode(encoding))
        return path

    return write


def test_a_whole_prefecture_is_founded():
    printed = found(NINGDE)

    lines = NINGDE.read_text(encoding="utf-8").splitlines()
    villages = sum(",village," in line for line in lines)
    assert Unit.objects.exclude(kind="branch").count() == len(lines) - 1
    assert Unit.objects.filter(kind="branch").count() == villages
    assert f"{len(lines) - 1 + villages:,} units loaded." in printed
    assert verify_chain() == []


def test_the_three_administrators_are_three_people_at_the_root(table):
    found(table())

    held = Mandate.objects.in_force(timezone.localdate()).select_related("user", "unit")
    assert {(mandate.role, mandate.user.username, mandate.unit.name) for mandate in held} == {
        ("system_admin", "sysadmin", "宁德市"),
        ("security_admin", "secadmin", "宁德市"),
        ("audit_admin", "auditor", "宁德市"),
    }
    verbs = list(AuditEvent.objects.order_by("number").values_list("verb", flat=True))
    assert verbs == ["tree.loaded", *["user.created", "mandate.granted"] * 3]


def test_each_password_is_printed_once_and_must_be_changed(table):
    printed = found(table())

    for username in ("sysadmin", "secadmin", "auditor"):
        password = next(line.split()[-1] for line in printed.splitlines() if username in line)
        assert printed.count(password) == 1
        user = User.objects.get(username=username)
        assert user.check_password(password)
        assert user.must_change_password


def test_the_column_seat_names_the_towns_whose_communities_are_destinations(table):
    found(table())

    assert set(Unit.objects.filter(is_seat=True).values_list("name", flat=True)) == {"城西街道", "青云社区居委会"}


def test_a_database_with_a_tree_is_refused(table):
    make.unit("city", "宁德市")

    with pytest.raises(CommandError, match="has a tree already"):
        found(table())

    assert (Unit.objects.count(), User.objects.count()) == (1, 0)


def test_one_name_for_two_administrators_is_refused(table):
    with pytest.raises(CommandError, match="three different people"):
        found(table(), security="SysAdmin")

    assert (Unit.objects.count(), User.objects.count()) == (0, 0)


def test_a_name_in_use_is_refused_and_nothing_is_written(table):
    taken = make.user(name="林四").username

    with pytest.raises(CommandError, match="Nothing was written"):
        found(table(), audit=taken)

    assert (Unit.objects.count(), User.objects.count(), AuditEvent.objects.count()) == (0, 1, 0)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["code,name,level", "350900,宁德市,city"], "line 1: the column parent is missing"),
        ([*GOOD[:3], "350922001,城西街道,street,350922,"], "line 4: level 'street'"),
        ([*GOOD[:3], "350922,屏南县,county,350900,"], "line 4: code 350922 stands twice"),
        ([*GOOD[:3], "350922001,城西街道,town,350923,"], "line 4: the parent '350923'"),
        ([*GOOD[:3], "350922001,,town,350922,"], "line 4: a division has a code and a name"),
        ([*GOOD[:3], "350922001,城西街道,town"], "line 4: the line has not as many cells"),
        ([*GOOD[:3], "350922001,城西街道,town,350922,,x"], "line 4: the line has not as many cells"),
        ([*GOOD, "350100,福州市,city,,"], "the file holds 2 cities"),
        ([GOOD[0], "350900,宁德市,city,350900,"], "line 2: the city 宁德市 has no parent"),
        ([GOOD[0]], "the file holds 0 cities"),
    ],
)
def test_a_bad_file_is_refused_with_its_line_and_nothing_is_written(table, lines, words):
    with pytest.raises(CommandError, match=words):
        found(table(*lines))

    assert (Unit.objects.count(), User.objects.count(), AuditEvent.objects.count()) == (0, 0, 0)


def test_a_file_in_another_encoding_or_none_at_all_is_refused_in_words(table, tmp_path):
    with pytest.raises(CommandError, match="not a CSV in UTF-8"):
        found(table(encoding="gb18030"))
    with pytest.raises(CommandError, match="No such file"):
        found(tmp_path / "none.csv")
