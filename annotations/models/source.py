from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from annotations.public_ids import new_public_id


class ModelVersion(models.Model):
    """A version of a diagnostic or segmentation model: a source of readings like any other."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    name = models.CharField(_("name"), max_length=120)
    version = models.CharField(_("version"), max_length=60)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("model version")
        verbose_name_plural = _("model versions")
        constraints = [models.UniqueConstraint(fields=["name", "version"], name="one_model_per_version")]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class Source(models.Model):
    """Who or what made a reading: a user, a reference panel or a model version."""

    class Kind(models.TextChoices):
        USER = "user", _("reader")
        PANEL = "panel", _("reference panel")
        MODEL = "model", _("model")

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("name"), max_length=120, help_text=_("As figures show it: “Reader 3”."))
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="source"
    )
    model_version = models.OneToOneField(
        ModelVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="source"
    )
    simulated = models.BooleanField(_("simulated"), default=False)

    class Meta:
        verbose_name = _("source of readings")
        verbose_name_plural = _("sources of readings")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name
