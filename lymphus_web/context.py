"""What every template may ask of the building."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from lymphus_web.staticfiles import import_map


def building(request: HttpRequest) -> dict[str, Any]:
    """`csp_nonce`, `import_map` (JSON of every module of ours, inline with the nonce), `demo`."""
    return {
        "csp_nonce": getattr(request, "csp_nonce", ""),
        "import_map": import_map,
        "demo": settings.DEMO,
    }
