"""How the nouns of floor 1 are written in the API. All are read-only: writes are verbs with addresses of their own."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from annotations.models import (
    Case,
    Centre,
    Dataset,
    DatasetVersion,
    Image,
    Mask,
    Pathology,
    Patient,
    Provenance,
    Reading,
    ReferenceSet,
)
from annotations.reading_facts import resolved
from annotations.reading_json import resolved_json


class FormSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    version = serializers.CharField()
    title = serializers.CharField()
    groups = serializers.ListField(child=serializers.DictField())
    features = serializers.ListField(child=serializers.DictField())


class CentreSerializer(serializers.ModelSerializer[Centre]):
    class Meta:
        model = Centre
        fields = ["number", "name", "device", "split"]


class DatasetSerializer(serializers.ModelSerializer[Dataset]):
    centres = CentreSerializer(many=True, read_only=True)

    class Meta:
        model = Dataset
        fields = ["slug", "title", "licence", "citation", "synthetic", "form_version", "created_at", "centres"]


class VersionSerializer(serializers.ModelSerializer[DatasetVersion]):
    id = serializers.CharField(source="public_id", read_only=True)
    dataset: serializers.SlugRelatedField[Dataset] = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    reference_set: serializers.SlugRelatedField[ReferenceSet] = serializers.SlugRelatedField(
        slug_field="public_id", read_only=True
    )

    class Meta:
        model = DatasetVersion
        fields = ["id", "dataset", "number", "sha256", "reference_set", "published_at", "note"]


class VersionDetailSerializer(VersionSerializer):
    manifest = serializers.JSONField(read_only=True)

    class Meta(VersionSerializer.Meta):
        fields = [*VersionSerializer.Meta.fields, "manifest"]


class ImageSerializer(serializers.ModelSerializer[Image]):
    id = serializers.CharField(source="public_id", read_only=True)
    case: serializers.SlugRelatedField[Case] = serializers.SlugRelatedField(slug_field="public_id", read_only=True)
    content = serializers.HyperlinkedIdentityField(
        view_name="api:image-content", lookup_field="public_id", lookup_url_kwarg="public_id"
    )

    class Meta:
        model = Image
        fields = [
            "id", "case", "modality", "width", "height", "file_sha256", "pixel_sha256", "spacing_row_mm", "spacing_col_mm",
            "spacing_source", "calibration", "content",
        ]  # fmt: skip


class PathologySerializer(serializers.ModelSerializer[Pathology]):
    class Meta:
        model = Pathology
        fields = ["status", "method"]


class ProvenanceSerializer(serializers.ModelSerializer[Provenance]):
    class Meta:
        model = Provenance
        fields = [
            "centre_number",
            "group",
            "number",
            "archive",
            "files",
            "raw_values",
            "excluded_reason",
            "content_sha256",
        ]


class CaseSerializer(serializers.ModelSerializer[Case]):
    id = serializers.CharField(source="public_id", read_only=True)
    dataset: serializers.SlugRelatedField[Dataset] = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    centre: serializers.SlugRelatedField[Centre] = serializers.SlugRelatedField(slug_field="number", read_only=True)
    patient: serializers.SlugRelatedField[Patient] = serializers.SlugRelatedField(
        slug_field="public_id", read_only=True
    )
    pathology = PathologySerializer(read_only=True, allow_null=True)
    images = ImageSerializer(many=True, read_only=True)

    class Meta:
        model = Case
        fields = ["id", "dataset", "centre", "patient", "state", "markings", "pathology", "images"]


class CaseDetailSerializer(CaseSerializer):
    provenance = ProvenanceSerializer(read_only=True, allow_null=True)

    class Meta(CaseSerializer.Meta):
        fields = [*CaseSerializer.Meta.fields, "provenance"]


class MaskSerializer(serializers.ModelSerializer[Mask]):
    id = serializers.CharField(source="public_id", read_only=True)
    image: serializers.SlugRelatedField[Image] = serializers.SlugRelatedField(slug_field="public_id", read_only=True)
    content = serializers.HyperlinkedIdentityField(
        view_name="api:mask", lookup_field="public_id", lookup_url_kwarg="public_id"
    )

    class Meta:
        model = Mask
        fields = ["id", "image", "structure", "sha256", "area_px", "content"]


class ReferenceReadingSerializer(serializers.ModelSerializer[Reading]):
    """A reading by a reference panel or a model: stored answers, and each feature worked out."""

    id = serializers.CharField(source="public_id", read_only=True)
    case: serializers.SlugRelatedField[Case] = serializers.SlugRelatedField(slug_field="public_id", read_only=True)
    source = serializers.CharField(source="source.name", read_only=True)  # type: ignore[assignment]
    source_kind = serializers.CharField(source="source.kind", read_only=True)
    reference_sets = serializers.SerializerMethodField()
    features = serializers.SerializerMethodField()
    masks = MaskSerializer(many=True, read_only=True)

    class Meta:
        model = Reading
        fields = [
            "id", "case", "source", "source_kind", "reference_sets", "form_version", "state", "answers", "features",
            "score", "call", "remarks", "no_node", "submitted_at", "masks",
        ]  # fmt: skip

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_reference_sets(self, reading: Reading) -> list[str]:
        return [member.reference_set.public_id for member in reading.reference_in.all()]

    @extend_schema_field(serializers.DictField())
    def get_features(self, reading: Reading) -> dict[str, Any]:
        image = next((i for i in reading.case.images.all() if i.modality == Image.Modality.B_MODE), None)
        return resolved_json(resolved(reading, spacing=image.spacing if image else None))
