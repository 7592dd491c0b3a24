"""The three quantities beside each other. A contradiction is a warning, never a correction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from annotations.imports import cells
from annotations.imports.findings import Key, Report

if TYPE_CHECKING:
    from annotations.imports.rows import Place

# the sheets give diameters to 0.1 mm and the ratio to 0.01: half a last digit each, and a little for the second rounding
DIAMETER_ROUNDING_MM, RATIO_ROUNDING = 0.05, 0.0061


def ratio_range(shortest_mm: float, longest_mm: float) -> tuple[float, float]:
    """Lowest and highest ratio that the rounded diameters allow.

    >>> tuple(round(x, 3) for x in ratio_range(7.2, 14.5))
    (0.485, 0.508)
    """
    low = (shortest_mm - DIAMETER_ROUNDING_MM) / (longest_mm + DIAMETER_ROUNDING_MM) - RATIO_ROUNDING
    high = (shortest_mm + DIAMETER_ROUNDING_MM) / max(longest_mm - DIAMETER_ROUNDING_MM, 1e-9) + RATIO_ROUNDING
    return low, high


def check_quantities(
    answers: dict[str, dict[str, Any]], by_code: dict[str, Any], place: Place, key: Key, report: Report
) -> None:
    """Compare diameters and ratio; a ratio outside (0, 1] is taken out of `answers`, because it is no ratio."""
    longest, shortest = (answers.get(c, {}).get("value", {}).get("mm") for c in ("max_diameter_mm", "min_diameter_mm"))
    where: dict[str, Any] = {"file": place.file, "row": place.row, "case": key}
    if longest is not None and shortest is not None and shortest > longest:
        report.add(
            "max_below_min",
            "refused",
            column=place.columns.header["min_diameter_mm"],
            value=cells.clean(by_code["min_diameter_mm"]),
            probably=_("exchanged with it"),
            sentence=_("The min. diameter, %(min)g, is greater than the max., %(max)g.")
            % {"min": shortest, "max": longest},
            **where,
        )
        return
    ratio = answers.get("aspect_ratio", {}).get("value")
    if ratio is None:
        return
    where |= {"column": place.columns.header["aspect_ratio"], "value": cells.clean(by_code["aspect_ratio"])}
    if not 0 < ratio <= 1:
        del answers["aspect_ratio"]
        inverse = bool(longest and shortest and abs(ratio - longest / shortest) < 0.02 * ratio)
        report.add(
            "aspect_contradiction",
            "look",
            probably=_("max / min") if inverse else "",
            sentence=_(
                "%g is no ratio of min. to max. diameter; it is left out, and the ratio comes from the diameters."
            )
            % ratio,
            **where,
        )
    elif longest and shortest:
        low, high = ratio_range(shortest, longest)
        if not low <= ratio <= high:
            report.add(
                "aspect_contradiction",
                "look",
                probably=_("digits exchanged, in it or in a diameter"),
                sentence=_("The sheet says %(said)g, but %(min)g / %(max)g = %(ratio).2f. It is stored as published.")
                % {"said": ratio, "min": shortest, "max": longest, "ratio": shortest / longest},
                **where,
            )
