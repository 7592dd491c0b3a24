"""Static files: hashed names in every form; and the import map that lets plain modules import each other by them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.base import ContentFile
from django.utils.safestring import SafeString, mark_safe
from whitenoise.storage import CompressedManifestStaticFilesStorage

from lymphus_web.js_comments import without_comments_and_indents


class Storage(CompressedManifestStaticFilesStorage):
    """Hashed, compressed. `manifest_strict` stays on: a missing file is an error at once, not a 404 in front of a reader.

    Our own modules are stored without their comments; what others made stays byte for byte.
    """

    def _save(self, name: str, content: Any) -> str:
        if name.replace("\\", "/") in _own_scripts():
            content = ContentFile(without_comments_and_indents(content.read().decode()).encode())
        return str(super()._save(name, content))

    def post_process(self, paths: dict[str, tuple[Any, str]], *args: Any, **kwargs: Any) -> Iterator[Any]:
        """Django hashes each file from where it was found; our modules are hashed as they were stored, without comments."""
        own = {name: (self, name) for name in paths if name.replace("\\", "/") in _own_scripts()}
        yield from super().post_process({**paths, **own}, *args, **kwargs)


@cache
def _own_scripts() -> frozenset[str]:
    root = Path(settings.BASE_DIR) / "static"
    names = (p.relative_to(root).as_posix() for p in root.rglob("*.js"))
    return frozenset(n for n in names if "vendor/" not in n)


def _modules() -> list[str]:
    """Every module of ours below static/, as static names ("reading/mask.js")."""
    root = Path(settings.BASE_DIR) / "static"
    names = (p.relative_to(root).as_posix() for p in root.rglob("*.js"))
    return sorted(n for n in names if "vendor/" not in n or n.endswith(".module.js"))


@cache
def import_map() -> SafeString:
    """JSON for `<script type="importmap">`: each module by its plain path and by its bare name, to its hashed URL."""
    imports: dict[str, str] = {}
    for name in _modules():
        url = staticfiles_storage.url(name)
        imports[settings.STATIC_URL + name] = url
        imports[name] = url
    text = json.dumps({"imports": imports}, sort_keys=True)
    return mark_safe(text.replace("<", "\\u003c"))
