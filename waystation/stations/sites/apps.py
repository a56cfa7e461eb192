from django.apps import AppConfig


class SitesConfig(AppConfig):
    name = "waystation.stations.sites"
    label = "sites"

    def ready(self):
        from . import closing, offices, own_columns  # noqa: F401, PLC0415 - apps ready
