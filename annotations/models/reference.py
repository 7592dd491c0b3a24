from django.db import models
from django.utils.translation import gettext_lazy as _

from annotations.public_ids import new_public_id


class ReferenceSet(models.Model):
    """A versioned choice of one reference reading per case; studies and analyses name one."""

    class Method(models.TextChoices):
        EXPERT = "expert", _("one expert's reading")
        MAJORITY = "majority", _("majority of a panel")
        STAPLE = "staple", _("STAPLE")
        ADJUDICATION = "adjudication", _("adjudication")

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    dataset = models.ForeignKey("annotations.Dataset", on_delete=models.CASCADE, related_name="reference_sets")
    name = models.CharField(max_length=120)
    number = models.PositiveIntegerField(default=1)
    method = models.CharField(max_length=20, choices=Method, default=Method.EXPERT)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("reference set")
        verbose_name_plural = _("reference sets")
        constraints = [models.UniqueConstraint(fields=["dataset", "number"], name="one_reference_set_per_number")]

    def __str__(self) -> str:
        return self.name


class ReferenceReading(models.Model):
    """The reference reading of one case in one set."""

    reference_set = models.ForeignKey(ReferenceSet, on_delete=models.CASCADE, related_name="members")
    case = models.ForeignKey("annotations.Case", on_delete=models.CASCADE, related_name="reference_readings")
    reading = models.ForeignKey("annotations.Reading", on_delete=models.PROTECT, related_name="reference_in")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reference_set", "case"], name="one_reference_per_case")]
