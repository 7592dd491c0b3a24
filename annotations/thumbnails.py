"""Small grey pictures for galleries, made once and kept below the work folder under the hash of what they were made from."""

from __future__ import annotations

import io
import os
import tempfile
from pathlib import Path

from django.conf import settings
from PIL import Image as Pillow

from annotations import store

# px of the longer side: twice what a gallery shows, for dense screens
SIDE = 360
QUALITY = 82


def thumbnail(sha256: str) -> bytes:
    """JPEG of the stored image of that hash. Raises FileNotFoundError."""
    path = thumbnail_path(sha256)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        made = _make(store.read(sha256))
    path.parent.mkdir(parents=True, exist_ok=True)
    # renamed when whole: two requests at once each write their own, and either is right
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(handle, "wb") as file:
        file.write(made)
    os.replace(temporary, path)
    return made


def thumbnail_path(sha256: str) -> Path:
    return Path(settings.WORK_ROOT) / "thumbnails" / str(SIDE) / sha256[:2] / f"{sha256}.jpg"


def _make(content: bytes) -> bytes:
    out = io.BytesIO()
    with Pillow.open(io.BytesIO(content), formats=["PNG"]) as image:
        small = image.convert("L")
        small.thumbnail((SIDE, SIDE), Pillow.Resampling.LANCZOS)
        small.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
