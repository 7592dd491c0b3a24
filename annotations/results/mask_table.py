"""Table of masks: each reader with the reference, by centre; and which masks lie furthest from it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from annotations.results.explained import Explanation, explain
from annotations.results.numbers import number

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
            cells = [_cell(f"m-{part['reader']}-{centre}-dice", found["dice"], label, _("Dice"))]
            for unit in ("mm", "px"):
                if unit in found:
                    cells.append(
                        _cell(f"m-{part['reader']}-{centre}-{unit}", found[unit]["hd95"], label, _("HD95"), unit)
                    )
            rows.append(MaskRow(label, centre, len(own), tuple(cells), sum(bool(c["not_drawn"]) for c in own)))
    return rows


def _cell(id: str, estimate: Json, who: str, word: str, unit: str = "") -> MaskCell:
    extra, digits = estimate["extra"], 1 if unit else 2
    if estimate["value"] is None:
        text = estimate["undefined"]
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
