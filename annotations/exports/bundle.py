"""A zip that is written once, file by file, the same bytes for the same content; its manifest comes last."""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from annotations.canonical import canonical_json

STAMP = (2026, 1, 1, 0, 0, 0)  # a date of its own would make the same export two different files


class Bundle:
    """Files on their way into one zip; remembers each one's hash and what it is tied to."""

    def __init__(self, archive: zipfile.ZipFile, about: Mapping[str, Any]) -> None:
        self._archive = archive
        self._about = dict(about)
        self._files: list[dict[str, Any]] = []

    def add(self, name: str, content: bytes, **tied_to: Any) -> None:
        """Write one file. `tied_to`: case, reader, revision … as the manifest shall say."""
        # pictures and archives inside are compressed already
        packed = name.endswith((".zip", ".png"))
        info = zipfile.ZipInfo(name, STAMP)
        info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        self._archive.writestr(info, content)
        self._files.append(
            {"file": name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content), **tied_to}
        )

    def note(self, **facts: Any) -> None:
        """Say something in the manifest that is of no one file."""
        self._about.update(facts)

    def close(self) -> None:
        manifest = {**self._about, "files": self._files}
        info = zipfile.ZipInfo("manifest.json", STAMP)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        self._archive.writestr(info, canonical_json(manifest))


@contextmanager
def bundle(path: Path, about: Mapping[str, Any]) -> Iterator[Bundle]:
    """A bundle that appears at `path` only when it is complete; an error leaves nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w") as archive:
            open_bundle = Bundle(archive, about)
            yield open_bundle
            open_bundle.close()
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
