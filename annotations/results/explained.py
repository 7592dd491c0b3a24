"""“How was this computed?”: what the registry says of a figure, beside what went into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from annotations.agreement.registry import Statistic, load
from annotations.results.methods import method_in_words
from annotations.results.numbers import with_interval
from annotations.results.reasons import in_words
from annotations.results.sentences import counted, sentence_of

# figures of masks are named by their column; the registry has their full names
_FULL_NAMES = {
    "dice": "Dice coefficient",
    "iou": "intersection over union",
    "hd95": "95th percentile Hausdorff distance",
    "assd": "average symmetric surface distance",
    "nsd": "normalised surface distance",
    "hd95_percent": "95th percentile Hausdorff distance",
    "assd_percent": "average symmetric surface distance",
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """`pairs` are (word, what it says) in the order of the popover, `about` those of the method rather than the figure;
    `sentence` is the figure for a manuscript."""

    title: str
    pairs: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    doi: str
    sentence: str = ""
    about: tuple[tuple[str, str], ...] = ()


@cache
def _registry() -> Mapping[str, Statistic]:
    return load()


def statistic_of(name: str) -> Statistic | None:
    """The registry's entry of an estimate's name: “specific agreement, none” is a specific agreement."""
    known = _registry()
    if name.startswith("average ") and name.endswith(" over readers"):
        return known["average over readers"]
    head = name.split(",")[0]
    for candidate in (name, head, _FULL_NAMES.get(head, "")):
        if candidate in known:
            return known[candidate]
    return next((known[key] for key in known if head.startswith(key)), None)


def explain(estimate: Mapping[str, Any], title: str, *, seed: int | None = None) -> Explanation:
    """Everything that stands behind one figure, in words."""
    found = statistic_of(estimate["name"])
    interval = estimate["interval"]
    pairs = [(_("Value"), _value(estimate)), (_("From"), counted(estimate))]
    if interval:
        method = _of_resamples(interval["method"], seed)
        pairs.append((_("Interval"), f"{100 * interval['level']:g} %, {method}" if method else ""))
    elif estimate["value"] is not None:
        pairs.append((_("No interval"), in_words(estimate["no_interval"] or "") or _("none is made for this figure")))
    if estimate["undefined"]:
        pairs.append((_("Undefined"), in_words(estimate["undefined"])))
    pairs.append((_("Method"), method_in_words(estimate["estimator"])))
    about = [(_("Assumes"), _(found.assumes)), (_("Source"), found.reference)] if found else []
    return Explanation(
        title, tuple(p for p in pairs if p[1]), tuple(in_words(w) for w in estimate["warnings"]), found.doi if found else "",
        sentence_of(estimate, title), tuple(p for p in about if p[1]),
    )  # fmt: skip


def _of_resamples(method: str, seed: int | None) -> str:
    """The method, and the seed with which others get the same limits."""
    words = method_in_words(method)
    return _("%(method)s, seed %(seed)s") % {"method": words, "seed": seed} if "bootstrap" in method and seed else words


def _value(estimate: Mapping[str, Any]) -> str:
    return with_interval(estimate, 3)
