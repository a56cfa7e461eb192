from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "waystation.organizations"
    label = "organizations"

    def ready(self):
        from . import checks  # noqa: F401, PLC0415 - apps ready
