from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "waystation.portal"
    label = "portal"
