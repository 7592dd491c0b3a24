"""Masks against the consensus of the readers themselves: the majority, and STAPLE.

A reader's own mask has its vote in both, so these figures are higher than agreement with a reference from elsewhere.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from annotations.agreement.outlines import Outline, outline
from annotations.agreement.staple import staple_many
from annotations.agreement.votes import MOST_READERS, majority, votes
from annotations.analyses.masks_part import mask_case, mask_summaries
from annotations.analyses.material import Material

Json = dict[str, Any]
KINDS = ("majority", "staple")
LEAST_READERS = 3  # of two readers the majority is only what they share
TOO_FEW = "fewer than three readings of the case"
OWN_VOTE = "the reader's own mask is one of the votes"


class Consensus:
    """The consensus masks of every case with enough readings, made when first asked for."""

    def __init__(self, material: Material) -> None:
        self.material = material
        self._made: tuple[list[Json], dict[tuple[str, int], Outline]] | None = None

    def cases(self) -> list[Json]:
        """What is known of each case's consensus."""
        return self._make()[0]

    def outline(self, kind: str, column: int) -> Outline | None:
        """The consensus mask of that case; None where there are too few readings."""
        return self._make()[1].get((kind, column))

    def _make(self) -> tuple[list[Json], dict[tuple[str, int], Outline]]:
        if self._made is None:
            self._made = _consensus(self.material)
        return self._made


def _consensus(material: Material) -> tuple[list[Json], dict[tuple[str, int], Outline]]:
    facts: list[Json] = []
    outlines: dict[tuple[str, int], Outline] = {}
    rows_of = {c: [r for r in range(len(material.readers)) if (r, c) in material.said] for c in material.columns()}
    enough = [c for c, rows in rows_of.items() if LEAST_READERS <= len(rows) <= MOST_READERS]
    cast = [votes([material.outline(row, column) for row in rows_of[column]]) for column in enough]
    for column, own, found in zip(enough, cast, staple_many(cast), strict=True):
        most = majority(own)
        outlines["majority", column] = outline(most.strict.astype(np.uint8))
        outlines["staple", column] = outline(found.mask().astype(np.uint8))
        facts.append(
            {
                "case": material.cases[column]["id"],
                "readers": [material.readers[row]["number"] for row in rows_of[column]],
                "tied_px": most.tied_px,
                "area_px": {"majority": int(most.strict.sum()), "staple": int(found.mask().sum())},
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
    return facts, outlines


def consensus_part(consensus: Consensus) -> Json:
    """The consensus itself, case by case, and how many cases have none."""
    cases = consensus.cases()
    left_out = len(consensus.material.cases) - len(cases)
    return {"cases": cases, "left_out": left_out, "left_out_because": TOO_FEW, "says": OWN_VOTE}


def against_consensus(consensus: Consensus, row: int, spec: Json) -> Json:
    """One reader against both, summaries by centre and Dice and HD95 case by case."""
    material = consensus.material
    found: Json = {"reader": material.readers[row]["number"]}
    for kind in KINDS:
        targets = {c: consensus.outline(kind, c) for c in sorted(material.row(row))}
        pairs = [(column, target) for column, target in targets.items() if target is not None]
        cases = [mask_case(material, row, column, target, spec) for column, target in pairs]
        found[kind] = {
            "by_centre": mask_summaries(material, [column for column, _target in pairs], cases, spec),
            "cases": [{key: case[key] for key in ("case", "dice", "hd95", "unit")} for case in cases],
        }
    return found
