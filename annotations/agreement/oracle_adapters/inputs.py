"""The oracles' inputs and options in our forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from annotations.agreement.bland_altman import Z95
from annotations.agreement.measurements import Measurements
from annotations.agreement.ratings import Ratings

Options = Mapping[str, Any]
Input = Mapping[str, Any]


def ratings_of(given: Input) -> Ratings:
    """From `ratings`, `table` or `counts`, over the declared categories."""
    if "table" in given:
        return Ratings.from_table(given["table"], given.get("categories"))
    if "counts" in given:
        return Ratings.from_counts(given["counts"], given.get("categories"))
    return Ratings.from_labels(given["ratings"], given["categories"])


def measurements_of(given: Input) -> Measurements:
    return Measurements.from_rows(given["measurements"])


def level_of(options: Options) -> float:
    return float(options.get("confidence_level", 0.95))


def weighting_of(options: Options) -> dict[str, Any]:
    return {"weights": options.get("weights", "unweighted"), "scores": options.get("category_scores", "rank")}


def factor_of(options: Options) -> float:
    """Of the limits of agreement, named in words; 1.959964 stands for the normal quantile."""
    said = str(options.get("loa_factor", "1.959964")).split(" ")[0]
    return Z95 if said == "1.959964" else float(said)
