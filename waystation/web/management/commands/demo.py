"""Sets up the Ningde demonstration and serves it; `make run` calls this."""

import hashlib
import os
import sys

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from waystation.web.ningde import serving, world

# Static files of libraries that no page of ours loads; compressing them takes most of the time.
UNUSED = ["account", "mfa", "*htmax*", "*htmx-4*", "htmx-2.js"]
_WORDS = {
    "units": "units of the tree loaded",
    "stations": "stations opened",
    "member": "member with a file",
    "members": "members in the care of one station",
    "sites": "rows about rooms and functions of the station",
    "duty": "rows about duty and hand-over",
    "funds": "rows about funds",
    "duties": "rows about duty sheets",
    "contacts": "rows about contact and care",
    "grids": "rows about areas of grids",
    "groups": "rows about functional groups",
    "offices": "offices with contact particulars",
    "formalities": "rows about transfers and activity cards",
    "dues": "rows about dues",
    "education": "rows about organization life and learning",
    "appraisals": "rows about two-way appraisal",
}


class Command(BaseCommand):
    help = "Set up the Ningde demonstration and serve it with its worker."

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000, help="the next free one if taken")
        parser.add_argument("--no-serve", action="store_true", help="only set up")

    def handle(self, *, port, no_serve, **options):
        self._enter_demonstration()
        self._say("Bringing the database up to date")
        call_command("migrate", interactive=False, verbosity=0)
        self._collect_static()
        sign_ins = self._build()
        if no_serve:
            self._print_table(sign_ins, address="")
            return
        try:
            port = serving.free_port(port)
        except serving.NoFreePort as problem:
            raise CommandError(f"No port from {problem} on is free; choose --port.") from None
        address = f"http://{serving.HOST}:{port}/"
        self._say("Starting the server and the worker")
        code = serving.serve(port, ready=lambda: self._print_table(sign_ins, address=address))
        self._say("Stopped")
        sys.exit(code)

    def _enter_demonstration(self):
        """Settings are read once, so another mode means another process."""
        if settings.DEMONSTRATION:
            return
        if settings.MODE == "production":
            raise CommandError("The demonstration never runs on a production site.")
        environment = {**os.environ, "WAYSTATION_MODE": "demonstration"}
        self.stdout.flush()
        os.execve(sys.executable, [sys.executable, *sys.argv], environment)

    def _collect_static(self):
        """Collect and compress the static files unless the same ones are there already."""
        digest = hashlib.sha256()
        for finder in finders.get_finders():
            for path, storage in finder.list([]):
                stat = os.stat(storage.path(path))
                digest.update(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
        stamp = settings.VAR / "static.stamp"
        if stamp.exists() and stamp.read_text() == digest.hexdigest():
            return
        self._say("Collecting the static files")
        call_command("collectstatic", interactive=False, clear=True, verbosity=0, ignore_patterns=UNUSED)
        stamp.write_text(digest.hexdigest())

    def _build(self):
        sign_ins = []
        for step, done in world.build(settings.VAR / world.SIGN_INS):
            if step == "sign-ins":
                sign_ins = done
            elif done:
                self._say(f"{int(done):,} {_WORDS[step]}")
        return sign_ins

    def _say(self, text):
        self.stdout.write(f"→ {text}")
        self.stdout.flush()

    def _print_table(self, sign_ins, *, address):
        shown = [row for row in sign_ins if row.is_shown]
        heads = ("Sign-in name", "Password", "Name", "Role", "Unit")
        rows = [heads, *[(r.username, r.password, r.full_name, r.role, r.unit) for r in shown]]
        widths = [max(_width(row[n]) for row in rows) for n in range(len(heads))]
        self.stdout.write("")
        for row in rows:
            cells = [cell + " " * (widths[n] - _width(cell)) for n, cell in enumerate(row)]
            self.stdout.write("  " + "  ".join(cells).rstrip())
        more = len(sign_ins) - len(shown)
        self.stdout.write(f"\n  {more} more sign-ins stand in {settings.VAR / world.SIGN_INS}.")
        self.stdout.write("  On the page every role is one click away: “Work as”.")
        if address:
            self.stdout.write(f"\n  The station is open: {address}   (Ctrl-C stops it)\n")
        self.stdout.flush()


def _width(text):
    """Columns that the text takes in a terminal; Chinese characters take two."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)
