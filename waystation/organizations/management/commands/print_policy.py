"""Prints the policy from the code, writes docs/policy.md, or checks that file."""

import sys

from django.conf import settings
from django.core.management.base import BaseCommand

from waystation.organizations import policy


class Command(BaseCommand):
    help = "Print roles, permissions and the guard of every address."

    def add_arguments(self, parser):
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument("--write", action="store_true", help="write docs/policy.md")
        choice.add_argument("--check", action="store_true", help="fail if docs/policy.md is old")

    def handle(self, *, write, check, **options):
        text, path = policy.markdown(), settings.ROOT / "docs" / "policy.md"
        if write:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
            self.stdout.write(f"Wrote {path.relative_to(settings.ROOT)}.")
        elif not check:
            self.stdout.write(text)
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            self.stderr.write("docs/policy.md is old: run `make policy` and read the difference.")
            sys.exit(1)
