"""How analyses and exports are written in the API."""

from __future__ import annotations

import json
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from annotations.analyses.tables.work import MAX_BYTES
from annotations.models import Analysis, Export
from readers.job_progress import said_of


class ProgressCountSerializer(serializers.Serializer[Any]):
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    text = serializers.CharField(allow_blank=True, help_text="What it is at, in words of the request's language.")


class AnalysisSerializer(serializers.ModelSerializer[Analysis]):
    """An analysis without its result."""

    id = serializers.CharField(source="public_id", read_only=True)
    study = serializers.CharField(source="of_study.study.public_id", read_only=True, allow_null=True)
    dataset_version = serializers.CharField(source="dataset_version.public_id", read_only=True, allow_null=True)
    progress = serializers.SerializerMethodField()

    class Meta:
        model = Analysis
        fields = [
            "id", "kind", "study", "dataset_version", "title",
            "state", "progress", "error", "spec", "inputs_sha256", "engine_version", "made_with",
            "result_sha256",
            "created_at", "finished_at",
        ]  # fmt: skip

    @extend_schema_field(ProgressCountSerializer)
    def get_progress(self, job: Analysis) -> dict[str, Any]:
        return {"done": job.progress_done, "total": job.progress_total, "text": said_of(job)}


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
    intervals_over = serializers.ChoiceField(choices=["cases", "readers", "both"], required=False)


class NewAnalysisSerializer(serializers.Serializer[Any]):
    spec = SpecSerializer(required=False)


class NewTableAnalysisSerializer(serializers.Serializer[Any]):
    """A table and what its columns are. `schema` is a file or its text; `spec` may be left out."""

    table = serializers.FileField(help_text="CSV in UTF-8, at most 10 MB")
    schema = serializers.CharField(help_text="JSON, a file or text: docs/tables.md", trim_whitespace=False)
    spec = serializers.CharField(
        required=False, default="{}", help_text="JSON: level, resamples, seed, strata, statistics, intervals_over"
    )
    title = serializers.CharField(required=False, default="", allow_blank=True, max_length=200)

    def to_internal_value(self, data: Any) -> Any:
        """A file where text would do is read as its text."""
        schema = data.get("schema")
        if isinstance(schema, UploadedFile):
            data = {name: data[name] for name in data} | {"schema": _text_of(schema)}
        return super().to_internal_value(data)

    def validate_schema(self, value: str) -> Any:
        return _json_of(value)

    def validate_spec(self, value: str) -> dict[str, Any]:
        spec = _json_of(value)
        if not isinstance(spec, dict):
            raise serializers.ValidationError("A spec is an object.")
        return spec


def _json_of(text: str) -> Any:
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise serializers.ValidationError(f"This is no JSON: {error}") from None


def _text_of(file: UploadedFile) -> str:
    if (file.size or 0) > MAX_BYTES:
        raise serializers.ValidationError({"schema": [f"A schema has at most {MAX_BYTES >> 20} MB."]})
    try:
        return file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise serializers.ValidationError({"schema": ["This is not UTF-8."]}) from None


class TableFileSerializer(serializers.Serializer[Any]):
    """A table of a result and where its files are."""

    name = serializers.CharField()
    csv = serializers.URLField()
    xlsx = serializers.URLField()


class FigureFileSerializer(serializers.Serializer[Any]):
    """A stored figure and where it is drawn; `json` is its Vega-Lite specification."""

    name = serializers.CharField()
    title = serializers.CharField()
    json = serializers.URLField()
    svg = serializers.URLField()
    png = serializers.URLField()
    pdf = serializers.URLField()


class AnalysisFilesSerializer(serializers.Serializer[Any]):
    """Everything one takes away of a finished analysis."""

    workbook = serializers.URLField()
    tables = TableFileSerializer(many=True)
    figures = FigureFileSerializer(many=True)


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
        return {"done": job.progress_done, "total": job.progress_total, "text": said_of(job)}


class NewExportSerializer(serializers.Serializer[Any]):
    format = serializers.CharField(help_text="lymphus, csv, coco or png")


class StoppedSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=Analysis.State.choices)
