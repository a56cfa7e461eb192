import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from waystation.kernel import backups
from waystation.kernel.database_copies import CopyDamaged, ToolMissing


class Command(BaseCommand):
    help = "Make, check or restore an encrypted backup of the database and the files."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("act", choices=["backup", "restore", "verify"])
        parser.add_argument("file", type=Path)
        parser.add_argument("--older", action="store_true", help="accept a backup of an earlier version")

    def handle(self, *, act, file, older, **options):
        begun = time.monotonic()
        try:
            manifest = self._act(act, file.resolve(), older)
        except (backups.BackupRefused, CopyDamaged, ToolMissing) as problem:
            raise CommandError(str(problem)) from None
        done = {"backup": "written", "restore": "restored and proved", "verify": "whole"}[act]
        rows, files = sum(manifest["rows"].values()), len(manifest["members"]) - 1
        self.stdout.write(
            f"{file} is {done}: {rows} rows, {files} files, audit event "
            f"{manifest['audit_head'][0]}, {time.monotonic() - begun:.1f} s."
        )

    def _act(self, act, file, older):
        if act == "backup":
            return backups.backup(file, by=None, at=timezone.now())
        if act == "restore":
            return backups.restore(file, at=timezone.now(), older=older)
        return backups.verify(file)
