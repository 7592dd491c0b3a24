"""What the page of a finished analysis shows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from annotations.features import FormSchema, form_schema
from annotations.models import Analysis
from annotations.results.accuracy import accuracy_rows, panels
from annotations.results.agreement_table import OVERALL, Table, among_readers, with_reference
from annotations.results.comparison_table import comparisons
from annotations.results.csv_tables import TABLES
from annotations.results.figure_titles import BLAND_ALTMAN, figures_with_titles
from annotations.results.mask_table import extremes, mask_rows
from annotations.results.missing_table import missing_rows
from annotations.results.notes import notes_of
from annotations.results.pair_matrix import dice_matrix, pair_matrix, short
from annotations.results.signs_table import sign_rows
from readers.analysis_cases import hidden_ids, outlined
from readers.models import Study

READERS, REFERENCE = "readers", "reference"


def page_of(analysis: Analysis, study: Study, document: dict[str, Any], request: HttpRequest) -> dict[str, Any]:
    """Everything templates/analyses/detail.html asks."""
    form = form_schema(analysis.inputs["form_version"])
    centres = list(document["went_in"]["by_centre"])
    of = request.GET.get("of", OVERALL)
    of = of if of in centres and len(centres) > 1 else OVERALL
    side = REFERENCE if request.GET.get("with") == REFERENCE else READERS
    table = among_readers(document, form, of) if side == READERS else with_reference(document, form, of)
    hidden = hidden_ids(analysis, request.user)
    figures = figures_with_titles(document, form)
    code = _matrix_feature(document, request.GET.get("feature", ""))
    return {
        "analysis": analysis, "study": study, "document": document, "went_in": document["went_in"], "spec": document["spec"],
        "level_percent": f"{100 * document['spec']['level']:g}",
        "centres": centres, "of": of, "with": side, "table": table, "over": _over(of, table, centres),
        "panels": panels(document), "accuracy": accuracy_rows(document, OVERALL if of == OVERALL else of),
        "matrix": pair_matrix(document, code, _label(form, code)) if code else [],
        "matrix_code": code, "matrix_label": _label(form, code) if code else "", "matrix_choices": _choices(document, form),
        "matrix_heads": [short(str(r["number"])) for r in document["went_in"]["readers"]] + [short("reference")],
        "comparisons": comparisons(document, form),
        "masks": mask_rows(document), "signs": sign_rows(document, form),
        "dice_pairs": [(centre, dice_matrix(document, centre)) for centre in centres] if document["mask_pairs"] else [],
        "worst": outlined(analysis, request.user, extremes(document, without=hidden)) if document["masks"] else [],
        "table_names": sorted(TABLES), "missing": missing_rows(document, form), "notes": notes_of(document),
        "figures": figures,
        "bland_altman": [figure for figure in figures if figure["name"].startswith(BLAND_ALTMAN)],
        "distribution": next((figure for figure in figures if figure["name"] == "masks"), None),
    }  # fmt: skip


def _matrix_feature(document: dict[str, Any], asked: str) -> str:
    """The categorical feature asked for, else the first that some two readers differ on most."""
    pairs = {part["code"]: part["pairs"]["cells"] for part in document["features"] if part["pairs"]}
    if asked in pairs:
        return asked
    return max(pairs, key=lambda code: sum(len(cell["apart"]) for cell in pairs[code]), default="")


def _choices(document: dict[str, Any], form: FormSchema) -> list[tuple[str, str]]:
    return [(part["code"], _label(form, part["code"])) for part in document["features"] if part["pairs"]]


def _label(form: FormSchema, code: str) -> str:
    return str(form.feature(code).label)


def _over(of: str, table: Table, centres: list[str]) -> str:
    """Which cases the figures are of, in words."""
    if of != OVERALL:
        return _("centre %(n)s") % {"n": of}
    if table.overall_is == "pooled":
        return _("all cases pooled, as the spec asks")
    if table.overall_is == "one centre":
        return _("centre %(n)s") % {"n": centres[0]} if centres else ""
    return _("stratified over the centres")
