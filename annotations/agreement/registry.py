"""Every statistic under its standard name: what computes it, what it suits, what it assumes, where it comes from.

Each subject module registers its statistics with `@statistic(...)`; `load()` imports them all. The results page's
"how was this computed", docs/statistics.md and the API are drawn from here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, TypeVar

from annotations.agreement.checked_calls import checked

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Statistic:
    name: str
    function: Callable[..., Any]
    suits: tuple[str, ...]  # kinds: binary, nominal, ordinal, continuous, score, mask, pathology
    assumes: str
    undefined_when: str
    reference: str
    doi: str = ""


_REGISTRY: dict[str, Statistic] = {}

# Every module that registers statistics; add yours here.
_SUBJECTS: tuple[str, ...] = (
    "two_readers",
    "kappa",
    "many_readers",
    "alpha",
    "fleiss",
    "pairs",
    "kendall",
    "icc",
    "measurement_error",
    "concordance",
    "bland_altman",
    "bland_altman_replicates",
    "paired_tests",
    "kappa_comparison",
    "group_members",
    "intra_reader",
    "stratified",
    "masks",
    "proportion",
    "binary_accuracy",
    "likelihood_ratios",
    "paired_calls",
    "relative_predictive",
    "auc",
    "roc",
    "roc_points",
    "partial_area",
    "binormal",
    "calibration",
    "patient_clusters",
    "arm_average",
    "obuchowski_rockette",
    "dbm",
    "gallas",
    "auc_power",
    "mrmc_power",
    "agreement_power",
    "mask_sizes",
    "staple",
    "votes",
)


def statistic(
    name: str, *, suits: tuple[str, ...], assumes: str, undefined_when: str, reference: str, doi: str = ""
) -> Callable[[F], F]:
    """Register a function as the one that computes `name`; its calls are checked (`checked_calls`).

    Raises KeyError if the name is taken.
    """

    def register(function: F) -> F:
        if name in _REGISTRY:
            raise KeyError(f"{name} is registered twice")
        call = checked(function)
        _REGISTRY[name] = Statistic(name, call, suits, assumes, undefined_when, reference, doi)
        return call

    return register


def load() -> dict[str, Statistic]:
    """All statistics by name."""
    for subject in _SUBJECTS:
        import_module(f"annotations.agreement.{subject}")
    return dict(_REGISTRY)


def get(name: str) -> Statistic:
    """The statistic of that standard name. Raises KeyError."""
    return load()[name]
