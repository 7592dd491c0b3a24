"""Handing over the pixels: never a file name, never a content hash, which could be looked up in a public archive."""

from __future__ import annotations

import hashlib
import hmac
import io
from pathlib import Path

import numpy as np
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from PIL import Image as Pillow

from annotations import mask_codec, store
from annotations.models import Image, Mask


def picture_response(request: HttpRequest, image: Image, *, address: str) -> HttpResponse:
    """The stored PNG, or 304. `address` (an assignment's or image's id) goes into the ETag, so that no two agree by it."""
    etag = picture_etag(address, image)
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponse = HttpResponseNotModified()
    elif settings.ACCEL_PREFIX:
        response = HttpResponse(content_type="image/png")
        inside = store.store_path(image.file_sha256).relative_to(Path(settings.MEDIA_ROOT))
        response["X-Accel-Redirect"] = f"{settings.ACCEL_PREFIX.rstrip('/')}/{inside}"
    else:
        response = HttpResponse(store.read(image.file_sha256), content_type="image/png")
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response


def mask_response(mask: Mask) -> HttpResponse:
    """The mask as PNG: 8-bit grey, 255 where the node is, the size of its image."""
    out = io.BytesIO()
    Pillow.fromarray(mask_codec.decode(bytes(mask.payload)) * np.uint8(255)).save(out, "PNG")
    response = HttpResponse(out.getvalue(), content_type="image/png")
    response["Cache-Control"] = "private, no-cache"
    return response


def picture_etag(address: str, image: Image) -> str:
    """An entity tag that says nothing of the content and agrees with that of no other address."""
    text = f"picture\0{address}\0{image.file_sha256}".encode()
    return f'"{hmac.new(settings.SECRET_KEY.encode(), text, hashlib.sha256).hexdigest()[:32]}"'
