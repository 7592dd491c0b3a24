"""The cases behind a figure: those on which sides differ, all masks by Dice, and one case with both outlines and answers."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from annotations.models import Analysis, Case, Image
from annotations.picture_responses import picture_response
from annotations.results.forms import form_of_analysis
from annotations.results.mask_table import Extreme, extremes
from annotations.results.sides import long
from readers.analyses import study_of
from readers.analysis_answers import answer_rows, feature_row
from readers.analysis_cases import hidden_ids, image_of, material_of, note_cases_shown, outlined, picture, shown_cases
from readers.views.analyses import finished, found_analysis
from readers.views.analysis_arms import arm_query, view_asked

PER_PAGE = 24


@login_required
@require_safe
@never_cache
def analysis_case(request: HttpRequest, public_id: str, case: str) -> HttpResponse:
    """One case: a reader's outline and the reference's over the image, all answers side by side, the pathology."""
    analysis, document = finished(request, public_id)
    view = view_asked(request, document)
    shown = _shown(request, analysis, case)
    material = material_of(analysis, [case], view["arm"]["number"])
    numbers = [reader["number"] for reader in material.readers]
    asked = request.GET.get("reader", "")
    number = int(asked) if asked.isdecimal() and int(asked) in numbers else next(iter(numbers), None)
    dice = {part["reader"]: row for part in view["masks"] or [] for row in part["cases"] if row["case"] == case}
    figures = dice.get(number)
    row = None if number is None else numbers.index(number)
    extreme = Extreme(case, number or 0, figures["dice"] if figures else None, not (figures and figures["not_drawn"]))
    note_cases_shown(request.user, shown_cases(analysis, request.user, [case]), analysis, "pathology", "reference")
    context = {
        "analysis": analysis, "study": study_of(analysis), "case": shown,
        "keep": arm_query(request, document), "number": number, "numbers": numbers,
        "picture": picture(material, 0, row, extreme, whole=True), "figures": figures,
        "rows": answer_rows(material, 0), "pathology": material.cases[0]["pathology"],
        "centre": material.cases[0]["centre"], "spacing": material.cases[0]["spacing"],
    }  # fmt: skip
    return render(request, "analyses/case.html", context)


@login_required
@require_safe
def analysis_case_image(request: HttpRequest, public_id: str, case: str) -> HttpResponse:
    """The case's pixels, at an address of the analysis."""
    analysis = found_analysis(request, public_id)
    try:
        image = image_of(analysis, _shown(request, analysis, case))
    except Image.DoesNotExist:
        raise Http404 from None
    return picture_response(request, image, address=f"{analysis.public_id}/{case}")


@login_required
@require_safe
@never_cache
def analysis_masks(request: HttpRequest, public_id: str) -> HttpResponse:
    """All masks with the reference's, the lowest Dice first."""
    analysis, document = finished(request, public_id)
    view = view_asked(request, document)
    if not view["masks"]:
        raise Http404
    best, arm = request.GET.get("order") == "best", view["arm"]["number"]
    found = extremes(view, count=None, best=best, without=hidden_ids(analysis, request.user))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "analysis": analysis, "study": study_of(analysis), "page": page, "best": best,
        "pictures": outlined(analysis, request.user, list(page.object_list), arm),
        "keep": arm_query(request, document),
        "query": arm_query(request, document) + ("order=best&" if best else ""),
    }  # fmt: skip
    return render(request, "analyses/masks.html", context)


@login_required
@require_safe
@never_cache
def analysis_differing(request: HttpRequest, public_id: str, code: str) -> HttpResponse:
    """The cases on which sides differ in one feature: of the pair `one`, `two`, or of any two readers."""
    analysis, document = finished(request, public_id)
    view = view_asked(request, document)
    part = next((p for p in view["features"] if p["code"] == code and p["pairs"]), None)
    if part is None or analysis.kind == Analysis.Kind.TABLE:
        raise Http404
    one, two = request.GET.get("one", ""), request.GET.get("two", "")
    ids = _apart(part, one, two)
    cases = shown_cases(analysis, request.user, ids)
    page = Paginator(list(cases.order_by("public_id").values_list("public_id", flat=True)), 100).get_page(
        request.GET.get("page")
    )
    context = {
        "analysis": analysis, "study": study_of(analysis), "page": page, "who": _who(one, two),
        "keep": arm_query(request, document),
        "query": arm_query(request, document) + (f"one={one}&two={two}&" if one and two else ""),
        "numbers": part["pairs"]["labels"][:-1],
        "label": form_of_analysis(analysis).feature(code).label,
        "rows": _rows(analysis, request, code, list(page.object_list), view["arm"]["number"]),
        "reader": one if one.isdecimal() else "",
    }  # fmt: skip
    return render(request, "analyses/differing.html", context)


def _rows(analysis: Analysis, request: HttpRequest, code: str, ids: list[str], arm: int) -> list[dict[str, Any]]:
    material = material_of(analysis, ids, arm)
    note_cases_shown(request.user, shown_cases(analysis, request.user, ids), analysis, "reference")
    rows = []
    for column, case in enumerate(material.cases):
        sides = [material.said.get((row, column)) for row in range(len(material.readers))]
        answers = feature_row(material.form, code, material.reference.get(column), sides)
        rows.append({"case": case["id"], "centre": case["centre"], "answers": answers})
    return rows


def _apart(part: dict[str, Any], one: str, two: str) -> set[str]:
    cells = part["pairs"]["cells"]
    if one and two:
        chosen = [cell for cell in cells if set(cell["readers"]) == {one, two}]
        if not chosen:
            raise Http404
    else:
        chosen = [cell for cell in cells if "reference" not in cell["readers"]]
    return {case for cell in chosen for case in cell["apart"]}


def _who(one: str, two: str) -> str:
    if not (one and two):
        return _("not all readers alike")
    return _("%(one)s and %(two)s apart") % {"one": long(one), "two": long(two)}


def _shown(request: HttpRequest, analysis: Analysis, case: str) -> Case:
    try:
        return shown_cases(analysis, request.user, [case]).select_related("centre").get()
    except Case.DoesNotExist:
        raise Http404 from None
