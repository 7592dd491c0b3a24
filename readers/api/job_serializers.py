"""How analyses and exports are written in the API."""

from __future__ import annotations

import json
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from annotations.models import Analysis, Export


class ProgressCountSerializer(serializers.Serializer[Any]):
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    text = serializers.CharField(allow_blank=True)


class AnalysisSerializer(serializers.ModelSerializer[Analysis]):
    """An analysis without its result."""

    id = serializers.CharField(source="public_id", read_only=True)
    study = serializers.CharField(source="of_study.study.public_id", read_only=True, allow_null=True)
    progress = serializers.SerializerMethodField()

    class Meta:
        model = Analysis
        fields = [
            "id", "kind", "study", "title", "state", "progress", "error", "spec", "inputs_sha256", "engine_version", "made_with",
            "result_sha256",
            "created_at", "finished_at",
        ]  # fmt: skip

    @extend_schema_field(ProgressCountSerializer)
    def get_progress(self, job: Analysis) -> dict[str, Any]:
        return {"done": job.progress_done, "total": job.progress_total, "text": job.progress_text}


class AnalysisDetailSerializer(AnalysisSerializer):
    """With the result, null until there is one."""

    result = serializers.SerializerMethodField()

    class Meta(AnalysisSerializer.Meta):
        fields = [*AnalysisSerializer.Meta.fields, "result"]

    @extend_schema_field(serializers.DictField(allow_null=True))
    def get_result(self, analysis: Analysis) -> dict[str, Any] | None:
        return json.loads(bytes(analysis.result)) if analysis.result is not None else None


class SpecSerializer(serializers.Serializer[Any]):
    """The question. Every entry has a default; `annotations.analyses.spec` checks them and names what it refuses."""

    version = serializers.IntegerField(required=False)
    features = serializers.ListField(child=serializers.CharField(), required=False, allow_null=True)
    masks = serializers.BooleanField(required=False)
    pathology = serializers.BooleanField(required=False)
    cannot_assess = serializers.ChoiceField(choices=["exclude", "own_category"], required=False)
    strata = serializers.ChoiceField(choices=["centre", "none"], required=False)
    level = serializers.FloatField(required=False)
    resamples = serializers.IntegerField(required=False)
    seed = serializers.IntegerField(required=False)
    nsd_tolerance_mm = serializers.FloatField(required=False)
    weights = serializers.ChoiceField(choices=["linear", "quadratic"], required=False)
    comparisons = serializers.ListField(child=serializers.DictField(), required=False)
    primary = serializers.DictField(required=False, allow_null=True)
    readers = serializers.ListField(child=serializers.IntegerField(), required=False, allow_null=True)
    arms = serializers.ListField(child=serializers.IntegerField(), required=False, allow_null=True)
    revisions = serializers.ChoiceField(choices=["latest", "first"], required=False)
    reference = serializers.CharField(required=False, allow_null=True)
    statistics = serializers.ListField(child=serializers.CharField(), required=False, allow_null=True)


class NewAnalysisSerializer(serializers.Serializer[Any]):
    spec = SpecSerializer(required=False)


class ExportSerializer(serializers.ModelSerializer[Export]):
    """An export; the file is at an address of its own once `state` is done."""

    id = serializers.CharField(source="public_id", read_only=True)
    subject = serializers.DictField(child=serializers.CharField(), read_only=True)
    progress = serializers.SerializerMethodField()
    file = serializers.HyperlinkedIdentityField(
        view_name="api:export-file", lookup_field="public_id", lookup_url_kwarg="public_id"
    )

    class Meta:
        model = Export
        fields = [
            "id", "subject", "format", "state", "progress", "error", "file", "file_name", "file_sha256", "file_size",
            "created_at", "finished_at",
        ]  # fmt: skip

    @extend_schema_field(ProgressCountSerializer)
    def get_progress(self, job: Export) -> dict[str, Any]:
        return {"done": job.progress_done, "total": job.progress_total, "text": job.progress_text}


class NewExportSerializer(serializers.Serializer[Any]):
    format = serializers.CharField(help_text="lymphus, csv, coco or png")


class StoppedSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=Analysis.State.choices)
