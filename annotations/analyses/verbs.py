"""Ask for an analysis; the caller freezes what goes into it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from annotations import bell
from annotations.analyses.frozen_inputs import inputs_sha256
from annotations.analyses.material import arms_of
from annotations.analyses.spec import Known, complete_spec
from annotations.analyses.tables.work import complete_table_spec, table_inputs
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
    known = Known([reader["number"] for reader in inputs["readers"]], [arm["number"] for arm in arms_of(inputs)])
    full = complete_spec(spec, form_schema(inputs["form_version"]), known)
    if not inputs["cases"] or not inputs["readers"]:
        raise InvalidSpec("There is no submitted reading to analyse.")
    analysis = Analysis.objects.create(
        title=title,
        spec=full,
        inputs=inputs,
        inputs_sha256=inputs_sha256(inputs),
        dataset_version=dataset_version,
        requested_by=by,
    )
    bell.ring()
    return analysis


@transaction.atomic
def request_table_analysis(
    content: bytes, schema: Any, *, spec: dict[str, Any], by: Any, title: str = "", for_every_lead: bool = False,
    files: tuple[str, str] = ("", ""),
) -> Analysis:  # fmt: skip
    """Freeze a table of ratings with its schema and ring the bell on commit. The title is the schema's unless given;
    `files` are the names of both.

    Raises InvalidSpec that names the file and line and column, the entry of the schema or that of the spec.
    """
    inputs = table_inputs(content, schema, files)
    full = complete_table_spec(spec)
    analysis = Analysis.objects.create(
        kind=Analysis.Kind.TABLE,
        title=(title or str(inputs["schema"].get("title", "")) or _("Table of ratings"))[:200],
        spec=full,
        inputs=inputs,
        inputs_sha256=inputs_sha256(inputs),
        requested_by=by,
        for_every_lead=for_every_lead,
    )
    bell.ring()
    return analysis
