"""A migration of large tables may take longer than a request may."""

from django.db import connections


def let_it_take_its_time(sender, using, **kwargs):
    """Lift the limit on a statement; the one on waiting for a lock stays, so that no migration stops the service."""
    _say(using, "SET statement_timeout = 0")


def limit_again(sender, using, **kwargs):
    _say(using, "RESET statement_timeout")


def _say(using: str, statement: str) -> None:
    if connections[using].vendor == "postgresql":
        with connections[using].cursor() as cursor:
            cursor.execute(statement)
