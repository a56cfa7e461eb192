from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "waystation.stewardship.people"
    label = "people"

    def ready(self):
        from . import closing, receivers  # noqa: F401, PLC0415 - apps ready
