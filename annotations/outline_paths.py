"""The outline of a mask as an SVG path along the edges of its pixels: exact, holes included (fill rule evenodd)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Point = tuple[int, int]


def outline_path(mask: NDArray[np.uint8]) -> str:
    """`d` of a path in image px for a mask [height, width] of 0 and 1; "" for an empty one.

    Parts that touch at a corner alone are outlined apart.
    """
    ends = _edges(mask)
    parts = []
    while ends:
        parts.append(_written(_ring(ends)))
    return "".join(parts)


def _edges(mask: NDArray[np.uint8]) -> dict[Point, list[Point]]:
    """Pixel edges with the mask on their right, start (x, y) → ends."""
    around = np.pad(mask.astype(bool), 1)
    inside = around[1:-1, 1:-1]
    # neighbour outside, then start and end of that edge relative to the pixel's corner
    sides = (
        (around[:-2, 1:-1], (0, 0), (1, 0)),
        (around[1:-1, 2:], (1, 0), (1, 1)),
        (around[2:, 1:-1], (1, 1), (0, 1)),
        (around[1:-1, :-2], (0, 1), (0, 0)),
    )
    ends: dict[Point, list[Point]] = {}
    for neighbour, (sx, sy), (ex, ey) in sides:
        for y, x in np.argwhere(inside & ~neighbour).tolist():
            ends.setdefault((x + sx, y + sy), []).append((x + ex, y + ey))
    return ends


def _ring(ends: dict[Point, list[Point]]) -> list[Point]:
    """One closed ring, its edges taken out of `ends`. Where two edges leave a corner, the one to the right is taken."""
    start = next(iter(ends))
    ring, here, step = [start], start, (0, 0)
    while True:
        choices = ends[here]
        right = (here[0] - step[1], here[1] + step[0])
        there = right if right in choices else choices[0]
        choices.remove(there)
        if not choices:
            del ends[here]
        step, here = (there[0] - here[0], there[1] - here[1]), there
        if here == start:
            return ring
        ring.append(here)


def _written(ring: list[Point]) -> str:
    """Straight runs become one command."""
    words = [f"M{ring[0][0]} {ring[0][1]}"]
    for i in range(1, len(ring)):
        (ax, ay), (bx, by) = ring[i - 1], ring[i]
        cx, cy = ring[(i + 1) % len(ring)]
        if (bx - ax, by - ay) != (cx - bx, cy - by):
            words.append(f"V{by}" if ax == bx else f"H{bx}")
    return "".join(words) + "Z"
