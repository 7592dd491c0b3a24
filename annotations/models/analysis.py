from django.db import models
from django.utils.translation import gettext_lazy as _

from annotations.models.job import Job
from annotations.querysets import AnalysisQuerySet


class Analysis(Job):
    """A frozen question and its stored result. The same spec over the same inputs gives the same bytes."""

    class Kind(models.TextChoices):
        STUDY = "study", _("readings of a study")
        TABLE = "table", _("table of ratings")
        VERSION = "version", _("dataset version")

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.STUDY)
    # a table that a command analysed for nobody by name: every study lead sees it
    for_every_lead = models.BooleanField(default=False)
    dataset_version = models.ForeignKey(
        "annotations.DatasetVersion", null=True, on_delete=models.PROTECT, related_name="analyses"
    )
    title = models.CharField(max_length=200)
    spec = models.JSONField()
    # ids, revisions, mask hashes, pathology, spacing, exclusions, form version; or the table itself and its schema
    inputs = models.JSONField()
    inputs_sha256 = models.CharField(max_length=64)
    engine_version = models.CharField(max_length=40, blank=True)
    # what the bytes of the result depend on beside question and inputs: lock file, architecture, versions
    made_with = models.JSONField(default=dict)
    # finished parts by name, kept for a worker that takes over
    parts = models.JSONField(default=dict)
    # canonical JSON, as bytes, because the bytes are promised
    result = models.BinaryField(null=True)
    result_sha256 = models.CharField(max_length=64, blank=True)

    objects = AnalysisQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Job.Meta):
        verbose_name = _("analysis")
        verbose_name_plural = _("analyses")

    @property
    def called(self) -> str:
        """Its title, in the language of the page where that is the program's own words."""
        return str(self.dataset_version) if self.kind == self.Kind.VERSION else self.title
