"""The form whose features a result is of: the one its readings were made under, or that of a table's schema."""

from __future__ import annotations

from annotations.analyses.frozen_inputs import is_table
from annotations.analyses.tables.form import form_of
from annotations.analyses.tables.schema import table_schema
from annotations.features import FormSchema, form_schema
from annotations.models import Analysis


def form_of_analysis(analysis: Analysis) -> FormSchema:
    """Names, groups and kinds of the features."""
    if is_table(analysis.inputs):
        return form_of(table_schema(analysis.inputs["schema"]))
    return form_schema(analysis.inputs["form_version"])
