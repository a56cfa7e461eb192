import sys
from importlib import import_module

from django.apps import AppConfig, apps
from django.conf import settings
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.module_loading import module_has_submodule

# These commands need no keys: one makes them, the others run while an image is built.
KEYLESS = {"keys", "messages", "collectstatic", "makemigrations", "help", "--help", "version"}


class KernelConfig(AppConfig):
    name = "waystation.kernel"
    label = "kernel"

    def ready(self):
        from django.contrib.auth.signals import user_logged_out  # noqa: PLC0415 - apps ready

        from . import checks, migrating, receivers_accounts  # noqa: F401, PLC0415 - apps ready
        from .keyring import keyring  # noqa: PLC0415 - apps ready
        from .middleware import note_sign_out  # noqa: PLC0415 - apps ready

        user_logged_out.connect(note_sign_out, dispatch_uid="kernel.note_sign_out")
        pre_migrate.connect(migrating.let_it_take_its_time, sender=self, dispatch_uid="kernel.before_migrations")
        post_migrate.connect(migrating.limit_again, sender=self, dispatch_uid="kernel.after_migrations")
        find_declarations()
        command = sys.argv[1] if len(sys.argv) > 1 else ""
        if settings.MODE == "production" and command not in KEYLESS:
            keyring()


def find_declarations():
    """Import each app's `tasks` (kinds of job) and `rules` (rules with a date), if it has them."""
    for config in apps.get_app_configs():
        if not config.name.startswith("waystation."):
            continue
        for room in ("tasks", "rules"):
            if module_has_submodule(config.module, room):
                import_module(f"{config.name}.{room}")
