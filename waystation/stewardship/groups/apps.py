from django.apps import AppConfig


class GroupsConfig(AppConfig):
    name = "waystation.stewardship.groups"
    label = "groups"

    def ready(self):
        from . import bulk, classes, closing, receivers, rules, seen, story  # noqa: F401, PLC0415 - apps ready
