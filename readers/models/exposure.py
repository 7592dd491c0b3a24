from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Exposure(models.Model):
    """Append-only: this user was shown this of a case, when and where. Kept from the first day on."""

    class What(models.TextChoices):
        PATHOLOGY = "pathology", _("pathology")
        REFERENCE = "reference", _("reference reading")
        FEEDBACK = "feedback", _("feedback")
        MODEL = "model", _("model output")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="exposures")
    case = models.ForeignKey("annotations.Case", on_delete=models.CASCADE, related_name="exposures")
    what = models.CharField(max_length=10, choices=What)
    where = models.CharField(max_length=120)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("exposure")
        verbose_name_plural = _("exposures")
        ordering = ["pk"]
        indexes = [models.Index(fields=["user", "case"])]

    def __str__(self) -> str:
        return f"{self.user_id}/{self.case_id}/{self.what}"
