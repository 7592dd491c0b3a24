"""Where the node of an assignment's case is, so that a walk draws on it: from the served application's own SQLite."""

from __future__ import annotations

import math
import sqlite3
from pathlib import Path

import numpy as np

from annotations import mask_codec

Points = list[tuple[float, float]]
QUERY = """
SELECT m.payload FROM annotations_mask m
JOIN annotations_reading r ON r.id = m.reading_id
JOIN annotations_source s ON s.id = r.source_id AND s.kind = 'panel'
JOIN readers_assignment a ON a.case_id = r.case_id
WHERE a.public_id = ?
"""


def node_outline(var: Path, assignment: str) -> tuple[Points, tuple[int, int]]:
    """An ellipse of the reference mask's moments, in image px, and the image's width and height."""
    with sqlite3.connect(f"file:{var / 'lymphus.sqlite3'}?mode=ro", uri=True) as database:
        (payload,) = database.execute(QUERY, [assignment]).fetchone()
    mask = mask_codec.decode(payload)
    rows, columns = np.nonzero(mask)
    spread, axes = np.linalg.eigh(np.cov(np.stack([columns, rows])))
    # a filled ellipse has a variance of a quarter of its semi-axis squared
    half = 2 * np.sqrt(spread)
    turns = [2 * math.pi * i / 60 for i in range(61)]
    middle = np.array([columns.mean() + 0.5, rows.mean() + 0.5])
    points = [middle + axes @ (half * [math.cos(t), math.sin(t)]) for t in turns]
    return [(float(x), float(y)) for x, y in points], (mask.shape[1], mask.shape[0])
