"""waystation import departures|arrivals FILE --user NAME --unit UNIT [--station STATION] [--commit]"""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from waystation.kernel import files
from waystation.organizations.models import Unit
from waystation.organizations.permissions import Permission
from waystation.stewardship.rosters import terminal
from waystation.stewardship.rosters.actions import importing
from waystation.stewardship.rosters.models import Import
from waystation.stewardship.rosters.reading import problem_words

PERMISSIONS = {
    Import.Kind.DEPARTURES: Permission.IMPORT_DEPARTURES,
    Import.Kind.ARRIVALS: Permission.IMPORT_ARRIVALS,
}


class Command(BaseCommand):
    help = "Import a roster of departures or of arrivals: check it, show the counts, and with --commit write it."

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=Import.Kind.values)
        parser.add_argument("file", type=Path)
        parser.add_argument("--user", required=True, help="user name of the person in whose name this happens")
        parser.add_argument("--unit", required=True, help="code or name of the unit that hands the roster in")
        parser.add_argument("--station", help="name of the station where these people report")
        parser.add_argument("--commit", action="store_true", help="write the good rows, then reconcile")

    def handle(self, *, kind, file, user, unit, station, commit, **options):
        by = terminal.acting_user(user)
        home = terminal.unit_within(by, PERMISSIONS[kind], unit)
        batch = self._take_in(kind, file, home, self._station(kind, home, station), by)
        terminal.run_with_bar(importing.start_check(batch, by=by, at=terminal.now()), "check")
        batch.refresh_from_db()
        self._report(batch)
        if commit and batch.good:
            terminal.run_with_bar(importing.start_commit(batch, by=by, at=terminal.now()), "commit")
            self.stdout.write(f"Committed. Undo it on the page of import {batch.pk} while nothing depends on it.")

    def _station(self, kind, home, name):
        if kind == Import.Kind.ARRIVALS and name is None:
            return home
        if name is None:
            return None
        found = list(Unit.objects.active().filter(kind=Unit.Kind.STATION, name=name)[:2])
        if len(found) != 1:
            raise CommandError(f"There is no station {name}.")
        return found[0]

    def _take_in(self, kind, path, home, station, by):
        if kind == Import.Kind.ARRIVALS and station.kind != Unit.Kind.STATION:
            raise CommandError(f"{station.name} is not a station.")
        try:
            with path.open("rb") as handle:
                stored = files.store(handle, kind="roster", name=path.name, by=by, at=terminal.now())
        except OSError as problem:
            raise CommandError(f"{path}: {problem.strerror}") from None
        except files.UploadRefused as problem:
            raise CommandError(f"{path.name}: {problem}") from None
        batch = importing.create_import(kind=kind, stored=stored, unit=home, station=station, by=by, at=terminal.now())
        if batch.problem:
            raise CommandError(f"{path.name}: {batch.problem}")
        return batch

    def _report(self, batch):
        self.stdout.write(
            f"{batch.file_name}: {batch.new} new, {batch.changed} changed, {batch.duplicate} duplicate,"
            f" {batch.wrong} wrong, {batch.passed_over} rows passed over"
        )
        for row in batch.rows.filter(verdict="wrong").order_by("position")[:50]:
            why = "；".join(problem_words(problem) for problem in row.problems if problem["error"])
            self.stdout.write(f"  {row.sheet} {row.number} {row.name}: {why}")
