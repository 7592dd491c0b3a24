"""Numbers as printed papers set them: true minus, thin space before units, an interval never without its value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

MINUS, THIN = "\u2212", "\u202f"


def number(value: float | None, digits: int = 2) -> str:
    """With so many digits after the point; "" for None."""
    if value is None:
        return ""
    text = f"{value:.{digits}f}"
    return text.replace("-", MINUS) if float(text) else text.lstrip("-")


def percent(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.0f}{THIN}%"


def with_interval(estimate: Mapping[str, Any], digits: int = 2, *, most: float = float("inf")) -> str:
    """“0.55 [0.21, 0.76]”; the value alone where no interval can be had; “undefined” without a value.

    `most` is where the quantity ends: an upper limit above it is shown as it.
    """
    if estimate["value"] is None:
        return _("undefined")
    interval = estimate["interval"]
    value = number(estimate["value"], digits)
    if not interval:
        return value
    low = number(interval["low"], digits) or f"{MINUS}∞"
    high = "∞" if interval["high"] is None else number(min(interval["high"], most), digits)
    return f"{value} [{low}, {high}]"


def p_value(p: float | None) -> str:
    if p is None:
        return ""
    return "< 0.001" if p < 0.001 else number(p, 3)
