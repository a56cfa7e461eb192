from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "waystation.stewardship.contacts"
    label = "contacts"

    def ready(self):
        from . import closing, ledgers, member_columns, receivers, same_people, story  # noqa: F401, PLC0415 - apps ready
