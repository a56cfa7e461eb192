"""Founds a site: the tree from a file and the three administrators. Run once, on an empty database."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from waystation.accounts.actions import UsernameTaken
from waystation.accounts.models import normal_username
from waystation.organizations.divisions import BadDivisions
from waystation.organizations.founding import AlreadyFounded, Founder, found

OPTIONS = {"system_admin": "system", "security_admin": "security", "audit_admin": "audit"}


class Command(BaseCommand):
    help = "Found a site on an empty database: load the tree and open the three administrators' accounts."

    def add_arguments(self, parser):
        parser.add_argument("divisions", type=Path, help="CSV with the columns code, name, level, parent")
        for role, option in OPTIONS.items():
            parser.add_argument(
                f"--{option}", dest=role, nargs=2, required=True, metavar=("USERNAME", "NAME"),
                help=f"the {option} administrator",
            )  # fmt: skip

    def handle(self, *, divisions, **options):
        founders = [Founder(role, *options[role]) for role in OPTIONS]
        if len({normal_username(founder.username) for founder in founders}) < len(founders):
            raise CommandError("The three administrators are three different people, each with an account.")
        try:
            units, passwords = found(divisions, founders, at=timezone.now())
        except OSError as problem:
            raise CommandError(f"{divisions}: {problem.strerror}") from None
        except BadDivisions as problem:
            raise CommandError(f"{divisions}: {problem}. Nothing was written.") from None
        except UsernameTaken as problem:
            raise CommandError(f"Somebody signs in as {problem} already. Nothing was written.") from None
        except AlreadyFounded:
            raise CommandError("This database has a tree already. Only an empty one can be founded.") from None
        self.stdout.write(f"{units:,} units loaded.")
        self.stdout.write("These passwords work once, within 72 hours, and are not shown again:")
        for founder, password in passwords:
            option = OPTIONS[founder.role]
            self.stdout.write(f"  {option:<9} {normal_username(founder.username):<20} {password}")
