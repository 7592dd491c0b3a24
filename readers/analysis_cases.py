"""Cases of an analysis as whoever may see it looks at them: the frozen revisions, the outlines, and a note of what was shown."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db.models import QuerySet

from annotations.analyses.material import Material, Said, load
from annotations.models import Analysis, Case, Image
from annotations.results.mask_table import Extreme
from annotations.results.outlines import box_of, outline_path, view_of
from readers.exposures import blinded_cases, record_exposures


@dataclass(frozen=True, slots=True)
class Outlined:
    """A picture of a case with the outlines of two sides. `view` is the viewBox."""

    case: str
    reader: int
    dice: str
    drawn: bool
    width: int
    height: int
    view: str
    own: str
    reference: str


def shown_cases(analysis: Analysis, user: Any, ids: Collection[str] | None = None) -> QuerySet[Case]:
    """Cases that went into the analysis, but those that this person reads blinded now."""
    frozen = {case["id"] for case in analysis.inputs.get("cases", ())}
    wanted = frozen if ids is None else frozen & set(ids)
    return Case.objects.unscoped().filter(public_id__in=wanted).exclude(pk__in=blinded_cases(user))


def hidden_ids(analysis: Analysis, user: Any) -> set[str]:
    """Ids of the analysis's cases that this person reads blinded now."""
    frozen = [case["id"] for case in analysis.inputs.get("cases", ())]
    hidden = Case.objects.unscoped().filter(public_id__in=frozen, pk__in=blinded_cases(user))
    return set(hidden.values_list("public_id", flat=True))


def material_of(analysis: Analysis, ids: Collection[str], arm: int | None = None) -> Material:
    """What was said of those cases in one arm, as it was frozen. Raises InputsChanged."""
    wanted = set(ids)
    cases = [case for case in analysis.inputs["cases"] if case["id"] in wanted]
    return load({**analysis.inputs, "cases": cases}, arm=arm)


def note_cases_shown(user: Any, cases: QuerySet[Case], analysis: Analysis, *what: str) -> None:
    pks = list(cases.values_list("pk", flat=True))
    for sight in what:
        record_exposures(user, pks, sight, f"analysis {analysis.public_id}")


def image_of(analysis: Analysis, case: Case) -> Image:
    """The image that the readers saw. Raises Image.DoesNotExist."""
    frozen = next(c for c in analysis.inputs["cases"] if c["id"] == case.public_id)
    return Image.objects.unscoped().get(case=case, public_id=frozen["image"]["id"])


def outlined(analysis: Analysis, user: Any, chosen: list[Extreme], arm: int | None = None) -> list[Outlined]:
    """Those masks with their outlines, the sight of the references noted. Three queries however many."""
    cases = shown_cases(analysis, user, {extreme.case for extreme in chosen})
    shown = set(cases.values_list("public_id", flat=True))
    material = material_of(analysis, shown, arm)
    column = {case["id"]: i for i, case in enumerate(material.cases)}
    row = {reader["number"]: i for i, reader in enumerate(material.readers)}
    note_cases_shown(user, cases, analysis, "reference")
    return [
        picture(material, column[extreme.case], row[extreme.reader], extreme)
        for extreme in chosen
        if extreme.case in shown
    ]


def picture(material: Material, column: int, row: int | None, extreme: Extreme, *, whole: bool = False) -> Outlined:
    """One case with one reader's outline (None: nobody's) and the reference's; `whole` shows all of the image."""
    case = material.cases[column]
    size = (case["image"]["width"], case["image"]["height"])
    own = _mask(None if row is None else material.said.get((row, column)), size)
    reference = _mask(material.reference.get(column), size)
    view = (0, 0, *size) if whole else view_of(box_of([own, reference]), size)
    return Outlined(
        case["id"], extreme.reader, extreme.says, extreme.drawn, *size, " ".join(f"{v:g}" for v in view),
        outline_path(own), outline_path(reference),
    )  # fmt: skip


def _mask(said: Said | None, size: tuple[int, int]) -> npt.NDArray[np.uint8]:
    mask = said.mask() if said else None
    return np.zeros((size[1], size[0]), np.uint8) if mask is None else mask
