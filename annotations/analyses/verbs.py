"""Ask for an analysis; ask it to stop."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from annotations import bell
from annotations.analyses.spec import complete_spec
from annotations.canonical import sha256_of
from annotations.features import form_schema
from annotations.models import Analysis, DatasetVersion
from annotations.problems import InvalidSpec


@transaction.atomic
def request_analysis(
    *, title: str, spec: dict[str, Any], inputs: dict[str, Any], dataset_version: DatasetVersion | None, by: Any
) -> Analysis:
    """Freeze the question with its inputs and ring the bell on commit. The caller freezes in the same transaction.

    Raises InvalidSpec.
    """
    numbers = [reader["number"] for reader in inputs["readers"]]
    full = complete_spec(spec, form_schema(inputs["form_version"]), numbers)
    if not inputs["cases"] or not inputs["readers"]:
        raise InvalidSpec("There is no submitted reading to analyse.")
    analysis = Analysis.objects.create(
        title=title,
        spec=full,
        inputs=inputs,
        inputs_sha256=sha256_of(inputs),
        dataset_version=dataset_version,
        requested_by=by,
    )
    bell.ring()
    return analysis
