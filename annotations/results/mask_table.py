"""Table of masks: each reader with the reference, by centre; and which masks lie furthest from it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from annotations.results.explained import Explanation, explain
from annotations.results.numbers import number
from annotations.results.reasons import in_words

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MaskCell:
    id: str
    text: str
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class MaskRow:
    """`cells`: Dice, then HD95 (mm, or px and % where the scale is unknown)."""

    label: str
    centre: str
    n: int
    cells: tuple[MaskCell, ...]
    not_drawn: int


def mask_rows(document: Json) -> list[MaskRow]:
    """A row a reader and centre; medians, because distances have long tails."""
    rows = []
    for part in document["masks"] or []:
        label = _("Reader %(n)s") % {"n": part["reader"]}
        for centre, found in part["by_centre"].items():
            own = [case for case in part["cases"] if str(case["centre"]) == centre]
            cells = _cells(f"m-{part['reader']}-{centre}", found, label)
            rows.append(MaskRow(label, centre, len(own), cells, sum(bool(c["not_drawn"]) for c in own)))
    return rows


@dataclass(frozen=True, slots=True)
class ConsensusRow:
    """One reader and centre: cells of the majority, then of STAPLE, each as those of `MaskRow`."""

    label: str
    centre: str
    n: int
    majority: tuple[MaskCell, ...]
    staple: tuple[MaskCell, ...]

    @property
    def both(self) -> tuple[tuple[MaskCell, ...], tuple[MaskCell, ...]]:
        return self.majority, self.staple


@dataclass(frozen=True, slots=True)
class Consensus:
    """Every reader against what the readers themselves agree on. `left_out` cases have no consensus, for that reason."""

    rows: tuple[ConsensusRow, ...]
    left_out: int
    because: str
    tied: int


def consensus_of(view: Json) -> Consensus | None:
    """None without masks, or where no case was drawn by enough readers."""
    found = view["mask_consensus"]
    if not found or not found["cases"]:
        return None
    rows = [
        _consensus_row(part, centre)
        for part in found["readers"]
        for centre in part["majority"]["by_centre"]
    ]  # fmt: skip
    tied = sum(case["tied_px"] > 0 for case in found["cases"])
    return Consensus(tuple(rows), found["left_out"], in_words(found["left_out_because"]), tied)


def _consensus_row(part: Json, centre: str) -> ConsensusRow:
    label = _("Reader %(n)s") % {"n": part["reader"]}
    words = {"majority": _("%(who)s and the majority"), "staple": _("%(who)s and STAPLE")}
    cells = {
        kind: _cells(f"k-{kind}-{part['reader']}-{centre}", part[kind]["by_centre"][centre], said % {"who": label})
        for kind, said in words.items()
    }
    n = part["majority"]["by_centre"][centre]["dice"]["n"]["cases"]
    return ConsensusRow(label, centre, n, cells["majority"], cells["staple"])


def _cells(id: str, found: Json, who: str) -> tuple[MaskCell, ...]:
    """Dice, then HD95 in each unit that there is."""
    cells = [_cell(f"{id}-dice", found["dice"], who, _("Dice"))]
    cells += [_cell(f"{id}-{u}", found[u]["hd95"], who, _("HD95"), u) for u in ("mm", "px") if u in found]
    return tuple(cells)


def _cell(id: str, estimate: Json, who: str, word: str, unit: str = "") -> MaskCell:
    extra, digits = estimate["extra"], 1 if unit else 2
    if estimate["value"] is None:
        text = in_words(estimate["undefined"])
    else:
        quartiles = f"[{number(extra['lower_quartile'], digits)}, {number(extra['upper_quartile'], digits)}]"
        text = f"{number(extra['median'], digits)} {quartiles}" + (f"\u202f{unit}" if unit else "")
    return MaskCell(id, text, explain(estimate, _("%(word)s, %(who)s: mean") % {"word": word, "who": who}))


@dataclass(frozen=True, slots=True)
class Extreme:
    case: str
    reader: int
    dice: float | None
    drawn: bool

    @property
    def says(self) -> str:
        return number(self.dice)


def extremes(
    document: Json, *, count: int | None = 6, best: bool = False, without: Collection[str] = ()
) -> list[Extreme]:
    """The masks with the lowest (or highest) Dice; those of the cases `without` are not shown to this person."""
    found = [
        Extreme(case["case"], part["reader"], case["dice"], not case["not_drawn"])
        for part in document["masks"] or []
        for case in part["cases"]
        if case["dice"] is not None and case["case"] not in without
    ]
    found.sort(key=lambda e: (-(e.dice or 0.0) if best else e.dice or 0.0, e.case, e.reader))
    return found[:count]
