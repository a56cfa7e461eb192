"""A migration may take longer than a request; afterwards the limit holds again."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.models.signals import post_migrate, pre_migrate

pytestmark = pytest.mark.django_db


def limit() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        return cursor.fetchone()[0]


def said(signal) -> None:
    sender = apps.get_app_config("kernel")
    signal.send(sender=sender, app_config=sender, verbosity=0, interactive=False, using="default")


def test_the_limit_on_a_statement_is_lifted_for_migrations_only():
    if connection.vendor != "postgresql":
        said(pre_migrate)  # SQLite knows no limit: nothing to say and nothing refused
        return
    before = limit()
    said(pre_migrate)
    assert (before, limit()) == ("1min", "0")

    said(post_migrate)

    assert limit() == "1min"
