"""What the page of a finished analysis shows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from annotations.analyses.arm_views import arm_views
from annotations.features import FormSchema
from annotations.models import Analysis
from annotations.results.accuracy import accuracy_tables, roc_panels
from annotations.results.agreement_table import OVERALL, Table, among_readers, has_among, has_reference, with_reference
from annotations.results.arms_table import arms_compared
from annotations.results.comparison_table import comparisons
from annotations.results.figure_titles import figures_with_titles, shown_figure
from annotations.results.forms import form_of_analysis
from annotations.results.intra_table import intra_tables
from annotations.results.mask_table import consensus_of, extremes, mask_rows
from annotations.results.missing_table import missing_rows
from annotations.results.notes import notes_of, warnings_of
from annotations.results.numbering import Numbering
from annotations.results.pair_matrix import dice_matrix, pair_matrix
from annotations.results.sides import short
from annotations.results.signs_table import sign_rows
from annotations.results.tables import tables_with_rows
from annotations.results.went_in import went_in_of
from readers.analysis_cases import hidden_ids, outlined
from readers.models import Study
from readers.views.analysis_arms import arm_query, view_asked

READERS, REFERENCE = "readers", "reference"


def page_of(
    analysis: Analysis, study: Study | None, document: dict[str, Any], request: HttpRequest
) -> dict[str, Any]:  # fmt: skip
    """Everything templates/analyses/detail.html asks."""
    form, view = form_of_analysis(analysis), view_asked(request, document)
    went_in = view["went_in"]
    centres = list(went_in["by_centre"])
    of = request.GET.get("of", OVERALL)
    of = of if of in centres and len(centres) > 1 else OVERALL
    side, table = _agreement(view, form, of, request.GET.get("with", ""))
    return {
        "analysis": analysis, "study": study, "document": document, "view": view, "went_in": went_in,
        "spec": document["spec"], "level_percent": f"{100 * document['spec']['level']:g}",
        "interchangeable": document.get("of") == "table" and document["went_in"]["readers"] is None,
        "n_readers": len(went_in["readers"]) or went_in.get("readings_per_case_at_most", 0),
        "unscaled": _unscaled(document), "scaled": went_in.get("scaled"),
        "arms": [own["arm"] for own in arm_views(document)], "arm": view["arm"], "keep": arm_query(request, document),
        "centres": centres, "of": of, "with": side, "table": table, "over": _over(of, table, centres),
        "has_reference": has_reference(view), "has_among": has_among(view), "of_version": went_in_of(document),
        "has_cases": analysis.kind != Analysis.Kind.TABLE,
        "roc": roc_panels(document, form), "accuracy": accuracy_tables(view, form, of),
        "arms_compared": arms_compared(document, form), "intra": intra_tables(view, form, of),
        "comparisons": comparisons(view, form),
        "missing": missing_rows(view, form), "notes": notes_of(document), "warned": warnings_of(document),
        "numbering": Numbering(), "table_names": tables_with_rows(document, form),
        **_matrix(view, form, request.GET.get("feature", "")), **_figures(document, form, view),
        **_masks(analysis, view, form, request, centres),
    }  # fmt: skip


def _unscaled(document: dict[str, Any]) -> int:
    """Images whose diameters were not compared for want of a scale. Reference readings have theirs in mm without one."""
    went_in = document["went_in"]
    return went_in["cases"] - went_in["scaled"] if "scaled" in went_in and document.get("of") != "version" else 0


def _agreement(view: dict[str, Any], form: FormSchema, of: str, asked: str) -> tuple[str, Table | None]:
    """Which of the two tables, and it; None where there is no reading but the reference."""
    if has_reference(view) and (asked == REFERENCE or not has_among(view)):
        return REFERENCE, with_reference(view, form, of)
    return READERS, among_readers(view, form, of) if has_among(view) else None


def _matrix(view: dict[str, Any], form: FormSchema, asked: str) -> dict[str, Any]:
    code = _matrix_feature(view, asked)
    part = next((p for p in view["features"] if p["code"] == code), None)
    return {
        "matrix": pair_matrix(view, code, _label(form, code)) if code else [],
        "matrix_code": code, "matrix_label": _label(form, code) if code else "", "matrix_choices": _choices(view, form),
        "matrix_heads": [short(label) for label in part["pairs"]["labels"]] if part else [],
    }  # fmt: skip


def _figures(document: dict[str, Any], form: FormSchema, view: dict[str, Any]) -> dict[str, Any]:
    figures = figures_with_titles(document, form)
    labels = {view["arm"]["number"]: view["arm"]["label"] for view in arm_views(document)}
    own = [figure for figure in figures if figure["arm"] in (None, view["arm"]["number"])]
    shown = [shown_figure(f, document) for f in own if f["name"] == "masks" or f["name"].startswith("bland-altman-")]
    return {
        "figures": [{**figure, "file": _file(figure, labels)} for figure in figures],
        "bland_altman": [figure for figure in shown if figure["name"].startswith("bland-altman-")],
        "distribution": next((figure for figure in shown if figure["name"] == "masks"), None),
    }


def _file(figure: dict[str, Any], arms: dict[int, str]) -> str:
    """A picture's name; where each arm has one, with the arm's."""
    return str(figure["name"]) if figure["arm"] is None else f"{figure['name']}, {arms[figure['arm']]}"


def _masks(
    analysis: Analysis, view: dict[str, Any], form: FormSchema, request: HttpRequest, centres: list[str]
) -> dict[str, Any]:  # fmt: skip
    if not view["masks"]:
        return {"masks": [], "signs": sign_rows(view, form), "dice_pairs": [], "worst": [], "consensus": None}
    lowest = extremes(view, without=hidden_ids(analysis, request.user))
    return {
        "masks": mask_rows(view), "signs": sign_rows(view, form), "consensus": consensus_of(view),
        "dice_pairs": [(centre, dice_matrix(view, centre)) for centre in centres] if view["mask_pairs"] else [],
        "worst": outlined(analysis, request.user, lowest, view["arm"]["number"]),
    }  # fmt: skip


def _matrix_feature(view: dict[str, Any], asked: str) -> str:
    """The categorical feature asked for, else the first that some two readers differ on most."""
    pairs = {part["code"]: part["pairs"]["cells"] for part in view["features"] if part["pairs"]}
    if asked in pairs:
        return asked
    return max(pairs, key=lambda code: sum(len(cell["apart"]) for cell in pairs[code]), default="")


def _choices(view: dict[str, Any], form: FormSchema) -> list[tuple[str, str]]:
    return [(part["code"], _label(form, part["code"])) for part in view["features"] if part["pairs"]]


def _label(form: FormSchema, code: str) -> str:
    return str(form.feature(code).label)


def _over(of: str, table: Table | None, centres: list[str]) -> str:
    """Which cases the figures are of, in words."""
    if table is None:
        return ""
    if of != OVERALL:
        return _("centre %(n)s") % {"n": of}
    if table.overall_is == "pooled":
        return _("all cases pooled, as the spec asks")
    if table.overall_is == "one centre":
        return _("centre %(n)s") % {"n": centres[0]} if centres and centres[0] else _("all cases")
    return _("stratified over the centres")
