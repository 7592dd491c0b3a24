"""Everything that is computed of masks, case by case: with the reference, with the readers' consensus, and in pairs.

One pass over the cases, a few at a time: a case's outlines are let go before the next are decoded, so that memory does
not grow with readers x cases. Only numbers are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np

from annotations.agreement.comparisons import MaskComparison, compare_masks
from annotations.agreement.outlines import Outline, outline
from annotations.agreement.overlap import overlap
from annotations.agreement.staple import Staple, staple_many
from annotations.agreement.votes import MOST_READERS, Majority, Votes, majority, pairwise_overlap, votes
from annotations.analyses.material import Material

Json = dict[str, Any]
Overlaps = tuple[float | None, float | None]
AT_ONCE = 16  # cases whose outlines are held together
LEAST_READERS = 3  # of two readers the majority is only what they share
KINDS = ("majority", "staple")
NOT_DRAWN = "the reader said that no node can be delineated"
FIGURES = ("dice", "iou", "hd95", "assd", "nsd", "hd95_percent", "assd_percent", "relative_area_difference")


class MaskFigures:
    """The figures of one analysis, made when first asked for."""

    def __init__(self, material: Material, spec: Json) -> None:
        self.material, self.spec = material, spec
        # (target, reader row, case column): target is "reference" or one of KINDS
        self._compared: dict[tuple[str, int, int], Json] = {}
        self._pairs: dict[tuple[int, int, int], Overlaps] = {}  # (reader row, reader row, case column)
        self._consensus: list[Json] = []
        self.after_step: Callable[[], None] = lambda: None  # is called as often as `steps` says

    @property
    def steps(self) -> int:
        """Into how many the one pass is cut."""
        return -(-len(self.material.cases) // AT_ONCE)

    @cached_property
    def _made(self) -> bool:
        columns = self.material.columns()
        for start in range(0, len(columns), AT_ONCE):
            self._go_through(columns[start : start + AT_ONCE])
            self.after_step()
        return True

    def compared(self, target: str, row: int) -> dict[int, Json]:
        """Case column → figures of that reader's mask against the target."""
        assert self._made
        columns = self.material.columns()
        return {c: self._compared[target, row, c] for c in columns if (target, row, c) in self._compared}

    def pairs(self, one: int, two: int) -> dict[int, Overlaps]:
        """Case column → Dice and IoU of two readers' masks; None where neither drew any."""
        assert self._made
        return {c: self._pairs[one, two, c] for c in self.material.columns() if (one, two, c) in self._pairs}

    def consensus(self) -> list[Json]:
        """What is known of each case's consensus."""
        assert self._made
        return self._consensus

    def _go_through(self, columns: list[int]) -> None:
        rows = range(len(self.material.readers))
        drawn = {c: {r: self.material.outline(r, c) for r in rows if (r, c) in self.material.said} for c in columns}
        cast = {c: votes(list(own.values())) for c, own in drawn.items() if 2 <= len(own) <= MOST_READERS}
        enough = [c for c, own in cast.items() if own.readers >= LEAST_READERS]
        staples = dict(zip(enough, staple_many([cast[c] for c in enough]), strict=True))
        for column, own in drawn.items():
            self._pair(column, own, cast.get(column))
            targets: dict[str, Outline] = {}
            reference = self.material.reference.get(column)
            if reference is not None and reference.mask_payload:
                targets["reference"] = self.material.outline(None, column)
            if column in staples:
                targets |= self._agree(column, list(own), majority(cast[column]), staples[column])
            for target, mask in targets.items():
                for row, mine in own.items():
                    self._compared[target, row, column] = self._compare(row, column, mask, mine)

    def _pair(self, column: int, own: Mapping[int, Outline], cast: Votes | None) -> None:
        both = None if cast is None else pairwise_overlap(cast)
        for (i, one), (j, two) in combinations(enumerate(own), 2):
            if both is None:  # more readers than votes have bits
                found = overlap(own[one], own[two])
                self._pairs[one, two, column] = (found.dice, found.iou)
            elif both.defined[i, j]:
                self._pairs[one, two, column] = (float(both.dice[i, j]), float(both.iou[i, j]))
            else:
                self._pairs[one, two, column] = (None, None)

    def _agree(self, column: int, rows: list[int], most: Majority, found: Staple) -> dict[str, Outline]:
        masks = {"majority": most.strict, "staple": found.mask()}
        self._consensus.append(
            {
                "case": self.material.cases[column]["id"],
                "readers": [self.material.readers[row]["number"] for row in rows],
                "tied_px": most.tied_px,
                "area_px": {kind: int(mask.sum()) for kind, mask in masks.items()},
                "staple": {
                    "sensitivity": found.sensitivity.tolist(),
                    "specificity": found.specificity.tolist(),
                    "prior": found.prior,
                    "iterations": found.iterations,
                    "converged": found.converged,
                    "undefined": found.undefined,
                },
            }
        )
        return {kind: outline(mask.astype(np.uint8)) for kind, mask in masks.items()}

    def _compare(self, row: int, column: int, target: Outline, mine: Outline) -> Json:
        case = self.material.cases[column]
        spacing = self.material.spacing(column)
        scale = (spacing.row_mm, spacing.col_mm) if spacing else None
        tolerance = self.spec["nsd_tolerance_mm"] if scale else None
        found: MaskComparison = compare_masks(target, mine, scale, tolerance)
        return {
            "case": case["id"],
            "centre": case["centre"],
            "unit": found.unit,
            **{name: getattr(found, name) for name in FIGURES},
            "not_drawn": NOT_DRAWN if self.material.said[row, column].no_node else None,
            "undefined": dict(found.undefined),
        }
