"""Readers' figures over several centres as one, so that a difference between centres is not taken for accuracy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .average_limits import Stratum
from .placements import Array
from .reader_values import ReaderValues
from .result import WrongCall


def stratified_values(strata: Sequence[tuple[float, ReaderValues]]) -> ReaderValues:
    """Each reader's mean over the strata by the given weights, with its covariance over cases.

    The cases of different strata are independent, so the covariances add with the squared weights; readers stay the same
    people, so the analysis over readers is that of one stratum. Undefined as soon as one stratum is. Raises WrongCall
    for no stratum, for weights that are not positive, or where the strata hold other readers or another endpoint.
    """
    if not strata or any(weight <= 0 for weight, _values in strata):
        raise WrongCall("strata", "at least one, with positive weights", [weight for weight, _values in strata])
    first = strata[0][1]
    if any(v.endpoint != first.endpoint or v.values.shape != first.values.shape for _weight, v in strata):
        raise WrongCall("strata", f"{first.endpoint} of the same arms and readers", [v.endpoint for _w, v in strata])
    total = sum(weight for weight, _values in strata)
    shares = [weight / total for weight, _values in strata]
    held = [v.covariance for _weight, v in strata]
    covariance: Array | None = None
    if not any(matrix is None for matrix in held):
        covariance = np.sum([share**2 * m for share, m in zip(shares, held) if m is not None], axis=0)
    return replace(
        first,
        values=np.sum([share * v.values for share, (_weight, v) in zip(shares, strata)], axis=0),
        covariance=covariance,
        cases=sum(v.cases for _weight, v in strata),
        read=np.sum([v.read for _weight, v in strata], axis=0),
        no_covariance=next((v.no_covariance for _weight, v in strata if v.covariance is None), None),
        undefined=next((v.undefined for _weight, v in strata if v.undefined), None),
        strata=_strata(shares, [v.strata for _weight, v in strata]),
    )


def _strata(shares: Sequence[float], held: Sequence[tuple[Stratum, ...]]) -> tuple[Stratum, ...]:
    if not all(held):
        return ()
    return tuple(replace(s, weight=share * s.weight) for share, own in zip(shares, held) for s in own)
