from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "waystation.accounts"
    label = "accounts"

    def ready(self):
        from . import receivers  # noqa: F401, PLC0415 - apps ready
