import io
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction

from waystation.kernel import files, keyring, rekeying
from waystation.kernel.models import StoredFile
from waystation.kernel.sealing import Tampered

NOON = datetime(2026, 5, 1, 4, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    settings.KEY_FILE = tmp_path / "keys.json"
    return settings.FILES_ROOT


def stored(content=b"content", name="name.txt", kind="test"):
    return files.store(io.BytesIO(content), kind=kind, name=name, by=None, at=NOON)


def on_disk(folder):
    return [path for path in Path(folder).rglob("*") if path.is_file()]


def test_a_stored_file_opens_again_and_lies_sealed_under_a_random_name(folder):
    row = stored("花名册".encode() * 100_000, "../../花名册.xlsx")

    (path,) = on_disk(folder)
    assert files.open_stored(row).read() == "花名册".encode() * 100_000
    assert (row.name, row.size, len(row.sha256)) == ("花名册.xlsx", 900_000, 64)
    assert "花名册".encode() not in path.read_bytes()
    assert path.suffix == ""
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("C:\\Users\\a\\b.xlsx", "b.xlsx"),
        ("a\r\nb\x1b[31m\u202e.xlsx", "ab[31m.xlsx"),
        ("", "file"),
        ("..", ".."),
        ("长" * 300 + ".xlsx", "长" * 250 + ".xlsx"),
    ],
)
def test_the_shown_name_is_harmless(given, shown):
    row = stored(name=given)

    assert row.name == shown
    assert len(row.name) <= 255


def test_a_file_over_its_limit_or_of_another_type_is_refused_and_leaves_nothing(folder, monkeypatch):
    monkeypatch.setattr(files, "FILE_KINDS", {})
    files.declare("roster", title="Roster", max_bytes=2_000_000, suffixes=(".xlsx",))

    with pytest.raises(files.UploadTooLarge) as refusal:
        stored(b"PK\x03\x04" + b"x" * 2_000_000, "a.xlsx", "roster")
    assert refusal.value.limit == 2_000_000
    for content, name in ((b"<html>", "a.xlsx"), (b"PK\x03\x04", "a.exe")):
        with pytest.raises(files.UploadTypeRefused):
            stored(content, name, "roster")
    with pytest.raises(files.UploadEmpty):
        stored(b"", "a.xlsx", "roster")

    assert (StoredFile.objects.count(), on_disk(folder)) == (0, [])


def test_a_file_changed_on_disk_or_swapped_does_not_open(folder):
    one, other = stored(b"one"), stored(b"two")
    places = [Path(folder) / row.place for row in (one, other)]
    contents = [place.read_bytes() for place in places]
    for place, content in zip(places, reversed(contents), strict=True):
        place.chmod(0o600)
        place.write_bytes(content)

    for row in (one, other):
        with pytest.raises(Tampered):
            files.open_stored(row)


def test_a_removed_file_is_gone_when_the_transaction_is_through(folder, django_capture_on_commit_callbacks):
    row = stored()

    with django_capture_on_commit_callbacks(execute=True):
        files.remove(row)
        assert len(on_disk(folder)) == 1

    assert (StoredFile.objects.count(), on_disk(folder)) == (0, [])


def test_the_sweep_removes_only_old_files_without_a_row(folder):
    kept = stored()
    with transaction.atomic():
        stored()
        transaction.set_rollback(True)
    now = datetime.now(UTC)
    old = (now - timedelta(days=2)).timestamp()

    assert files.sweep(now) == 0
    for path in on_disk(folder):
        os.utime(path, times=(old, old))
    assert files.sweep(now) == 1
    assert files.open_stored(kept).read() == b"content"


def test_rekeying_renews_files_too(folder):
    row = stored(b"x" * 2_500_000)
    old_kid = keyring.keyring().current
    keyring.add_key()

    assert rekeying.still_under(old_kid) == 1
    assert [rekeying.rekey_files(), rekeying.rekey_files()] == [1, 0]
    keyring.drop_key(old_kid)
    assert files.open_stored(row).read() == b"x" * 2_500_000
