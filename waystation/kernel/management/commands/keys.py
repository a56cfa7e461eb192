from django.core.management.base import BaseCommand, CommandError

from waystation.kernel.keyring import add_key, drop_key, keyring


class Command(BaseCommand):
    help = "Show the keys of this site, make a new one, or drop an old one."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("act", choices=["show", "new", "drop"])
        parser.add_argument("kid", nargs="?", help="the old key to drop")

    def handle(self, *, act, kid, **options):
        if act == "new":
            self.stdout.write(f"Key {add_key()} is now the current one. Run `manage.py rekey` next.")
        elif act == "drop":
            self._drop(kid)
        else:
            for number, held in enumerate(keyring().kids):
                self.stdout.write(f"{held} {'' if number else '(current)'}".strip())

    def _drop(self, kid):
        # Imported here, so that making the first key needs no database.
        from waystation.kernel.rekeying import still_under  # noqa: PLC0415

        if kid is None:
            raise CommandError("Say which key to drop.")
        if kid not in keyring().kids[1:]:
            raise CommandError(f"{kid} is not an old key.")
        if left := still_under(kid):
            raise CommandError(f"{left} values still need key {kid}. Run `manage.py rekey` first.")
        drop_key(kid)
        self.stdout.write(f"Key {kid} is gone. Backups sealed under it can no longer be opened.")
