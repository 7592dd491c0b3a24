"""What a figure is asked about: the scale of the answers, and how its interval is to be had."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from annotations.agreement.resampling import Plan


@dataclass(frozen=True, slots=True)
class Scale:
    """A feature's scale.

    kind      binary, nominal, ordinal, continuous or score
    positive  the level counted as positive for agreement, of a binary scale
    weights   between the categories of an ordinal scale; no other kind has any
    """

    kind: str
    categories: tuple[Hashable, ...] = ()
    positive: Hashable | None = None
    weights: str = "quadratic"

    @property
    def numeric(self) -> bool:
        """Whether the answers are numbers; the others are one of the categories."""
        return self.kind in ("continuous", "score")


@dataclass(frozen=True, slots=True)
class Ways:
    """How intervals are had.

    patients        a label a case; where one patient has several cases, intervals draw patients whole
    interchangeable the k-th reading of one case is not by the k-th reader of another: rows are no persons
    over            what agreement among readers is said of: "cases" like these by these readers, "readers" like these on
                    these cases, or "both"
    """

    level: float = 0.95
    resamples: int = 2000
    seed: int = 1
    patients: tuple[str, ...] | None = None
    interchangeable: bool = False
    over: str = "cases"

    @property
    def clustered(self) -> bool:
        """Whether a patient has several cases here."""
        return self.patients is not None and len(set(self.patients)) < len(self.patients)

    def of(self, columns: Sequence[int]) -> Ways:
        """The same for some of the cases."""
        own = None if self.patients is None else tuple(self.patients[i] for i in columns)
        return replace(self, patients=own)

    def plan(self) -> Plan:
        """Bootstrap of patients; BCa, which covers better than percentiles (bench/coverage.py)."""
        return Plan(seed=self.seed, resamples=self.resamples, method="bca", patients=np.array(self.patients))


def ways_of(spec: dict[str, Any], patients: Sequence[str]) -> Ways:
    """As the spec asks for."""
    return Ways(spec["level"], spec["resamples"], spec["seed"], tuple(patients), over=spec["intervals_over"])
