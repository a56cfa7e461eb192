from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "waystation.web"
    label = "web"

    def ready(self):
        from waystation.web import receivers  # noqa: F401, PLC0415 - apps ready
