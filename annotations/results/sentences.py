"""One figure as a sentence that can stand in a manuscript: what it is, value, interval, n, estimator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from annotations.results.methods import method_in_words
from annotations.results.numbers import THIN, number, p_value
from annotations.results.reasons import in_words

DIGITS = 3


def sentence_of(estimate: Mapping[str, Any], title: str) -> str:
    """“Cohen κ, …: 0.553 (95 % CI 0.210 to 0.761, normal; 60 cases, 2 readers; unweighted, Cohen 1960).”"""
    inside = "; ".join(
        part for part in (_interval(estimate), counted(estimate), method_in_words(estimate["estimator"])) if part
    )
    if estimate["value"] is None:
        said = _("undefined, %(reason)s") % {"reason": in_words(estimate["undefined"])}
    else:
        said = number(estimate["value"], DIGITS)
    p = p_value(estimate["p"])
    test = "" if not p else f", p {p}" if p.startswith("<") else f", p = {p}"
    return f"{title}: {said} ({inside}){test}."


def _interval(estimate: Mapping[str, Any]) -> str:
    interval = estimate["interval"]
    if not interval:
        return ""
    low = "−∞" if interval["low"] is None else number(interval["low"], DIGITS)
    high = "∞" if interval["high"] is None else number(interval["high"], DIGITS)
    words = {"level": f"{100 * interval['level']:g}{THIN}%", "low": low, "high": high}
    said = _("%(level)s CI %(low)s to %(high)s") % words
    return f"{said}, {method_in_words(interval['method'])}" if interval["method"] else said


def counted(estimate: Mapping[str, Any]) -> str:
    """How many cases and readers, and how many ratings were missing, in words."""
    n = estimate["n"]
    parts = [ngettext("%(n)d case", "%(n)d cases", n["cases"]) % {"n": n["cases"]}]
    if n["readers"] > 1:
        parts.append(ngettext("%(n)d reader", "%(n)d readers", n["readers"]) % {"n": n["readers"]})
    parts.append(_("%(n)d missing") % {"n": n["missing"]})
    return ", ".join(parts)
