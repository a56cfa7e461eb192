"""Open the duty sheet of every stay that has none, and say whether the law of the sheets holds."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from waystation.stewardship.duties.actions import allocate_missing
from waystation.stewardship.duties.queries import faulty_stays


class Command(BaseCommand):
    help = "Give every duty of every stay without a sheet to the unit that the rules name; --check only looks."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="write nothing; fail if a stay has a gap")

    def handle(self, *args, check, **options):
        if not check:
            self.stdout.write(f"Duties allocated: {allocate_missing(by=None, at=timezone.now())}")
        faulty = faulty_stays().count()
        if faulty:
            raise CommandError(f"Stays with a duty that nobody answers for: {faulty}")
        self.stdout.write("On every day of every stay each duty has one accountable unit.")
