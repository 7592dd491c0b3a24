"""How an assignment and its reading are written in the API, and what may be sent."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from readers.models import Assignment


class AssignmentSerializer(serializers.ModelSerializer[Assignment]):
    """One's own place in a worklist. Says nothing of the case."""

    id = serializers.CharField(source="public_id", read_only=True)
    study = serializers.CharField(source="study.title", read_only=True)
    arm = serializers.CharField(source="arm.label", read_only=True)
    state = serializers.SerializerMethodField()
    image = serializers.HyperlinkedIdentityField(
        view_name="api:assignment-image", lookup_field="public_id", lookup_url_kwarg="public_id"
    )
    reading = serializers.HyperlinkedIdentityField(
        view_name="api:assignment-reading", lookup_field="public_id", lookup_url_kwarg="public_id"
    )

    class Meta:
        model = Assignment
        fields = ["id", "study", "arm", "period", "position", "state", "image", "reading"]

    @extend_schema_field(serializers.ChoiceField(choices=["open", "draft", "submitted", "closed"]))
    def get_state(self, assignment: Any) -> str:
        if assignment.reading_state == "submitted":
            return "submitted"
        return "closed" if assignment.study.state != "open" else assignment.reading_state or "open"


class MaskDataSerializer(serializers.Serializer[Any]):
    data = serializers.CharField(help_text="base64 of the encoded mask")  # type: ignore[assignment]


class ReadingSerializer(serializers.Serializer[Any]):
    """A reading as the page holds it."""

    version = serializers.IntegerField()
    state = serializers.ChoiceField(choices=["draft", "submitted"])
    form_version = serializers.CharField()
    answers = serializers.DictField()
    score = serializers.IntegerField(allow_null=True, min_value=0, max_value=100)
    call = serializers.ChoiceField(choices=["benign", "malignant"], allow_null=True)
    remarks = serializers.CharField(allow_blank=True)
    no_node = serializers.BooleanField()
    mask = MaskDataSerializer(allow_null=True)
    mask_sha256 = serializers.CharField(allow_null=True)
    calibration = serializers.DictField(allow_null=True)
    questions = serializers.ListField(child=serializers.DictField())
    missing = serializers.ListField(child=serializers.CharField())
    saved_at = serializers.DateTimeField(allow_null=True)


class DraftSerializer(serializers.Serializer[Any]):
    """What a PUT sends: always all of the reading."""

    write_id = serializers.CharField(max_length=64)
    form_version = serializers.CharField(required=False)
    answers = serializers.DictField()
    score = serializers.IntegerField(allow_null=True, min_value=0, max_value=100)
    call = serializers.ChoiceField(choices=["benign", "malignant"], allow_null=True)
    remarks = serializers.CharField(allow_blank=True, required=False)
    no_node = serializers.BooleanField(required=False)
    mask = MaskDataSerializer(allow_null=True)
    mask_sha256 = serializers.CharField(allow_null=True)
    mask_unchanged = serializers.BooleanField(required=False)
    calibration = serializers.DictField(allow_null=True, required=False)
    questions = serializers.ListField(child=serializers.DictField(), required=False)


class SavedSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    mask_sha256 = serializers.CharField(allow_null=True)
    saved_at = serializers.DateTimeField()
    missing = serializers.ListField(child=serializers.CharField())


class SubmissionSerializer(serializers.Serializer[Any]):
    mask_sha256 = serializers.CharField(allow_null=True)
    write_id = serializers.CharField(max_length=64, required=False)
    version = serializers.IntegerField(required=False)
    with_next_page = serializers.BooleanField(required=False)


class SubmittedSerializer(serializers.Serializer[Any]):
    state = serializers.CharField()
    submitted_at = serializers.DateTimeField()
    next_url = serializers.CharField(allow_null=True)
    feedback_url = serializers.CharField(allow_null=True)
    next_page = serializers.CharField(allow_null=True, required=False)


class ReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300)


class IntervalSerializer(serializers.Serializer[Any]):
    start_ms_ago = serializers.FloatField(min_value=0)
    end_ms_ago = serializers.FloatField(min_value=0)


class ActivitySerializer(serializers.Serializer[Any]):
    intervals = IntervalSerializer(many=True)


class FeedbackSerializer(serializers.Serializer[Any]):
    answers = serializers.ListField(child=serializers.DictField())
    differing = serializers.IntegerField()
    compared = serializers.IntegerField()
    own = serializers.DictField()
    pathology = serializers.DictField(allow_null=True)
    mask = MaskDataSerializer(allow_null=True)
    reference_mask = MaskDataSerializer(allow_null=True)
    dice = serializers.FloatField(allow_null=True)
    reference_name = serializers.CharField(allow_null=True)
