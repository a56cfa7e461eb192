from django.apps import AppConfig


class GridsConfig(AppConfig):
    name = "waystation.stewardship.grids"
    label = "grids"

    def ready(self):
        from . import bulk, classes, closing, columns, coverage, receivers, rules, story  # noqa: F401, PLC0415 - apps ready
