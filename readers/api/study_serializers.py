"""How studies and their readings are written in the API. Relations are narrowed to what the person sees."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from rest_framework import serializers

from annotations.models import DatasetVersion
from readers.api.serializers import MaskDataSerializer
from readers.models import Study


class StudySerializer(serializers.ModelSerializer[Study]):
    id = serializers.CharField(source="public_id", read_only=True)
    dataset = serializers.CharField(source="dataset_version.dataset.slug", read_only=True)
    dataset_version: serializers.SlugRelatedField[DatasetVersion] = serializers.SlugRelatedField(
        slug_field="public_id", read_only=True
    )
    cases = serializers.SerializerMethodField()

    class Meta:
        model = Study
        fields = [
            "id", "title", "description", "purpose", "state", "dataset", "dataset_version", "form_version", "ask_prominent",
            "score_style", "feedback", "exposed_readers", "order_seed", "simulated", "cases", "created_at", "opened_at",
            "locked_at",
        ]  # fmt: skip

    def get_cases(self, study: Study) -> int:
        return len(study.case_ids)


class NewStudySerializer(serializers.ModelSerializer[Study]):
    """What makes a study. `cases` are ids; left out, every included case of the version. `readers` are user names."""

    dataset_version: serializers.SlugRelatedField[DatasetVersion] = serializers.SlugRelatedField(
        slug_field="public_id", queryset=DatasetVersion.objects.none()
    )
    cases = serializers.ListField(child=serializers.CharField(), source="case_ids", required=False, allow_null=True)
    readers = serializers.ListField(child=serializers.CharField(), required=False, default=list)
    feedback = serializers.ChoiceField(choices=Study.Feedback.choices, required=False)
    order_seed = serializers.IntegerField(required=False, min_value=0, max_value=2**63 - 1)

    class Meta:
        model = Study
        fields = [
            "title", "description", "purpose", "dataset_version", "ask_prominent", "score_style", "feedback",
            "exposed_readers", "order_seed", "cases", "readers",
        ]  # fmt: skip

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        request = self.context.get("request")
        if request is not None:
            visible = DatasetVersion.objects.visible_to(request.user)
            fields["dataset_version"].queryset = visible  # type: ignore[attr-defined]
        return fields

    def validate_readers(self, names: list[str]) -> list[Any]:
        people = {
            user.get_username(): user for user in get_user_model().objects.filter(username__in=names, is_active=True)
        }
        unknown = [name for name in names if name not in people]
        if unknown:
            raise serializers.ValidationError(f"No such reader: {', '.join(unknown)}")
        return [people[name] for name in dict.fromkeys(names)]


class ReaderProgressSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    name = serializers.CharField()
    total = serializers.IntegerField()
    submitted = serializers.IntegerField()
    drafts = serializers.IntegerField()
    exposed = serializers.IntegerField()
    withdrawn = serializers.BooleanField()
    active_seconds = serializers.FloatField()
    median_seconds = serializers.FloatField(allow_null=True)
    last_saved_at = serializers.DateTimeField(allow_null=True)


class ProgressSerializer(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    submitted = serializers.IntegerField()
    readers = ReaderProgressSerializer(many=True)


class ClosedReadingSerializer(serializers.Serializer[Any]):
    """One submitted reading of a closed study (`readers.closed.reading_row`)."""

    id = serializers.CharField()
    case = serializers.CharField()
    reader = serializers.IntegerField()
    arm = serializers.CharField()
    period = serializers.IntegerField()
    position = serializers.IntegerField()
    opinion = serializers.IntegerField()
    submitted_at = serializers.DateTimeField()
    active_seconds = serializers.FloatField()
    form_version = serializers.CharField()
    answers = serializers.DictField()
    features = serializers.DictField()
    score = serializers.IntegerField(allow_null=True)
    call = serializers.CharField(allow_null=True)
    no_node = serializers.BooleanField()
    remarks = serializers.CharField()
    calibration = serializers.DictField(allow_null=True)
    questions = serializers.ListField(child=serializers.DictField())
    revision = serializers.IntegerField()
    revision_sha256 = serializers.CharField()
    mask_sha256 = serializers.CharField(allow_null=True)
    mask = MaskDataSerializer(allow_null=True, required=False)
