"""Each reader with themselves: kappa or ICC(2,1) of the first with the second time, or of two opinions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from annotations.features import FormSchema
from annotations.results.agreement_table import figures_at
from annotations.results.cells import FigureCell, figure_cell
from annotations.results.sides import long

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class IntraRow:
    """`cells`: the mean over the readers, then each reader."""

    label: str
    statistic: str
    n: int
    cells: tuple[FigureCell, ...]


@dataclass(frozen=True, slots=True)
class IntraTable:
    """`kind` is times (a case read twice) or opinions (two of one time)."""

    kind: str
    pairs: int
    cases: int
    readers: tuple[str, ...]
    rows: tuple[IntraRow, ...]


def intra_tables(view: Json, form: FormSchema, of: str) -> list[IntraTable]:
    """One table a kind of repetition."""
    found = []
    for entry in view.get("intra") or []:
        rows = tuple(_row(entry["kind"], part, str(form.feature(part["code"]).label), of) for part in entry["features"])
        readers = tuple(str(reader["number"]) for reader in view["went_in"]["readers"])
        found.append(IntraTable(entry["kind"], entry["pairs"], entry["cases"], readers, rows))
    return found


def _row(kind: str, part: Json, label: str, of: str) -> IntraRow:
    mean = figures_at(part, of)["intra"]
    id = f"i-{kind}-{part['code']}"
    title = _("%(feature)s, mean over the readers with themselves") % {"feature": label}
    cells = [figure_cell(f"{id}-mean", mean, title, most=1.0)]
    for reader in part["readers"]:
        title = _("%(feature)s, %(reader)s with themselves") % {"feature": label, "reader": long(str(reader["reader"]))}
        own = figures_at(reader, of)["intra"]
        cells.append(figure_cell(f"{id}-{reader['reader']}", own, title, most=1.0))
    statistic = "ICC(2,1)" if part["kind"] == "continuous" else _("Cohen κ")
    return IntraRow(label, statistic, mean["n"]["cases"], tuple(cells))
