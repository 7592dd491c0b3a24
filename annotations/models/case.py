from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from annotations.public_ids import new_public_id
from annotations.querysets import CaseQuerySet


class Patient(models.Model):
    """Opaque; the cluster of every interval when a patient brings several nodes."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    dataset = models.ForeignKey("annotations.Dataset", on_delete=models.CASCADE, related_name="patients")

    class Meta:
        verbose_name = _("patient")
        verbose_name_plural = _("patients")

    def __str__(self) -> str:
        return self.public_id


class Case(models.Model):
    """One node. Knows nothing of its pathology or of where it came from: those are tables of their own."""

    class State(models.TextChoices):
        INCLUDED = "included", _("included")
        EXCLUDED = "excluded", _("left out")

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    dataset = models.ForeignKey("annotations.Dataset", on_delete=models.CASCADE, related_name="cases")
    centre = models.ForeignKey("annotations.Centre", on_delete=models.PROTECT, related_name="cases")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="cases")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.INCLUDED)
    # what a person saw burned into the image: any of "arrow", "calipers", "text", "other"
    markings = models.JSONField(_("markings"), default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["public_id"]

    def __str__(self) -> str:
        return self.public_id


class Pathology(models.Model):
    """The reference standard of a case. The reading pages and the reading API may not import this."""

    class Status(models.TextChoices):
        BENIGN = "benign", _("benign")
        MALIGNANT = "malignant", _("malignant")

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="pathology")
    status = models.CharField(_("status"), max_length=10, choices=Status)
    method = models.CharField(_("method"), max_length=60, default=gettext_noop("FNA cytology"))

    class Meta:
        verbose_name = _("pathology")
        verbose_name_plural = _("pathologies")

    def __str__(self) -> str:
        return f"{self.case_id}"


class Provenance(models.Model):
    """Where a case came from and why it was left out. Holds the group, so readers never see it."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="provenance")
    # (centre, group, number) is the key of the published archives
    centre_number = models.PositiveSmallIntegerField()
    group = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    archive = models.CharField(max_length=200)
    archive_sha256 = models.CharField(max_length=64, blank=True)
    sheet = models.CharField(max_length=300, blank=True)
    sheet_row = models.PositiveIntegerField(null=True)
    # role ("image", "mask", "lesion") -> {"name", "sha256"} of the source file
    files = models.JSONField(default=dict)
    # what the sheet said, header -> text, before any synonym was applied
    raw_values = models.JSONField(default=dict)
    excluded_reason = models.CharField(max_length=300, blank=True)
    # append-only list of {"at", "by", "text"}
    remarks = models.JSONField(default=list, blank=True)
    # content of the row and its files; a second import compares this
    content_sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("provenance")
        verbose_name_plural = _("provenances")
        indexes = [models.Index(fields=["centre_number", "group", "number"])]

    def __str__(self) -> str:
        return f"{self.case_id}"
