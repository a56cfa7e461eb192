from django.apps import AppConfig


class FundsConfig(AppConfig):
    name = "waystation.stations.funds"
    label = "funds"

    def ready(self):
        from . import closing  # noqa: F401, PLC0415 - apps ready
