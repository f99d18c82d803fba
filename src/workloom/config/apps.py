from django.apps import AppConfig


class Config(AppConfig):
    name = "workloom.config"

    def ready(self) -> None:
        from workloom.config import checks  # noqa: F401, PLC0415 - registers them, and they need the loaded apps
