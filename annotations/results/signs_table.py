"""Each feature against the pathology, as the reference reading has it: odds ratio, sensitivity and specificity, AUC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from annotations.features import Feature, FormSchema
from annotations.results.cells import FigureCell, figure_cell
from annotations.results.methods import method_in_words

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SignRow:
    """`cells` by centre: the odds ratio (or AUC), sensitivity, specificity; None where the form names no sign."""

    label: str
    level: str
    centre: str
    cells: tuple[FigureCell | None, ...]


def sign_rows(document: Json, form: FormSchema, side: str = "reference") -> list[SignRow]:
    """A row a sign and centre, of one side."""
    rows = []
    for entry in document["signs"] or []:
        feature = form.feature(entry["code"])
        own = next(s for s in entry["sides"] if s["side"] == side)
        for at, sign in enumerate(own["signs"]):
            for centre, found in sign["by_centre"].items():
                id = f"g-{side}-{feature.code}-{at}-{centre}"
                names = ("auc" if "auc" in found else "odds_ratio", "sensitivity", "specificity")
                cells = tuple(_cell(f"{id}-{n}", found[n], feature, centre) if n in found else None for n in names)
                rows.append(SignRow(str(feature.label), _level(feature, sign["levels"]), centre, cells))
    return rows


def _level(feature: Feature, levels: list[str]) -> str:
    if not levels:
        return _("higher, AUC")
    return " + ".join(str(value.label) for value in feature.values if value.code in levels)


def _cell(id: str, estimate: Json, feature: Feature, centre: str) -> FigureCell:
    title = _("%(figure)s, %(feature)s, centre %(centre)s") % {
        "figure": method_in_words(estimate["name"]), "feature": feature.label, "centre": centre,
    }  # fmt: skip
    digits = 0 if (estimate["value"] or 0.0) >= 10 else 2
    return figure_cell(id, estimate, title, digits=digits)
