"""What a resample draws: patients whole, within their centre, from a stream of its own.

Patients are clusters, centres are strata (each keeps its number of patients). The stream is spawned by name from the
stored seed, so that a figure does not depend on what else is computed, by how many workers, or in which order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from annotations.agreement.result import WrongCall

Array = NDArray[np.float64]

CHUNK_BYTES = 16 * 2**20  # of weights held at once


@dataclass(frozen=True, slots=True)
class Units:
    """What is drawn: patients, or cases where each is its own patient. `strata` are index arrays of units."""

    unit_of_case: NDArray[np.int64]
    strata: tuple[NDArray[np.int64], ...]

    @property
    def n(self) -> int:
        return int(sum(stratum.size for stratum in self.strata))

    def sums(self, rows: Array) -> Array:
        """Rows of cases added up by unit."""
        total = np.zeros((self.n, rows.shape[1]))
        np.add.at(total, self.unit_of_case, rows)
        return total


def stream(seed: int, *names: str) -> np.random.SeedSequence:
    """The seed sequence of that name: the same whatever else was drawn before."""
    digest = hashlib.sha256("\x1f".join(names).encode()).digest()
    return np.random.SeedSequence(seed, spawn_key=tuple(np.frombuffer(digest, dtype=">u4").tolist()))


def units_of(n_cases: int, patients: ArrayLike | None, centres: ArrayLike | None) -> Units:
    """Patients and centres as what to draw, and where. Raises WrongCall for a patient in two centres."""
    case_labels = np.arange(n_cases) if patients is None else _labels(patients, n_cases, "patients")
    _, unit_of_case = np.unique(case_labels, return_inverse=True)
    units = int(unit_of_case.max(initial=-1)) + 1
    if centres is None:
        return Units(unit_of_case.astype(np.int64), (np.arange(units),))
    _, centre_of_case = np.unique(_labels(centres, n_cases, "centres"), return_inverse=True)
    centre_of_unit = np.full(units, -1)
    centre_of_unit[unit_of_case] = centre_of_case
    if not np.array_equal(centre_of_unit[unit_of_case], centre_of_case):
        raise WrongCall("centres", "one centre for each patient", "a patient in two centres")
    strata = tuple(np.flatnonzero(centre_of_unit == centre) for centre in np.unique(centre_of_unit))
    return Units(unit_of_case.astype(np.int64), strata)


def _labels(labels: ArrayLike, n_cases: int, argument: str) -> NDArray[np.str_]:
    array = np.asarray(labels)
    if array.shape != (n_cases,):
        raise WrongCall(argument, f"{n_cases} labels, one per case", array.shape)
    return array.astype(str)


def unit_weights(units: Units, resamples: int, seeds: np.random.SeedSequence) -> Iterator[Array]:
    """How often each unit is drawn in each resample, resamples x units, in chunks of bounded memory."""
    streams = [np.random.default_rng(seed) for seed in seeds.spawn(len(units.strata))]
    step = max(1, CHUNK_BYTES // (8 * max(1, units.n)))
    for start in range(0, resamples, step):
        size = min(step, resamples - start)
        times = [_times_drawn(stratum.size, size, own) for stratum, own in zip(units.strata, streams, strict=True)]
        if len(times) == 1:
            yield times[0].astype(np.float64)
            continue
        weights = np.empty((size, units.n))
        for stratum, drawn in zip(units.strata, times, strict=True):
            weights[:, stratum] = drawn
        yield weights


def _times_drawn(units: int, resamples: int, generator: np.random.Generator) -> NDArray[np.int64]:
    """How often each of the units comes up in draws with replacement, resamples x units."""
    drawn = generator.integers(0, units, size=(resamples, units))
    drawn += np.arange(resamples)[:, None] * units
    return np.bincount(drawn.ravel(), minlength=resamples * units).reshape(resamples, units)
