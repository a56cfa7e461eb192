from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "waystation.stewardship.duties"
    label = "duties"

    def ready(self):
        from waystation.stewardship.duties import closing, ledgers, receivers, story  # noqa: F401, PLC0415 - apps ready
