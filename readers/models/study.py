from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from annotations.public_ids import new_public_id
from readers.querysets import StudyQuerySet


class Study(models.Model):
    """A protocol: which cases, which readers, in which order, under which blinding. Fixed when it opens."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        OPEN = "open", _("open")
        LOCKED = "locked", _("locked")
        ARCHIVED = "archived", _("archived")

    class Feedback(models.TextChoices):
        NEVER = "never", _("never")
        AFTER_EACH = "after_each", _("after each case")
        WHEN_CLOSED = "when_closed", _("when the study is closed")

    class Purpose(models.TextChoices):
        STUDY = "study", _("reader study")
        TRAINING = "training", _("training")

    class Prominent(models.TextChoices):
        HETEROGENEOUS = "heterogeneous", _("for heterogeneous nodes (as defined)")
        EVERY_NODE = "every_node", _("for every node (as published)")

    class Exposed(models.TextChoices):
        LEAVE_OUT = "leave_out", _("leave those cases out")
        FLAG = "flag", _("keep them and flag the reader")

    class ScoreStyle(models.TextChoices):
        ANALOGUE = "vas", _("line from 0 to 100")
        FIVE = "five", _("five named categories")
        SIX = "six", _("six named categories")

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose, default=Purpose.STUDY)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    dataset_version = models.ForeignKey("annotations.DatasetVersion", on_delete=models.PROTECT, related_name="studies")
    reference_set = models.ForeignKey(
        "annotations.ReferenceSet", null=True, on_delete=models.PROTECT, related_name="studies"
    )
    form_version = models.CharField(max_length=60, default="lymphus-1.0")
    ask_prominent = models.CharField(_("prominent echogenicity is asked"), max_length=20, choices=Prominent,
                                     default=Prominent.HETEROGENEOUS)  # fmt: skip
    score_style = models.CharField(
        _("malignancy score"), max_length=10, choices=ScoreStyle, default=ScoreStyle.ANALOGUE
    )
    feedback = models.CharField(_("feedback"), max_length=20, choices=Feedback, default=Feedback.NEVER)
    exposed_readers = models.CharField(
        _("readers who know a case"), max_length=20, choices=Exposed, default=Exposed.LEAVE_OUT
    )
    order_seed = models.PositiveBigIntegerField(_("seed of the order"))
    washout_days = models.PositiveIntegerField(_("washout, days"), default=0)
    simulated = models.BooleanField(_("simulated readers"), default=False)
    lead = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="led_studies")
    # the chosen cases' ids, kept with the draft; rows of `Assignment` are drawn from it when the study opens
    case_ids = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    opened_at = models.DateTimeField(null=True)
    locked_at = models.DateTimeField(null=True)

    objects = StudyQuerySet.as_manager()

    class Meta:
        verbose_name = _("study")
        verbose_name_plural = _("studies")
        ordering = ["-created_at", "-pk"]
        permissions = [
            ("lead", _("Can make, open and close studies and analyse them")),
            ("read_cases", _("Can read cases in studies")),
            ("train", _("Can train")),
        ]

    def __str__(self) -> str:
        return self.title


class Arm(models.Model):
    """What the reader sees. Unaided today; aided arms name a model version."""

    class Aid(models.TextChoices):
        NONE = "none", _("unaided")

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="arms")
    number = models.PositiveSmallIntegerField(default=1)
    label = models.CharField(max_length=60)
    aid = models.CharField(max_length=20, choices=Aid, default=Aid.NONE)

    class Meta:
        verbose_name = _("arm")
        verbose_name_plural = _("arms")
        constraints = [models.UniqueConstraint(fields=["study", "number"], name="one_arm_per_number")]

    def __str__(self) -> str:
        return self.label


class StudyReader(models.Model):
    """A reader's place in a study: the number by which figures call them, and whether they withdrew."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="places")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="study_places")
    number = models.PositiveSmallIntegerField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    # cases left out of, or flagged in, this reader's list because the reader knew them: [case public ids]
    exposed_cases = models.JSONField(default=list)

    class Meta:
        verbose_name = _("reader of a study")
        verbose_name_plural = _("readers of a study")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["study", "user"], name="a_reader_once_per_study"),
            models.UniqueConstraint(fields=["study", "number"], name="one_reader_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.study_id}/{self.number}"


class StudyEvent(models.Model):
    """What happened in a study: append-only, in words, with who and when."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    code = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-pk"]


class StudyAnalysis(models.Model):
    """An analysis of a study's readings; who may see the study may see it once the study is closed."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="analyses")
    analysis = models.OneToOneField("annotations.Analysis", on_delete=models.CASCADE, related_name="of_study")


class StudyExport(models.Model):
    """An export of a closed study's readings."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="exports")
    export = models.OneToOneField("annotations.Export", on_delete=models.CASCADE, related_name="of_study")
