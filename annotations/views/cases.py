"""A curator's page of one case, its pictures, and the four things a curator does there.

Every sight of the page is noted: it shows the pathology and the reference reading.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from PIL import Image as Pillow

from annotations import mask_codec, pictures, store
from annotations.case_pages import mask_of, neighbours, reference_of
from annotations.case_rows import case_rows
from annotations.curation import MARKINGS, calibrate_image, exclude_case, include_case, remark_in_words, set_markings
from annotations.features import form_schema
from annotations.floor_above import is_read_now, note_shown
from annotations.galleries import facets_of, make_gallery, read_choice
from annotations.models import Case, Image, Provenance, Reading
from annotations.picture_responses import picture_etag, picture_response
from annotations.problems import Problem
from annotations.querysets import is_curator
from annotations.thumbnails import thumbnail
from annotations.views.guards import case_viewers_only, curators_only


def _case(request: HttpRequest, slug: str, public_id: str) -> Case:
    joined = Case.objects.visible_to(request.user).select_related("dataset", "centre", "pathology", "provenance")
    try:
        return joined.get(dataset__slug=slug, public_id=public_id)
    except Case.DoesNotExist:
        raise Http404 from None


def _image(request: HttpRequest, case: Case) -> Image:
    image = (
        Image.objects.visible_to(request.user)
        .select_related("case")
        .filter(case=case, modality="b_mode")
        .order_by("pk")
    )
    found = image.first()
    if found is None:
        raise Http404
    return found


@require_safe
@case_viewers_only
def case_detail(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    case = _case(request, slug, public_id)
    image, schema = _image(request, case), form_schema(case.dataset.form_version)
    provenance = getattr(case, "provenance", None)
    reference = reference_of(request.user, case, image, schema, provenance.raw_values if provenance else {})
    note_shown(request.user, [case.pk], "pathology", "case page")
    note_shown(request.user, [case.pk], "reference", "case page")
    rows = case_rows(request.user, case.dataset)
    facets = facets_of(schema, sorted({(r.centre_number, r.centre_name) for r in rows}))
    gallery = make_gallery(rows, schema, facets, read_choice(facets, request.GET))
    before, after = neighbours([r.public_id for r in gallery.rows], public_id)
    return render(
        request,
        "datasets/case.html",
        {
            "case": case, "image": image, "dataset": case.dataset, "provenance": provenance, "reference": reference,
            "pathology": getattr(case, "pathology", None), "query": gallery.chosen.query(), "before": before, "after": after,
            "markings": [(code, label, code in case.markings) for code, label in MARKINGS.items()],
            "remarks": _remarks(provenance),
            "may_curate": is_curator(request.user), "is_read_now": is_read_now(case.pk), "points": _points(image),
        },
    )  # fmt: skip


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


@require_safe
@case_viewers_only
def case_image(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    image = _image(request, _case(request, slug, public_id))
    return picture_response(request, image, address=image.public_id)


@require_safe
@case_viewers_only
def case_fusion(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Image times mask, as the published archives hold it: black outside the node."""
    case = _case(request, slug, public_id)
    image = _image(request, case)
    shown = Reading.objects.visible_to(request.user).submitted().filter(case=case, source__kind="panel")
    reading = shown.order_by("-submitted_at", "-pk").first()
    mask = mask_of(reading, image) if reading else None
    if mask is None:
        raise Http404
    note_shown(request.user, [case.pk], "reference", "case page")
    pixels = pictures.decode_png(store.read(image.file_sha256)) * mask_codec.decode(bytes(mask.payload))
    out = io.BytesIO()
    Pillow.fromarray(pixels.astype(np.uint8)).save(out, "PNG")
    return HttpResponse(out.getvalue(), content_type="image/png", headers={"Cache-Control": "private, no-cache"})


@require_safe
@case_viewers_only
def case_thumbnail(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """An hour in the browser's own cache, for this log-in alone; the picture of a case never changes."""
    image = _image(request, _case(request, slug, public_id))
    etag = picture_etag(f"thumbnail {image.public_id}", image)
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(thumbnail(image.file_sha256), content_type="image/jpeg")
    response["ETag"] = etag
    response["Cache-Control"] = "private, max-age=3600"
    response["Vary"] = "Cookie"
    return response


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
    case = _case(request, slug, public_id)
    verb = partial(exclude_case, case, request.POST.get("reason", ""), by=request.user)
    return _do(request, slug, public_id, verb, _("The case is left out. What readers submitted of it stays."))


@require_POST
@curators_only
def case_include(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    case = _case(request, slug, public_id)
    verb = partial(include_case, case, request.POST.get("reason", ""), by=request.user)
    return _do(request, slug, public_id, verb, _("The case is in again."))


@require_POST
@curators_only
def case_markings(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    case = _case(request, slug, public_id)
    verb = partial(set_markings, case, request.POST.getlist("markings"), by=request.user)
    return _do(request, slug, public_id, verb, _("The markings are stored."))


@require_POST
@curators_only
def case_calibrate(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    image = _image(request, _case(request, slug, public_id))
    try:
        x1, y1, x2, y2, mm = (
            float(request.POST.get(name, "").replace(",", ".")) for name in ("x1", "y1", "x2", "y2", "mm")
        )
    except ValueError:
        messages.error(request, _("The scale needs two points in px and their distance in mm, all of them numbers."))
        return redirect("case_detail", slug, public_id)
    verb = partial(calibrate_image, image, [x1, y1, x2, y2], mm, by=request.user)
    return _do(request, slug, public_id, verb, _("The scale is stored; the next version you publish has it."))
