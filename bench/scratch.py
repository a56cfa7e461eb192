"""A throw-away installation for a measurement: own folder, own database, the tree of Ningde."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def set_up(*, database_url: str | None = None, tree: bool = True) -> Path:
    """Point the settings at a fresh folder, build the schema and load the tree, if wanted; returns the folder."""
    folder = Path(tempfile.mkdtemp(prefix="waystation-bench-"))
    os.environ["WAYSTATION_VAR"] = str(folder)
    os.environ["WAYSTATION_MODE"] = "development"
    os.environ.setdefault("WAYSTATION_LOG_LEVEL", "WARNING")
    os.environ["DJANGO_SETTINGS_MODULE"] = "waystation.config.settings"
    if database_url:
        os.environ["WAYSTATION_DATABASE_URL"] = database_url
    else:
        os.environ.pop("WAYSTATION_DATABASE_URL", None)
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from waystation.organizations.divisions import load_divisions

    call_command("migrate", verbosity=0)
    if tree:
        load_divisions(ROOT / "data" / "ningde_divisions.csv", seats=set(), by=None, at=timezone.now())
    return folder


def county_station(code: str):
    """A county of the tree by its code, with a service centre made under it."""
    from django.utils import timezone

    from waystation.organizations.actions import create_unit
    from waystation.organizations.models import Unit

    county = Unit.objects.get(code=code)
    name = f"{county.name}流动党员管理服务中心"
    return county, create_unit(name=name, kind="station", parent=county, by=None, at=timezone.now())


def users(*names: str):
    """Users without mandates, to act in the measurement."""
    from waystation.accounts.models import User

    return [User.objects.create_user(name, full_name=name) for name in names]


def analyze() -> None:
    """Let the database look at what it holds, as it does by itself after a while."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
