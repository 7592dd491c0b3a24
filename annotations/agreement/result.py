"""The one form in which every statistic comes back.

An `Estimate` has a value or says why it has none; an interval or says why not. NaN and infinity never leave this package:
`Estimate` refuses them when it is made.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class WrongCall(ValueError):
    """A statistic was called with something it cannot take: says what was expected and what came."""

    def __init__(self, argument: str, expected: str, came: object) -> None:
        self.argument, self.expected, self.came = argument, expected, came
        super().__init__(f"{argument}: expected {expected}, got {came!r}")


def _finite(value: float | None, what: str) -> float | None:
    if value is None:
        return None
    value = float(value)
    if not math.isfinite(value):
        raise WrongCall(what, "a finite number or None with a reason", value)
    return value


@dataclass(frozen=True, slots=True)
class Interval:
    """An interval for a value, in the value's own unit. `low` or `high` is None where that side is unbounded."""

    low: float | None
    high: float | None
    level: float = 0.95
    method: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "low", _finite(self.low, "interval.low"))
        object.__setattr__(self, "high", _finite(self.high, "interval.high"))


@dataclass(frozen=True, slots=True)
class Counts:
    """What went in: cases and readers that contributed, ratings used, ratings missing."""

    cases: int = 0
    readers: int = 0
    ratings: int = 0
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Estimate:
    """One figure.

    name       standard name, as in the registry ("Cohen's kappa")
    estimator  which formula, with its variant ("unweighted, Cohen 1960; se Fleiss-Cohen-Everitt 1969")
    value      None exactly when `undefined` says why
    se         standard error in the value's unit, or None
    interval   None when `no_interval` (or `undefined`) says why
    n          what went in
    statistic, df, p   where there is a test
    extra      further named numbers of the same computation (prevalence index, observed agreement, variance components),
               each a finite number, a string, None, or lists and dicts of these
    warnings   sentences for the reader of the figure
    undefined  the reason for which there is no value
    """

    name: str
    estimator: str
    value: float | None
    se: float | None = None
    interval: Interval | None = None
    n: Counts = field(default_factory=Counts)
    statistic: float | None = None
    df: float | tuple[float, float] | None = None
    p: float | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    undefined: str | None = None
    no_interval: str | None = None

    def __post_init__(self) -> None:
        for name in ("value", "se", "statistic", "p"):
            object.__setattr__(self, name, _finite(getattr(self, name), f"{self.name}.{name}"))
        if (self.value is None) != (self.undefined is not None):
            raise WrongCall(f"{self.name}.undefined", "a reason exactly when there is no value", self.undefined)

    def as_json(self) -> dict[str, Any]:
        """Plain dicts, lists, strings and finite numbers, for canonical JSON."""
        return {
            "name": self.name,
            "estimator": self.estimator,
            "value": self.value,
            "se": self.se,
            "interval": None
            if self.interval is None
            else {
                "low": self.interval.low,
                "high": self.interval.high,
                "level": self.interval.level,
                "method": self.interval.method,
            },
            "n": {
                "cases": self.n.cases,
                "readers": self.n.readers,
                "ratings": self.n.ratings,
                "missing": self.n.missing,
            },
            "statistic": self.statistic,
            "df": list(self.df) if isinstance(self.df, tuple) else self.df,
            "p": self.p,
            "extra": dict(self.extra),
            "warnings": list(self.warnings),
            "undefined": self.undefined,
            "no_interval": self.no_interval,
        }


def undefined(name: str, estimator: str, reason: str, n: Counts | None = None, **rest: Any) -> Estimate:
    """An estimate without a value, and the reason."""
    return Estimate(name=name, estimator=estimator, value=None, n=n or Counts(), undefined=reason, **rest)
