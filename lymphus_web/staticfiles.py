"""Static files: hashed names in every form; and the import map that lets plain modules import each other by them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.safestring import SafeString, mark_safe
from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):
    """Hashed, compressed. `manifest_strict` stays on: a missing file is an error at once, not a 404 in front of a reader."""


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
