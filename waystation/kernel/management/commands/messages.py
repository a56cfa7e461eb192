from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

import waystation
from waystation.kernel.catalogues import catalogues, disagreements


class Command(BaseCommand):
    help = "Bring the message catalogues up to date and compile them."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("apps", nargs="*", help="only these apps, by the name of the folder")
        parser.add_argument("--check", action="store_true", help="change nothing; fail on faults")
        parser.add_argument("--compile-only", action="store_true", help="do not extract")

    def handle(self, *, apps, check, compile_only, **options):
        found = catalogues(Path(waystation.__file__).parent, set(apps))
        if check:
            self._check(found)
            return
        for catalogue in found:
            if not compile_only and catalogue.update():
                self.stdout.write(f"{catalogue.name}: updated")
            catalogue.compile()

    def _check(self, found):
        faults = [fault for catalogue in found for fault in catalogue.check()]
        faults += disagreements(found)
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"The message catalogues have {len(faults)} faults.")
        self.stdout.write("The message catalogues are complete.")
