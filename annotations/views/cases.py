"""A curator's page of one case, and the four things a curator does there.

Every sight of the page is noted: it shows the pathology and the reference reading.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from annotations.case_pages import neighbours, reference_of
from annotations.case_rows import case_rows
from annotations.curation import MARKINGS, calibrate_image, exclude_case, include_case, remark_in_words, set_markings
from annotations.features import FormSchema, form_schema
from annotations.floor_above import is_read_now, note_shown
from annotations.galleries import facets_of, make_gallery, read_choice
from annotations.models import Case, Image, Provenance
from annotations.problems import Problem
from annotations.querysets import is_curator
from annotations.views.case_pictures import case_or_404, image_or_404
from annotations.views.guards import case_viewers_only, curators_only


@require_safe
@case_viewers_only
def case_detail(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    case = case_or_404(request, slug, public_id)
    image, schema = image_or_404(request, case), form_schema(case.dataset.form_version)
    provenance = getattr(case, "provenance", None)
    reference = reference_of(request.user, case, image, schema, provenance.raw_values if provenance else {})
    note_shown(request.user, [case.pk], "pathology", "case page")
    note_shown(request.user, [case.pk], "reference", "case page")
    ids, query = _walked(request, case, schema)
    before, after = neighbours(ids, public_id)
    return render(
        request,
        "datasets/case.html",
        {
            "case": case, "image": image, "dataset": case.dataset, "provenance": provenance, "reference": reference,
            "pathology": getattr(case, "pathology", None), "query": query, "before": before, "after": after,
            "markings": [(code, label, code in case.markings) for code, label in MARKINGS.items()],
            "remarks": _remarks(provenance),
            "may_curate": is_curator(request.user), "is_read_now": is_read_now(case.pk), "points": _points(image),
        },
    )  # fmt: skip


def _walked(request: HttpRequest, case: Case, schema: FormSchema) -> tuple[list[str], str]:
    """The cases one walks through from here, in order, and their choice as an address: the gallery's, or all of them."""
    if not request.GET:
        every = Case.objects.visible_to(request.user).filter(dataset=case.dataset)
        return list(every.order_by("public_id").values_list("public_id", flat=True)), ""
    rows = case_rows(request.user, case.dataset)
    facets = facets_of(schema, sorted({(r.centre_number, r.centre_name) for r in rows}))
    gallery = make_gallery(rows, schema, facets, read_choice(facets, request.GET))
    return [row.public_id for row in gallery.rows], gallery.chosen.query()


def _remarks(provenance: Provenance | None) -> list[dict[str, Any]]:
    """Newest first, with the time as a time."""
    kept = provenance.remarks if provenance else []
    return [
        remark | {"when": parse_datetime(remark.get("at", "")), "text": remark_in_words(remark)}
        for remark in reversed(kept)
    ]


def _points(image: Image) -> list[tuple[str, str, Any]]:
    """Name, label and stored value of the four number fields."""
    stored = image.calibration["points"] if image.calibration else ["", "", "", ""]
    labels = (_("First point, x"), _("First point, y"), _("Second point, x"), _("Second point, y"))
    return [(name, label, value) for name, label, value in zip(("x1", "y1", "x2", "y2"), labels, stored)]


def _do(request: HttpRequest, slug: str, public_id: str, verb: Callable[[], Any], done: str) -> HttpResponse:
    """Run a verb, say what happened, and go back to the case's page with the address's choice kept."""
    try:
        changed = verb()
    except Problem as problem:
        messages.error(request, problem.detail)
    else:
        messages.success(request, _("Nothing changed.") if changed is False else done)
    query = request.GET.urlencode()
    return redirect(reverse("case_detail", args=[slug, public_id]) + (f"?{query}" if query else ""))


@require_POST
@curators_only
def case_exclude(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    case = case_or_404(request, slug, public_id)
    verb = partial(exclude_case, case, request.POST.get("reason", ""), by=request.user)
    return _do(request, slug, public_id, verb, _("The case is left out. What readers submitted of it stays."))


@require_POST
@curators_only
def case_include(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    case = case_or_404(request, slug, public_id)
    verb = partial(include_case, case, request.POST.get("reason", ""), by=request.user)
    return _do(request, slug, public_id, verb, _("The case is in again."))


@require_POST
@curators_only
def case_markings(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    case = case_or_404(request, slug, public_id)
    verb = partial(set_markings, case, request.POST.getlist("markings"), by=request.user)
    return _do(request, slug, public_id, verb, _("The markings are stored."))


@require_POST
@curators_only
def case_calibrate(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    image = image_or_404(request, case_or_404(request, slug, public_id))
    try:
        x1, y1, x2, y2, mm = (
            float(request.POST.get(name, "").replace(",", ".")) for name in ("x1", "y1", "x2", "y2", "mm")
        )
    except ValueError:
        messages.error(request, _("The scale needs two points in px and their distance in mm, all of them numbers."))
        return redirect("case_detail", slug, public_id)
    verb = partial(calibrate_image, image, [x1, y1, x2, y2], mm, by=request.user)
    return _do(request, slug, public_id, verb, _("The scale is stored; the next version you publish has it."))
