import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = pytest.mark.slow


def start(tmp_path, *arguments):
    site = {
        **os.environ,
        "WAYSTATION_MODE": "production",
        "WAYSTATION_VAR": str(tmp_path),
        "WAYSTATION_KEY_FILE": str(tmp_path / "keys.json"),
        "WAYSTATION_DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3",
        "WAYSTATION_SECRET_KEY": "only-for-this-test" * 4,
    }
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, env=site, cwd=ROOT, capture_output=True, text=True)


def test_production_does_not_start_without_its_keys(tmp_path):
    refused = start(tmp_path, "showmigrations", "kernel")
    assert refused.returncode != 0
    assert "keys.json does not exist" in refused.stderr
    assert not (tmp_path / "keys.json").exists()

    made = start(tmp_path, "keys", "new")
    assert made.returncode == 0, made.stderr
    assert start(tmp_path, "showmigrations", "kernel").returncode == 0

    (tmp_path / "keys.json").chmod(0o444)
    refused = start(tmp_path, "showmigrations", "kernel")
    assert "its mode must be 0400" in refused.stderr
