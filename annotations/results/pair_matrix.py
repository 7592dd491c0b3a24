"""Cohen's kappa of every pair of sides for one feature, as cells whose shade is a step of five."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from annotations.results.explained import Explanation, explain
from annotations.results.sides import long, short


@dataclass(frozen=True, slots=True)
class PairCell:
    """`step` is 1 … 5, "below" under 0, "undefined" where there is no value."""

    id: str
    text: str
    step: str
    explanation: Explanation
    one: str
    two: str
    apart: int


@dataclass(frozen=True, slots=True)
class PairRow:
    label: str
    cells: tuple[PairCell, ...]
    after: range


def pair_matrix(document: Mapping[str, Any], code: str, label: str) -> list[PairRow]:
    """Rows below the diagonal; empty for a continuous feature."""
    part = next(p for p in document["features"] if p["code"] == code)
    if part["pairs"] is None:
        return []
    labels: list[str] = part["pairs"]["labels"]
    found = {tuple(cell["readers"]): cell for cell in part["pairs"]["cells"]}
    seed = document["spec"]["seed"]
    rows = []
    for at, second in enumerate(labels):
        cells = tuple(_cell(found[first, second], code, label, seed) for first in labels[:at])
        rows.append(PairRow(short(second), cells, range(len(labels) - at - 1)))
    return rows


def dice_matrix(document: Mapping[str, Any], centre: str) -> list[PairRow]:
    """Median Dice of every two readers' masks at one centre; empty with fewer than two readers or without masks."""
    pairs = document["mask_pairs"] or []
    numbers = [reader["number"] for reader in document["went_in"]["readers"]]
    found = {tuple(pair["readers"]): pair["by_centre"][centre]["dice"] for pair in pairs}
    rows = []
    for at, second in enumerate(numbers if found else ()):
        cells = tuple(_dice_cell(found[first, second], str(first), str(second), centre) for first in numbers[:at])
        rows.append(PairRow(short(str(second)), cells, range(len(numbers) - at - 1)))
    return rows


def _dice_cell(estimate: Mapping[str, Any], one: str, two: str, centre: str) -> PairCell:
    words = {"one": long(one), "two": long(two), "centre": centre}
    title = _("Dice, %(one)s and %(two)s, centre %(centre)s; in the cell the median, here the mean") % words
    median = estimate["extra"].get("median")
    return PairCell(f"d-{centre}-{one}-{two}", _digits(median), _step(median), explain(estimate, title), one, two, 0)


def _cell(cell: Mapping[str, Any], code: str, label: str, seed: int) -> PairCell:
    one, two = cell["readers"]
    value = cell["kappa"]["value"]
    title = _("Cohen κ, %(feature)s: %(one)s and %(two)s") % {"feature": label, "one": long(one), "two": long(two)}
    return PairCell(
        f"p-{code}-{one}-{two}", _digits(value), _step(value), explain(cell["kappa"], title, seed=seed), one, two,
        len(cell["apart"]),
    )  # fmt: skip


def _digits(value: float | None) -> str:
    if value is None:
        return "–"
    text = f"{value:.2f}".replace("-", "\u2212")
    return text.replace("0.", ".", 1) if text not in ("1.00", "\u22121.00") else text.replace(".00", "")


def _step(value: float | None) -> str:
    if value is None:
        return "undefined"
    return "below" if value < 0 else str(min(5, int(value * 5 + 1e-9) + 1))
