"""The features of a table as a form, so that figures and pages name them as they name a study's."""

from __future__ import annotations

from annotations.analyses.tables.schema import TableFeature, TableSchema
from annotations.features import Feature, FormSchema, Group, Kind, Value


def form_of(schema: TableSchema) -> FormSchema:
    """One group without a name; an order of categories and a score's range are what the result says, not the form."""
    features = tuple(_feature(feature) for feature in schema.features)
    return FormSchema("table", "table-1", schema.title, (Group("table", ""),), features)


def _feature(feature: TableFeature) -> Feature:
    scale = feature.scale
    kind: Kind = "continuous" if scale.numeric else "binary" if scale.kind == "binary" else "nominal"
    values = tuple(Value(str(code), str(code), "") for code in scale.categories)
    return Feature(feature.code, "table", feature.label, feature.label, kind, "", values, feature.unit, source="")
