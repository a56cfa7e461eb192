from django.apps import AppConfig


class SitesConfig(AppConfig):
    name = "waystation.stations.sites"
    label = "sites"
