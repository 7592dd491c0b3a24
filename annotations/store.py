"""The content-addressed store of images: outside any served folder, named by what the file holds.

A file is written once, under a temporary name, then renamed: a crash leaves no half file under a true name.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings


def store_path(sha256: str) -> Path:
    """Where the file of that hash lies, whether or not it is there."""
    return Path(settings.MEDIA_ROOT) / "images" / sha256[:2] / f"{sha256}.png"


def put(content: bytes) -> str:
    """Keep these bytes; returns their SHA-256. Keeping them twice changes nothing."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = store_path(sha256)
    if path.exists():
        return sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return sha256


def read(sha256: str) -> bytes:
    """The stored bytes. Raises FileNotFoundError."""
    return store_path(sha256).read_bytes()
