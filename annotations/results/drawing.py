"""A stored Vega-Lite specification drawn on the server, without a browser and without the network."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

FORMATS = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}
VEGA_LITE = "6.4"
PNG_SCALE = 3.0


def drawn(spec: Mapping[str, Any], form: str) -> bytes:
    """The figure's bytes; `form` is a key of FORMATS. On white, for paper, but the SVG, which a page may tint."""
    import vl_convert  # starts a JavaScript engine: only where a figure is drawn

    said = dict(spec)
    if form != "svg":
        said["config"] = {**spec.get("config", {}), "background": "#FFFFFF"}
    text = json.dumps(said)
    if form == "svg":
        return vl_convert.vegalite_to_svg(text, vl_version=VEGA_LITE).encode()
    if form == "png":
        return bytes(vl_convert.vegalite_to_png(text, vl_version=VEGA_LITE, scale=PNG_SCALE))
    return bytes(vl_convert.vegalite_to_pdf(text, vl_version=VEGA_LITE))
