import json
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import timezone

from waystation.kernel import audit
from waystation.kernel.sealing import sign


class Command(BaseCommand):
    help = "Append the end of the audit trail, signed, to a file that is kept elsewhere."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file, **options):
        number, digest = audit.current_head()
        token = sign("audit.head", {"number": number, "hash": digest})
        line = {"at": timezone.now().isoformat(), "number": number, "hash": digest, "token": token}
        with file.open("a") as target:
            target.write(json.dumps(line) + "\n")
        self.stdout.write(f"The trail ends at event {number}.")
