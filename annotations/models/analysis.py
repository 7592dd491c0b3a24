from django.db import models
from django.utils.translation import gettext_lazy as _

from annotations.models.job import Job
from annotations.querysets import AnalysisQuerySet


class Analysis(Job):
    """A frozen question and its stored result. The same spec over the same inputs gives the same bytes."""

    dataset_version = models.ForeignKey(
        "annotations.DatasetVersion", null=True, on_delete=models.PROTECT, related_name="analyses"
    )
    title = models.CharField(max_length=200)
    spec = models.JSONField()
    # ids, revisions, mask hashes, pathology, spacing, exclusions, form version
    inputs = models.JSONField()
    inputs_sha256 = models.CharField(max_length=64)
    engine_version = models.CharField(max_length=40, blank=True)
    # finished parts by name, kept for a worker that takes over
    parts = models.JSONField(default=dict)
    # canonical JSON, as bytes, because the bytes are promised
    result = models.BinaryField(null=True)
    result_sha256 = models.CharField(max_length=64, blank=True)

    objects = AnalysisQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Job.Meta):
        verbose_name = _("analysis")
        verbose_name_plural = _("analyses")
