from django.apps import AppConfig


class AppraisalsConfig(AppConfig):
    name = "waystation.stewardship.appraisals"
    label = "appraisals"

    def ready(self):
        from . import closing, known_facts, receivers, rules, story  # noqa: F401, PLC0415 - apps ready
