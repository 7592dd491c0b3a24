"""Rows that are jobs: the message is only the bell (see `annotations.jobs`)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from annotations.public_ids import new_public_id
from annotations.querysets import JobQuerySet


class Job(models.Model):
    """What every job row has: a state, a lease with heartbeat, and true progress."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("stopped by an error")
        CANCELLED = "cancelled", _("cancelled")

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    # random token of the worker that holds the row; a write by a worker that lost it changes nothing
    lease = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)
    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(default=0)
    progress_text = models.CharField(max_length=200, blank=True)
    error = models.TextField(blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.public_id


class Import(Job):
    """An archive on its way in: read, reported, then accepted or refused by a curator."""

    class Step(models.TextChoices):
        READ = "read", _("being read")
        REPORTED = "reported", _("waiting for a decision")
        WRITE = "write", _("being written")
        WRITTEN = "written", _("written")
        REFUSED = "refused", _("refused")

    dataset_slug = models.SlugField()
    dataset_title = models.CharField(max_length=200, blank=True)
    synthetic = models.BooleanField(default=False)
    step = models.CharField(max_length=10, choices=Step, default=Step.READ)
    # [{"kind", "name", "sha256", "path"}]: uploads, in the private work folder; of an import by command kind and name only
    uploads = models.JSONField(default=list)
    report = models.JSONField(null=True)
    publish = models.BooleanField(default=False)
    result = models.JSONField(null=True)

    class Meta(Job.Meta):
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    @property
    def by_command(self) -> bool:
        """Whether `manage.py import_lymphus` did it: its files were read where they lay, none was uploaded."""
        return bool(self.uploads) and not any("path" in upload for upload in self.uploads)


class Export(Job):
    """A file made on request; `subject` says of what: {"dataset_version": id} or {"study": id}."""

    class Format(models.TextChoices):
        LYMPHUS = "lymphus", _("LymphUs archives")
        CSV = "csv", _("CSV with data dictionary")
        COCO = "coco", _("COCO JSON with RLE masks")
        PNG = "png", _("masks as PNG")

    format = models.CharField(max_length=10, choices=Format)
    subject = models.JSONField()
    file_name = models.CharField(max_length=200, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    file_size = models.PositiveBigIntegerField(null=True)

    class Meta(Job.Meta):
        verbose_name = _("export")
        verbose_name_plural = _("exports")
