from django.apps import AppConfig


class FormalitiesConfig(AppConfig):
    name = "waystation.stewardship.formalities"
    label = "formalities"

    def ready(self):
        from waystation.stewardship.formalities import closing, ledgers, receivers, story  # noqa: F401, PLC0415 - apps ready
