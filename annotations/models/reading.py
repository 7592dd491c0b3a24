from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from annotations.public_ids import new_public_id
from annotations.querysets import ReadingQuerySet, RevisionQuerySet


class Reading(models.Model):
    """What one source said of one case: answers, score, call, mask, calipers, remarks. Draft, then submitted.

    `version` guards every write: the first is 0, each stored change adds one.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted")

    class Call(models.TextChoices):
        BENIGN = "benign", _("benign")
        MALIGNANT = "malignant", _("malignant")

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    case = models.ForeignKey("annotations.Case", on_delete=models.PROTECT, related_name="readings")
    source = models.ForeignKey("annotations.Source", on_delete=models.PROTECT, related_name="readings")
    form_version = models.CharField(max_length=60)
    opinion = models.PositiveSmallIntegerField(default=1)
    replicate = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=0)
    answers = models.JSONField(default=dict)
    score = models.PositiveSmallIntegerField(_("malignancy score, 0-100"), null=True, blank=True)
    call = models.CharField(max_length=10, choices=Call, blank=True)
    remarks = models.TextField(blank=True)
    no_node = models.BooleanField(_("no node can be delineated"), default=False)
    # the reader's own ruler calibration: {"points": [x1, y1, x2, y2], "mm": distance}
    calibration = models.JSONField(null=True, blank=True)
    # contradictions put back to the reader, and how each ended: see `payloads.Payload`
    questions = models.JSONField(default=list, blank=True)
    # the last write's id and its answer: a retry after a lost response gets the same answer
    write_id = models.CharField(max_length=64, blank=True)
    started_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True, db_index=True)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(score__isnull=True) | models.Q(score__lte=100), name="score_0_to_100"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class Mask(models.Model):
    """The node's outline as pixels: binary, width x height of its image, run-length coded (`mask_codec`)."""

    class Structure(models.TextChoices):
        NODE = "node", _("node")

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="masks")
    image = models.ForeignKey("annotations.Image", on_delete=models.PROTECT, related_name="masks")
    structure = models.CharField(max_length=20, choices=Structure, default=Structure.NODE)
    payload = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    area_px = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("mask")
        verbose_name_plural = _("masks")
        constraints = [models.UniqueConstraint(fields=["reading", "image", "structure"], name="one_mask_per_structure")]

    def __str__(self) -> str:
        return self.public_id


class ReadingRevision(models.Model):
    """What a submitted reading said: append-only, hash-chained. Reopening adds one with a reason."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    reading = models.ForeignKey(Reading, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    # answers, score, call, remarks, no_node, calibration, questions, form_version, mask hashes: all that was said
    content = models.JSONField()
    mask_payload = models.BinaryField(null=True)
    mask_sha256 = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField(max_length=64)
    previous_sha256 = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision of a reading")
        verbose_name_plural = _("revisions of readings")
        ordering = ["reading_id", "number"]
        constraints = [models.UniqueConstraint(fields=["reading", "number"], name="one_revision_per_number")]

    def __str__(self) -> str:
        return self.public_id
