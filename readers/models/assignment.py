from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from annotations.public_ids import new_public_id
from readers.querysets import AssignmentQuerySet


class Assignment(models.Model):
    """Reader x case x arm x period x position: one row of a worklist, drawn once from the study's seed."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    study = models.ForeignKey("readers.Study", on_delete=models.CASCADE, related_name="assignments")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    case = models.ForeignKey("annotations.Case", on_delete=models.PROTECT, related_name="assignments")
    arm = models.ForeignKey("readers.Arm", on_delete=models.PROTECT, related_name="assignments")
    period = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveIntegerField()
    unlocks_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["study_id", "reader_id", "period", "position"]
        constraints = [
            models.UniqueConstraint(fields=["study", "reader", "period", "position"], name="one_case_per_position"),
            models.UniqueConstraint(fields=["study", "reader", "case", "arm", "period"], name="a_case_once_per_arm"),
        ]

    def __str__(self) -> str:
        return self.public_id


class AssignmentReading(models.Model):
    """The reading of one opinion of an assignment. Made with the draft's first write."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="opinions")
    reading = models.OneToOneField("annotations.Reading", on_delete=models.PROTECT, related_name="assigned")
    opinion = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assignment", "opinion"], name="one_reading_per_opinion")]


class ActivityInterval(models.Model):
    """Raw time on task: the page was visible, focused and in use. Server's clock."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="activity")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()

    class Meta:
        ordering = ["started_at", "pk"]


class LateWork(models.Model):
    """What a page sent for an assignment that was closed meanwhile: kept apart, never counted, never lost."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="late_work")
    # the body of the refused write as it came
    payload = models.JSONField()
    reason = models.CharField(max_length=40)
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("late work")
        verbose_name_plural = _("late work")
        ordering = ["received_at", "pk"]

    def __str__(self) -> str:
        return f"{self.assignment_id}/{self.reason}"
