from django.apps import AppConfig
from django.urls import register_converter
from django.utils.translation import gettext_lazy as _

from annotations.public_ids import PublicIdConverter


class AnnotationsConfig(AppConfig):
    name = "annotations"
    verbose_name = _("Images and readings")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register_converter(PublicIdConverter, "public")
