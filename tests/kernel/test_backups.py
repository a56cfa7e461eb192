import io
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.kernel.people import a_user
from waystation.kernel import audit, backups, files, keyring
from waystation.kernel.models import AuditEvent

NOON = datetime(2026, 5, 1, 4, tzinfo=UTC)
ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    settings.KEY_FILE = tmp_path / "keys.json"
    return tmp_path


@pytest.fixture
def made(folder):
    """A backup of one user, a file of two megabytes and three events."""
    a_user("secretary")
    audit.record_many([{"verb": "x.done"}] * 3, by=None, at=NOON)
    content = os.urandom(2_000_000)
    files.store(io.BytesIO(content), kind="test", name="a.bin", by=None, at=NOON)
    call_command("ops", "backup", folder / "backup")
    return folder / "backup"


@pytest.fixture
def empty_site(tmp_path):
    """The environment of another machine with an empty database and the same key file."""
    name = f"restored_{os.getpid()}"
    url = f"sqlite:///{tmp_path}/other/waystation.sqlite3"
    if connection.vendor == "postgresql":
        held = connection.settings_dict
        url = f"postgres://{held['USER']}@{held['HOST']}:{held['PORT']}/{name}"
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    yield {
        **os.environ,
        "WAYSTATION_VAR": str(tmp_path / "other"),
        "WAYSTATION_DATABASE_URL": url,
        "WAYSTATION_KEY_FILE": str(tmp_path / "keys.json"),
    }
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def manage(site, *arguments):
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *map(str, arguments)],
        env=site,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_backup_comes_back_on_an_empty_machine_and_nowhere_else(made, empty_site):
    restored = manage(empty_site, "ops", "restore", made)
    assert restored.returncode == 0, restored.stderr
    assert "restored and proved" in restored.stdout

    seen = manage(
        empty_site,
        "shell",
        "-c",
        "from django.contrib.auth import get_user_model as u\n"
        "from waystation.kernel import audit, files, models\n"
        "print(list(u().objects.values_list('username', flat=True)), audit.verify_chain(),"
        " list(models.AuditEvent.objects.values_list('verb', flat=True).order_by('number')),"
        " len(files.open_stored(models.StoredFile.objects.get()).read()))",
    )
    verbs = ["x.done", "x.done", "x.done", "backup.restored"]
    assert seen.stdout.strip().splitlines()[-1] == f"['secretary'] [] {verbs} 2000000"

    again = manage(empty_site, "ops", "restore", made)
    assert again.returncode == 1
    assert "The database is not empty" in again.stderr


def test_a_backup_of_another_version_is_refused_with_the_difference(made):
    manifest = backups.verify(made)
    names = manifest["migrations"]
    newer = {**manifest, "migrations": [*names, "kernel.9999_later"]}
    older = {**manifest, "migrations": [n for n in names if n != "kernel.0001_initial"]}

    with pytest.raises(backups.BackupRefused, match=r"newer version, which has kernel\.9999"):
        backups._refuse_other_version(newer, True)
    with pytest.raises(backups.BackupRefused, match=r"older version, without kernel\.0001"):
        backups._refuse_other_version(older, False)
    backups._refuse_other_version(older, True)
    backups._refuse_other_version(manifest, False)


def test_a_backup_says_nothing_in_the_clear_and_leaves_a_trace(made):
    content = made.read_bytes()

    for word in (b"secretary", b"x.done", b"SQLite", b"PGDMP", b"manifest"):
        assert word not in content
    assert made.stat().st_mode & 0o777 == 0o600
    assert AuditEvent.objects.order_by("-number")[0].verb == "backup.made"
    call_command("ops", "verify", made)


def test_a_backup_with_the_wrong_key_is_refused(made, settings, tmp_path):
    settings.KEY_FILE = tmp_path / "other.json"
    keyring.add_key()

    with pytest.raises(CommandError, match="key of this backup is not in the key file"):
        call_command("ops", "verify", made)


@pytest.mark.parametrize("damage", ["cut", "short", "flipped", "empty", "foreign", "longer"])
def test_a_damaged_backup_is_refused(made, damage):
    data = made.read_bytes()
    middle = len(data) // 2
    made.write_bytes(
        {
            "cut": data[:-1],
            "short": data[:middle],
            "flipped": data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :],
            "empty": b"",
            "foreign": b"PK\x03\x04" * 1000,
            "longer": data + b"\0",
        }[damage]
    )

    with pytest.raises(CommandError, match="The backup is damaged"):
        call_command("ops", "verify", made)


def test_a_backup_never_overwrites_a_file(made):
    before = made.read_bytes()

    with pytest.raises(CommandError, match="exists already"):
        call_command("ops", "backup", made)

    assert made.read_bytes() == before
