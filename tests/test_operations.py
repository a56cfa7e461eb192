"""docs/operations.md and deploy/ say what the code does: settings, units, commands, the work of the night."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from django.core.management import call_command, get_commands

from tests.kernel.people import a_user
from waystation.kernel import audit

ROOT = Path(__file__).resolve().parent.parent
MANUAL = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
UNITS = sorted(path.name for path in (ROOT / "deploy").glob("waystation-*"))
READ = re.compile(r"WAYSTATION_[A-Z]+(?:_[A-Z]+)*")
COMMAND = re.compile(r"manage(?:\.py)? ([a-z_]+)")


def told(manual=MANUAL):
    """The settings that have a line in the table of the manual."""
    return set(re.findall(r"^\| `(WAYSTATION_[A-Z_]+)` \|", manual, re.MULTILINE))


def read():
    """The settings that the product reads: its code, its tools and its units."""
    sources = [*(ROOT / "waystation").rglob("*.py"), *(ROOT / "tools").rglob("*.py"), *(ROOT / "deploy").iterdir()]
    return {name for path in sources for name in READ.findall(path.read_text(encoding="utf-8"))}


def test_the_manual_tells_every_setting_and_none_that_is_gone():
    assert told() == read()


def test_a_setting_that_the_manual_forgets_is_seen():
    line = next(line for line in MANUAL.splitlines() if line.startswith("| `WAYSTATION_PROXIES`"))

    assert read() - told(MANUAL.replace(line, "")) == {"WAYSTATION_PROXIES"}


def test_the_example_of_the_environment_sets_only_what_the_manual_tells():
    names = re.findall(r"^([A-Z_]+)=", (ROOT / "deploy" / "env.example").read_text(encoding="utf-8"), re.MULTILINE)

    assert names
    assert set(names) <= told()


@pytest.mark.parametrize("unit", UNITS)
def test_the_manual_names_each_unit(unit):
    assert f"| `{unit}` |" in MANUAL


def test_every_command_of_the_manual_and_of_the_units_exists():
    texts = [MANUAL, *(path.read_text(encoding="utf-8") for path in (ROOT / "deploy").iterdir())]
    named = {name for text in texts for name in COMMAND.findall(text)}

    assert {"found", "ops", "worker", "audit_verify", "clearsessions"} <= named
    assert named - set(get_commands()) == set()


@pytest.fixture
def own_keys_and_files(settings, tmp_path):
    settings.KEY_FILE = tmp_path / "keys.json"
    settings.FILES_ROOT = tmp_path / "files"


@pytest.fixture
def night(own_keys_and_files, own_site, tmp_path):
    """Runs the nightly script on the database of the test, with a key file of its own."""
    site = {**own_site, "WAYSTATION_BACKUPS": str(tmp_path / "backups")}

    def run():
        return subprocess.run(
            [ROOT / "deploy" / "nightly.sh"], env=site, capture_output=True, text=True, timeout=120, check=False
        )

    return run


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_night_leaves_a_proved_backup_and_the_head_of_the_trail_and_forgets_old_ones(night, tmp_path):
    a_user("secretary")
    audit.record("thing.made")
    old = tmp_path / "backups" / "old.backup"
    old.parent.mkdir()
    old.write_text("")
    os.utime(old, (0, 0))

    heads = tmp_path / "backups" / "audit-heads.jsonl"
    call_command("audit_export_head", heads)

    done = night()

    assert done.returncode == 0, done.stderr
    assert " is whole: " in done.stdout
    assert "The audit trail is whole" in done.stdout
    assert not old.exists()
    assert heads.read_text().count("\n") == 2


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_night_without_its_keys_fails_and_deletes_no_older_backup(night, settings, tmp_path):
    audit.record("thing.made")
    old = tmp_path / "backups" / "old.backup"
    old.parent.mkdir()
    old.write_text("")
    os.utime(old, (0, 0))
    settings.KEY_FILE.write_text("{}")

    done = night()

    assert done.returncode != 0
    assert old.exists()
