"""Several tests at once: Holm's adjusted p within a family. The primary endpoint is in no family.

Holm S. A simple sequentially rejective multiple test procedure. Scand J Stat 1979;6:65-70.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def holm(ps: Sequence[float | None]) -> list[float | None]:
    """Adjusted p of each; None stays None and is not counted among the tests.

    >>> holm([0.01, 0.04, None, 0.03])
    [0.03, 0.06, None, 0.06]
    """
    order = sorted((p, place) for place, p in enumerate(ps) if p is not None)
    adjusted: list[float | None] = [None] * len(ps)
    largest = 0.0
    for rank, (p, place) in enumerate(order):
        largest = max(largest, min(1.0, p * (len(order) - rank)))
        adjusted[place] = largest
    return adjusted


def adjust_family(rows: Sequence[dict[str, Any]]) -> None:
    """Give each row `p_holm`, of its difference's p among the rows of the role "family"; None to the primary's."""
    family = [row for row in rows if row["role"] == "family"]
    for row, p in zip(family, holm([row["difference"]["p"] for row in family]), strict=True):
        row["p_holm"] = p
    for row in rows:
        row.setdefault("p_holm", None)
