"""Contributions of the cases to ICC, CCC and Bland-Altman, from centred measurements."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from annotations.agreement.bland_altman import Z95
from annotations.agreement.icc import FORMS
from annotations.agreement.measurements import Measurements, as_measurements
from annotations.agreement.moments import Moments, ratio
from annotations.agreement.result import WrongCall

Array = NDArray[np.float64]

# below this share of the sum of squares a difference of sums is rounding, not variance
_ROUNDING = 1e-12


def _centred(data: Measurements) -> tuple[Array, Array]:
    """Measurements less their mean, 0 in incomplete cases; and which cases are complete, 0/1."""
    values = as_measurements(data).values
    complete = ~np.isnan(values).any(axis=0)
    filled = np.where(complete, values, 0.0)
    middle = filled.sum() / max(1, complete.sum() * values.shape[0])
    away = np.asarray(np.where(complete, filled - middle, 0.0))
    return away, np.asarray(complete, dtype=np.float64)


def icc_moments(data: Measurements, form: str = "ICC(2,1)") -> Moments:
    """A form of the ICC over the complete cases."""
    if form not in FORMS:
        raise WrongCall("form", f"one of {tuple(FORMS)}", form)
    away, complete = _centred(data)
    k = away.shape[0]
    rows = np.column_stack([complete, np.square(away).sum(axis=0), away.sum(axis=0) ** 2, away.T])

    def finish(sums: Array) -> Array:
        n, squares, of_cases, by_reader = sums[..., 0], sums[..., 1], sums[..., 2], sums[..., 3:]
        grand = ratio(by_reader.sum(axis=-1) ** 2, n * k)
        between_cases = of_cases / k - grand
        between_readers = ratio((by_reader**2).sum(axis=-1), n) - grand
        left = squares - grand - between_cases - between_readers
        parts = [np.where(part > _ROUNDING * squares, part, 0.0) for part in (between_cases, left)]
        ms_cases, ms_left = ratio(parts[0], n - 1), ratio(parts[1], (n - 1) * (k - 1))
        ms_readers = between_readers / (k - 1)
        return _icc_value(form, k, n, ms_cases, ms_readers, ms_left)

    return Moments(rows, finish)


def _icc_value(form: str, k: int, n: Array, cases: Array, readers: Array, left: Array) -> Array:
    if form[4] == "1":
        error = ratio(readers * (k - 1) + left * (n - 1) * (k - 1), n * (k - 1))
        bottom = cases + (k - 1) * error
    elif form[4] == "2":
        error, bottom = left, cases + (k - 1) * left + ratio(k * (readers - left), n)
    else:
        error, bottom = left, cases + (k - 1) * left
    single = ratio(cases - error, bottom)
    return ratio(k * single, 1 + (k - 1) * single) if form.endswith("k)") else single


def ccc_moments(data: Measurements) -> Moments:
    """Lin's CCC of two readers."""
    rows = _pair_rows(data)

    def finish(sums: Array) -> Array:
        means = ratio(sums[..., 1:], sums[..., :1])
        x, y, xx, yy, xy = np.moveaxis(means, -1, 0)
        return ratio(2 * (xy - x * y), xx - x * x + yy - y * y + (x - y) ** 2)

    return Moments(rows, finish)


def bland_altman_moments(data: Measurements, which: str = "bias", factor: float = Z95) -> Moments:
    """Of two readers: "bias", "sd", "loa_low" or "loa_high"."""
    signs = {"bias": (1, 0.0), "sd": (0, 1.0), "loa_low": (1, -factor), "loa_high": (1, factor)}
    if which not in signs:
        raise WrongCall("which", f"one of {tuple(signs)}", which)
    of_mean, of_sd = signs[which]
    rows = _pair_rows(data)
    gaps = rows[:, 1] - rows[:, 2]
    kept = np.column_stack([rows[:, 0], gaps, gaps**2])

    def finish(sums: Array) -> Array:
        n = sums[..., 0]
        mean = ratio(sums[..., 1], n)
        variance = ratio(sums[..., 2] - n * mean**2, n - 1)
        return np.asarray(of_mean * mean + of_sd * np.sqrt(np.maximum(variance, 0)))

    return Moments(kept, finish)


def _pair_rows(data: Measurements) -> Array:
    away, complete = _centred(data)
    if away.shape[0] != 2:
        raise WrongCall("data", "two readers", f"{away.shape[0]} readers")
    x, y = away
    return np.column_stack([complete, x, y, x * x, y * y, x * y])
