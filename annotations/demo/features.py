"""Who gets which level: the counts of a Table 1 cell handed out so that rows contradict themselves no more
than the table does.

Each rule names its favourites; among equals chance decides. Where the favourites run out the counts win and
the row is contradictory (see contradictions.py).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from annotations.demo.codes import UNCOUNTED
from annotations.demo.published import Cell

Mask = NDArray[np.bool_]


class _Deal:
    """The levels of n cases of one cell while they are being handed out."""

    def __init__(self, cell: Cell, n: int, rng: np.random.Generator) -> None:
        self.cell, self.n, self.rng = cell, n, rng
        self.levels = {code: np.full(n, level, dtype=object) for code, level in UNCOUNTED.items()}

    def give(self, code: str, level: str, favour: list[Mask] | None = None, never: Mask | None = None) -> Mask:
        """Give `level` to the counted number of cases, those of the earliest `favour` first; who has it is
        returned.
        """
        rank = np.full(self.n, len(favour or []) + 0.0)
        for i, liked in reversed(list(enumerate(favour or []))):
            rank[liked] = i
        if never is not None:
            rank[never] = np.inf
        order = np.lexsort((self.rng.random(self.n), rank))
        count = min(self.cell.scaled(code, level, self.n), int(np.isfinite(rank).sum()))
        chosen = np.zeros(self.n, dtype=bool)
        chosen[order[:count]] = True
        self.levels[code][chosen] = level
        return chosen


def deal_features(
    cell: Cell, n: int, longest_mm: NDArray[np.float64], rng: np.random.Generator
) -> list[dict[str, str]]:
    """The thirteen qualitative answers of n cases, at the counts of the cell (exact when n is the published
    n).
    """
    deal = _Deal(cell, n, rng)
    large = longest_mm >= np.median(longest_mm)
    iso = deal.give("isoechoic", "yes")
    hypo = deal.give("hypoechoic", "yes", [~iso])
    hyper = deal.give("hyperechoic", "yes", [~hypo & ~iso, ~iso])
    uneven = deal.give("homogeneity", "heterogeneous", [hyper & hypo, hyper, hypo])
    _deal_prominence(deal, hypo, hyper)
    lost = deal.give("fatty_hilum_loss", "present", [uneven])
    deal.give("centrality", "eccentric")
    deal.give("microcalcifications", "present", [~iso & large, ~iso])
    mixed = deal.give("internal_component", "mixed", [uneven & large & lost, large & lost & ~iso, lost & ~iso])
    cystic = deal.give("necrosis", "cystic", [mixed])
    deal.give("necrosis", "coagulative", [uneven & ~mixed & large, uneven & ~mixed, large], never=cystic)
    deal.give("intranodal_cystic_lesion", "present", [mixed, ~iso & large, ~iso])
    irregular = deal.give("margin_regularity", "irregular", [large])
    deal.give("margin_definition", "ill_defined", [irregular & ~iso, ~iso])
    return [{code: str(column[i]) for code, column in deal.levels.items()} for i in range(n)]


def _deal_prominence(deal: _Deal, hypo: Mask, hyper: Mask) -> None:
    code = "prominent_echogenicity"
    bright = deal.give(code, "hyperechoic", [hyper & ~hypo, hyper, hypo])
    deal.give(code, "hypoechoic", [hypo], never=bright)
