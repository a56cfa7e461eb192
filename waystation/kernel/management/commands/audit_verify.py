import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from waystation.kernel import audit
from waystation.kernel.sealing import BadSignature, verify


class Command(BaseCommand):
    help = "Check the audit trail; with --heads also against heads exported earlier."

    def add_arguments(self, parser):
        parser.add_argument("--heads", type=Path, help="a file of audit_export_head")

    def handle(self, *, heads, **options):
        faults = audit.verify_chain(self._heads(heads) if heads else ())
        if faults:
            for fault in faults[:50]:
                self.stderr.write(str(fault))
            raise CommandError(f"The audit trail is not whole: {len(faults)} faults.")
        number, _ = audit.current_head()
        self.stdout.write(f"The audit trail is whole: {number} events.")

    def _heads(self, path):
        heads = []
        for line in path.read_text().splitlines():
            try:
                held = verify("audit.head", json.loads(line)["token"])
            except (BadSignature, ValueError, KeyError):
                raise CommandError("A line of the heads file was not signed here.") from None
            heads.append((held["number"], held["hash"]))
        return heads
