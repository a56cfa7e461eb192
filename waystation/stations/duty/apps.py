from django.apps import AppConfig


class DutyConfig(AppConfig):
    name = "waystation.stations.duty"
    label = "duty"

    def ready(self):
        from . import closing, receivers  # noqa: F401, PLC0415 - apps ready
