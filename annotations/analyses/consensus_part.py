"""Masks against the consensus of the readers themselves: the majority, and STAPLE.

A reader's own mask has its vote in both, so these figures are higher than agreement with a reference from elsewhere.
"""

from __future__ import annotations

from typing import Any

from annotations.analyses.mask_figures import KINDS, MaskFigures
from annotations.analyses.masks_part import mask_summaries

Json = dict[str, Any]
TOO_FEW = "fewer than three readings of the case"
OWN_VOTE = "the reader's own mask is one of the votes"


def consensus_part(figures: MaskFigures) -> Json:
    """The consensus itself, case by case, and how many cases have none."""
    cases = figures.consensus()
    left_out = len(figures.material.cases) - len(cases)
    return {"cases": cases, "left_out": left_out, "left_out_because": TOO_FEW, "says": OWN_VOTE}


def against_consensus(figures: MaskFigures, row: int) -> Json:
    """One reader against both, summaries by centre and Dice and HD95 case by case."""
    found: Json = {"reader": figures.material.readers[row]["number"]}
    for kind in KINDS:
        compared = figures.compared(kind, row)
        found[kind] = {
            "by_centre": mask_summaries(figures, compared),
            "cases": [{key: case[key] for key in ("case", "dice", "hd95", "unit")} for case in compared.values()],
        }
    return found
