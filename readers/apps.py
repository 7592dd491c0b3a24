from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReadersConfig(AppConfig):
    name = "readers"
    verbose_name = _("Readers and studies")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # floor 1 writes exports and does not know studies: floor 2 tells it how to gather one
        from annotations.exports.verbs import GATHERERS
        from readers.exports import gather_study
        from readers.models import Study

        GATHERERS["study"] = lambda public_id: gather_study(
            Study.objects.unscoped().select_related("dataset_version__dataset").get(public_id=public_id)
        )
