"""Which figure stands for a feature: ICC(2,1) or Lin's CCC of numbers, kappa of categories, weighted where they have an order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]
NUMERIC = ("continuous", "score")


def among(part: Json, figures: Json) -> str:
    """The key of the figure that stands for all readers together."""
    if part["kind"] in NUMERIC:
        return "icc"
    return "weighted_fleiss" if "weighted_fleiss" in figures else "fleiss"


def against(part: Json, figures: Json) -> str:
    """The key of the figure that stands for one reader with the reference."""
    if part["kind"] in NUMERIC:
        return "ccc"
    return "weighted_kappa" if "weighted_kappa" in figures else "kappa"
