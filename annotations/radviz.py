"""RadViz of a dataset's quantities: each case pulled towards as many anchors on a circle as it has quantities.

Of m values scaled to 0–1 over the dataset (min–max), w_i = v_i / Σ v, and the place is Σ w_i · a_i with the anchors a_i
evenly on the unit circle. Hoffman et al., DNA visual and analytic data mining, IEEE Visualization 1997,
doi:10.1109/VISUAL.1997.663916.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from annotations.case_rows import CaseRow
from annotations.features import FormSchema, Text
from annotations.models import Pathology

WIDTH, HEIGHT, RADIUS = 560, 345, 150
_MIDDLE = (WIDTH / 2, 178.0)


def anchors(count: int) -> NDArray[np.float64]:
    """[count, 2] x and y on the unit circle, the first on top, then clockwise as a screen shows it (y down)."""
    angles = 2 * np.pi * np.arange(count) / count
    return np.stack([np.sin(angles), -np.cos(angles)], axis=1)


def scale_values(values: ArrayLike) -> NDArray[np.float64]:
    """[cases, m], each column to 0–1 over its own range. A column that is the same for all becomes 0.5, which favours none."""
    array = np.asarray(values, dtype=float)
    low, span = array.min(axis=0), np.ptp(array, axis=0)
    return np.where(span > 0, (array - low) / np.where(span > 0, span, 1), 0.5)


def radviz(values: ArrayLike) -> NDArray[np.float64]:
    """[cases, 2] places in the unit circle for [cases, m] values. A case that is least in everything stands in the middle."""
    scaled = scale_values(values)
    total = scaled.sum(axis=1, keepdims=True)
    weights = np.divide(scaled, total, out=np.full_like(scaled, 1 / scaled.shape[1]), where=total > 0)
    places: NDArray[np.float64] = weights @ anchors(scaled.shape[1])
    return places


@dataclass(frozen=True, slots=True)
class Dot:
    """Place in user units; `mark` is the points of a diamond for malignant nodes, "" for a ring."""

    x: float
    y: float
    status: str
    diamond: str


@dataclass(frozen=True, slots=True)
class Anchor:
    x: float
    y: float
    label_x: float
    label_y: float
    turn: str
    label: Text


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A cytology's row of the table beside the picture: median of each scaled quantity, mean place."""

    status: str
    label: Text
    n: int
    medians: tuple[float, ...]
    right: float
    up: float


@dataclass(frozen=True, slots=True)
class RadvizPicture:
    dots: tuple[Dot, ...]
    anchors: tuple[Anchor, ...]
    groups: tuple[GroupLine, ...]
    labels: tuple[Text, ...]
    left_out: int
    width: int = WIDTH
    height: int = HEIGHT
    x: float = _MIDDLE[0]
    y: float = _MIDDLE[1]
    radius: int = RADIUS


def draw_radviz(rows: Sequence[CaseRow], schema: FormSchema) -> RadvizPicture | None:
    """Of the cases that are in and have all quantities; None when fewer than two have. `left_out`: those that lack one."""
    quantities = [f for f in schema.features if f.kind == "continuous"]
    included = [row for row in rows if row.included]
    whole = [r for r in included if all(f.code in r.answers for f in quantities)]
    if len(whole) < 2:
        return None
    values = [[float(r.answers[f.code]) for f in quantities] for r in whole]
    places, scaled = radviz(values), scale_values(values)
    dots = sorted((_dot(x, y, r.status) for (x, y), r in zip(places, whole)), key=lambda d: (d.x, d.y))
    groups = [
        _group(status, label, np.array([r.status == status for r in whole]), places, scaled)
        for status, label in Pathology.Status.choices
    ]
    labels = tuple(f.label for f in quantities)
    return RadvizPicture(
        tuple(dots), tuple(_anchor(x, y, label) for (x, y), label in zip(anchors(len(labels)), labels)),
        tuple(g for g in groups if g is not None), labels, len(included) - len(whole),
    )  # fmt: skip


def _screen(x: float, y: float) -> tuple[float, float]:
    return round(_MIDDLE[0] + RADIUS * float(x), 1), round(_MIDDLE[1] + RADIUS * float(y), 1)


def _dot(x: float, y: float, status: str) -> Dot:
    sx, sy = _screen(x, y)
    diamond = f"{sx},{sy - 4.2:.1f} {sx + 4.2:.1f},{sy} {sx},{sy + 4.2:.1f} {sx - 4.2:.1f},{sy}"
    return Dot(sx, sy, status, diamond if status == Pathology.Status.MALIGNANT else "")


def _anchor(x: float, y: float, label: Text) -> Anchor:
    """Its label stands outside the circle."""
    sx, sy = _screen(x, y)
    if abs(x) < 0.01:
        return Anchor(sx, sy, sx, sy + (20 if y > 0 else -10), "middle", label)
    return Anchor(sx, sy, sx + (9 if x > 0 else -9), round(sy + 8, 1), "start" if x > 0 else "end", label)


def _group(
    status: str, label: Text, mine: NDArray[np.bool_], places: NDArray[np.float64], scaled: NDArray[np.float64]
) -> GroupLine | None:
    if not mine.any():
        return None
    x, y = places[mine].mean(axis=0)
    medians = tuple(float(m) for m in np.median(scaled[mine], axis=0))
    return GroupLine(status, label, int(mine.sum()), medians, float(x), -float(y))
