"""Ask for an analysis; the caller freezes what goes into it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from annotations import bell
from annotations.analyses.frozen_inputs import inputs_sha256
from annotations.analyses.material import arms_of
from annotations.analyses.spec import Known, complete_spec, upgraded
from annotations.analyses.tables.work import complete_table_spec, table_inputs
from annotations.analyses.version_inputs import version_inputs, version_spec
from annotations.features import form_schema
from annotations.models import Analysis, DatasetVersion
from annotations.problems import InvalidSpec


@transaction.atomic
def request_analysis(
    *, title: str, spec: dict[str, Any], inputs: dict[str, Any], dataset_version: DatasetVersion | None, by: Any
) -> Analysis:
    """Freeze the question about a study's readings with its inputs and ring the bell on commit. The caller freezes in the same
    transaction.

    Raises InvalidSpec.
    """
    if not inputs["cases"] or not inputs["readers"]:
        raise InvalidSpec("There is no submitted reading to analyse.")
    return _request(Analysis.Kind.STUDY, title, spec, inputs, dataset_version, by)


@transaction.atomic
def request_version_analysis(version: DatasetVersion, *, spec: dict[str, Any], by: Any) -> Analysis:
    """Freeze what a published version holds and ask about it: each feature of its reference against the pathology, and the
    agreement of the dataset's other reference sets, of which there may be none.

    Raises InvalidSpec, InputsChanged.
    """
    asked = version_spec(version, spec)
    inputs = version_inputs(version, upgraded(asked))
    with override(settings.LANGUAGE_CODE):  # what is stored may not depend on who asks
        title = str(version)[:200]
    return _request(Analysis.Kind.VERSION, title, asked, inputs, version, by)


def _request(
    kind: Analysis.Kind, title: str, spec: dict[str, Any], inputs: dict[str, Any], version: DatasetVersion | None, by: Any
) -> Analysis:  # fmt: skip
    known = Known([reader["number"] for reader in inputs["readers"]], [arm["number"] for arm in arms_of(inputs)])
    full = complete_spec(spec, form_schema(inputs["form_version"]), known)
    analysis = Analysis.objects.create(
        kind=kind,
        title=title,
        spec=full,
        inputs=inputs,
        inputs_sha256=inputs_sha256(inputs),
        dataset_version=version,
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
