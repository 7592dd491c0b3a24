"""A case's pictures for those who look at cases: the image, a thumbnail, the fusion image."""

from __future__ import annotations

import io

import numpy as np
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_safe
from PIL import Image as Pillow

from annotations import mask_codec, pictures, store
from annotations.case_pages import mask_of
from annotations.floor_above import note_shown
from annotations.models import Case, Image, Reading
from annotations.picture_responses import picture_etag, picture_response
from annotations.thumbnails import thumbnail
from annotations.views.guards import case_viewers_only


def case_or_404(request: HttpRequest, slug: str, public_id: str) -> Case:
    joined = Case.objects.visible_to(request.user).select_related("dataset", "centre", "pathology", "provenance")
    try:
        return joined.get(dataset__slug=slug, public_id=public_id)
    except Case.DoesNotExist:
        raise Http404 from None


def image_or_404(request: HttpRequest, case: Case) -> Image:
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
def case_image(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    image = image_or_404(request, case_or_404(request, slug, public_id))
    return picture_response(request, image, address=image.public_id)


@require_safe
@case_viewers_only
def case_fusion(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Image times mask, as the published archives hold it: black outside the node."""
    case = case_or_404(request, slug, public_id)
    image = image_or_404(request, case)
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
    image = image_or_404(request, case_or_404(request, slug, public_id))
    etag = picture_etag(f"thumbnail {image.public_id}", image)
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(thumbnail(image.file_sha256), content_type="image/jpeg")
    response["ETag"] = etag
    response["Cache-Control"] = "private, max-age=3600"
    response["Vary"] = "Cookie"
    return response
