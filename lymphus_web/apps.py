from django.apps import AppConfig


class BuildingConfig(AppConfig):
    name = "lymphus_web"

    def ready(self) -> None:
        from lymphus_web import checks  # noqa: F401
