"""The outline of a mask as an SVG path along pixel edges, in image pixels: exact, holes and islands included."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import numpy.typing as npt

Corner = tuple[int, int]


def outline_path(mask: npt.NDArray[np.uint8]) -> str:
    """`d` of a path whose rings enclose the pixels of the mask; "" for an empty one."""
    return "".join(_ring(ring) for ring in _rings(mask))


def box_of(masks: list[npt.NDArray[np.uint8]]) -> tuple[int, int, int, int] | None:
    """left, top, right, bottom (exclusive) around all the masks; None if all are empty."""
    rows = np.flatnonzero(np.any([m.any(axis=1) for m in masks], axis=0))
    columns = np.flatnonzero(np.any([m.any(axis=0) for m in masks], axis=0))
    if rows.size == 0:
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def view_of(
    box: tuple[int, int, int, int] | None, size: tuple[int, int], ratio: float = 4 / 3
) -> tuple[float, float, float, float]:
    """A viewBox (x, y, width, height) of that ratio around the box with some air, kept inside the image where it fits."""
    width, height = size
    left, top, right, bottom = box or (0, 0, width, height)
    wide = max((right - left) * 1.5, (bottom - top) * 1.5 * ratio)
    tall = wide / ratio
    if wide > width or tall > height:  # no such window lies inside: the whole image, centred
        wide = max(width, height * ratio)
        tall = wide / ratio
        return (round((width - wide) / 2, 1), round((height - tall) / 2, 1), round(wide, 1), round(tall, 1))
    x = min(max((left + right - wide) / 2, 0), width - wide)
    y = min(max((top + bottom - tall) / 2, 0), height - tall)
    return round(x, 1), round(y, 1), round(wide, 1), round(tall, 1)


def _rings(mask: npt.NDArray[np.uint8]) -> list[list[Corner]]:
    """Closed walks along pixel edges with the mask on the right hand."""
    after = _edges(mask)
    rings = []
    while after:
        start = min(after)
        ring, here, came = [start], start, (0, 0)
        while True:
            ends = after[here]
            # where two pixels touch by a corner, turn right: each keeps a ring of its own
            end = ends[0] if len(ends) == 1 else _right_turn(here, came, ends)
            ends.remove(end)
            if not ends:
                del after[here]
            came, here = (end[0] - here[0], end[1] - here[1]), end
            if here == start:
                break
            ring.append(here)
        rings.append(ring)
    return rings


def _right_turn(here: Corner, came: Corner, ends: list[Corner]) -> Corner:
    wanted = (here[0] - came[1], here[1] + came[0])
    return wanted if wanted in ends else ends[0]


def _edges(mask: npt.NDArray[np.uint8]) -> dict[Corner, list[Corner]]:
    """Corner (x, y) → where the edges that leave it end."""
    padded = np.pad(mask.astype(bool), 1)
    after: dict[Corner, list[Corner]] = defaultdict(list)
    inside = padded[1:-1, 1:-1]
    for y, x in np.argwhere(inside & ~padded[:-2, 1:-1]).tolist():
        after[x, y].append((x + 1, y))
    for y, x in np.argwhere(inside & ~padded[1:-1, 2:]).tolist():
        after[x + 1, y].append((x + 1, y + 1))
    for y, x in np.argwhere(inside & ~padded[2:, 1:-1]).tolist():
        after[x + 1, y + 1].append((x, y + 1))
    for y, x in np.argwhere(inside & ~padded[1:-1, :-2]).tolist():
        after[x, y + 1].append((x, y))
    return dict(after)


def _ring(ring: list[Corner]) -> str:
    """Only the corners where the walk turns."""
    turns = [
        here
        for before, here, nxt in zip([ring[-1], *ring[:-1]], ring, [*ring[1:], ring[0]], strict=True)
        if (here[0] - before[0], here[1] - before[1]) != (nxt[0] - here[0], nxt[1] - here[1])
    ]
    return "M" + "L".join(f"{x} {y}" for x, y in turns) + "Z"
