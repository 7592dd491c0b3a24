"""Static files are collected for `make run` only when one of them has changed: hashing and compressing them takes seconds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import storage
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise import storage as compressing

from lymphus_web import js_comments, staticfiles

MARK = ".collected"
HOW = (storage, compressing, js_comments, staticfiles)


def collect_if_changed() -> bool:
    """Whether they had to be collected. What is there already stays if it was made of the same files in the same way."""
    root, made_of = Path(settings.STATIC_ROOT), fingerprint()
    mark = root / MARK
    if mark.is_file() and mark.read_text() == made_of and (root / "staticfiles.json").is_file():
        return False
    mark.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    mark.write_text(made_of)
    return True


def fingerprint() -> str:
    """Of the name, size and time of change of every static file, and of the modules that decide how they are stored."""
    how = [(module.__name__, Path(str(module.__file__))) for module in HOW]
    found = hashlib.sha256(settings.STATIC_URL.encode())
    for name, path in sorted([*_sources(), *how]):
        state = path.stat()
        found.update(f"{name} {state.st_size} {state.st_mtime_ns}\n".encode())
    return found.hexdigest()


def _sources() -> Iterator[tuple[str, Path]]:
    for finder in get_finders():
        for name, kept in finder.list([]):
            yield name, Path(kept.path(name))
