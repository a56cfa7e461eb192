from django.core.management.base import BaseCommand, CommandError

from waystation.kernel.rekeying import rekey, rekey_files, sealed_models
from waystation.kernel.sealing import Tampered


class Command(BaseCommand):
    help = "Seal all fields and files again under the current key. May be stopped and run again."

    def handle(self, **options):
        for model in sealed_models():
            self._one(model._meta.label, lambda said, model=model: rekey(model, said))
        self._one("files", rekey_files)

    def _one(self, name, act):
        try:
            done = act(lambda count: self.stdout.write(f"{name}: {count}"))
        except Tampered as problem:
            raise CommandError(f"{name}: {problem} Nothing of this chunk was changed.") from None
        self.stdout.write(f"{name}: {done} renewed.")
