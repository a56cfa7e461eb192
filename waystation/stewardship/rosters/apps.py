from django.apps import AppConfig


class RostersConfig(AppConfig):
    name = "waystation.stewardship.rosters"
    label = "rosters"

    def ready(self):
        from waystation.stewardship.rosters import receivers  # noqa: F401, PLC0415 - apps ready
