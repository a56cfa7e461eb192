from django.apps import AppConfig


class DuesConfig(AppConfig):
    name = "waystation.stewardship.dues"
    label = "dues"

    def ready(self):
        from . import ledgers, receivers, seen, story  # noqa: F401, PLC0415 - apps ready
