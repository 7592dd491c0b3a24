from django.db import models
from django.utils.translation import gettext_lazy as _

from annotations.public_ids import new_public_id
from annotations.querysets import DatasetQuerySet, DatasetVersionQuerySet


class Dataset(models.Model):
    """A collection of cases with its licence and citation."""

    slug = models.SlugField(_("short name"), unique=True)
    title = models.CharField(_("title"), max_length=200)
    licence = models.CharField(_("licence"), max_length=200, blank=True)
    citation = models.TextField(_("citation"), blank=True)
    synthetic = models.BooleanField(
        _("synthetic"), default=False, help_text=_("Made by a program; said wherever it is shown.")
    )
    form_version = models.CharField(_("form version"), max_length=60, default="lymphus-1.0")
    created_at = models.DateTimeField(_("made"), auto_now_add=True)

    objects = DatasetQuerySet.as_manager()

    class Meta:
        verbose_name = _("dataset")
        verbose_name_plural = _("datasets")
        ordering = ["title", "pk"]
        permissions = [
            ("curate", _("Can curate datasets: import, include and exclude, calibrate, publish")),
            ("export_data", _("Can export datasets and closed studies")),
        ]

    def __str__(self) -> str:
        return self.title


class Centre(models.Model):
    """Where and with which device the images were made; carries the internal/external split."""

    class Split(models.TextChoices):
        INTERNAL = "internal", _("internal")
        EXTERNAL = "external", _("external")

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="centres")
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=100)
    device = models.CharField(_("device"), max_length=200, blank=True)
    split = models.CharField(_("split"), max_length=10, choices=Split, default=Split.INTERNAL)

    class Meta:
        verbose_name = _("centre")
        verbose_name_plural = _("centres")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["dataset", "number"], name="one_centre_per_number")]

    def __str__(self) -> str:
        return self.name


class DatasetVersion(models.Model):
    """A frozen manifest of a dataset: what studies and exports refer to. Never changed once made."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("number"))
    manifest = models.JSONField(_("manifest"), help_text=_("Case ids with image, mask and reference hashes."))
    sha256 = models.CharField(_("SHA-256 of the manifest"), max_length=64)
    reference_set = models.ForeignKey(
        "annotations.ReferenceSet", null=True, on_delete=models.PROTECT, related_name="versions"
    )
    published_at = models.DateTimeField(_("published"), auto_now_add=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = DatasetVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("dataset version")
        verbose_name_plural = _("dataset versions")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["dataset", "number"], name="one_version_per_number")]

    def __str__(self) -> str:
        return _("%(dataset)s, version %(number)s") % {"dataset": self.dataset, "number": self.number}


class VersionCase(models.Model):
    """A case of a frozen version, as a row, so that a version can be queried. Mirrors the manifest."""

    version = models.ForeignKey(DatasetVersion, on_delete=models.CASCADE, related_name="members")
    case = models.ForeignKey("annotations.Case", on_delete=models.PROTECT, related_name="memberships")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "case"], name="a_case_once_per_version")]
