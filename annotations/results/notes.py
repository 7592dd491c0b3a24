"""On paper the popovers become numbered notes: each method of the result once, with its source, and each warning once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from annotations.agreement.stratified import ESTIMATOR as STRATIFIED
from annotations.results.explained import statistic_of
from annotations.results.methods import method_in_words
from annotations.results.reasons import kinds_in_words


def notes_of(document: Mapping[str, Any]) -> list[dict[str, str]]:
    """[{"name", "how", "interval", "source", "doi"}] in the order of the page."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for estimate in _estimates({key: value for key, value in document.items() if key != "figures"}):
        combined = estimate["estimator"] == STRATIFIED
        statistic = statistic_of("stratified estimate" if combined else estimate["name"])
        name = statistic.name if statistic else estimate["name"]
        note = found.setdefault(
            (name, estimate["estimator"]),
            {
                "name": method_in_words(name), "how": method_in_words(estimate["estimator"]), "interval": "",
                "source": statistic.reference if statistic else "", "doi": statistic.doi if statistic else "",
            },
        )  # fmt: skip
        if estimate["interval"] and not note["interval"]:
            note["interval"] = method_in_words(estimate["interval"]["method"].split(", df ")[0])
    return list(found.values())


def warnings_of(document: Mapping[str, Any]) -> list[str]:
    """What the figures marked with “!” are warned of, each once."""
    estimates = _estimates({key: value for key, value in document.items() if key != "figures"})
    return kinds_in_words(text for estimate in estimates for text in estimate.get("warnings", ()))


def _estimates(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        if "estimator" in value:
            yield value
            return
        for inner in value.values():
            yield from _estimates(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _estimates(inner)
