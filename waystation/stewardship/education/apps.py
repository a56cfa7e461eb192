from django.apps import AppConfig


class EducationConfig(AppConfig):
    name = "waystation.stewardship.education"
    label = "education"

    def ready(self):
        from . import closing, group_book, ledgers, receivers, seen, story, weekly  # noqa: F401, PLC0415 - apps ready
