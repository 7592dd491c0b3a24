"""The cases of a dataset with what curators sort and count them by, in a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from annotations.answers import Resolved, resolve
from annotations.features import FormSchema, form_schema
from annotations.models import Case, Dataset, Image, Reading


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case as its latest reference reading and its curators have it.

    answers   code → value: a level, a ratio, a length in mm; what is not given in these is not there
    status    "benign", "malignant", or "" when not known
    """

    pk: int
    public_id: str
    centre_number: int
    centre_name: str
    state: str
    markings: tuple[str, ...]
    status: str
    excluded_reason: str
    sheet_row: int | None
    image: str
    width: int
    height: int
    scaled: bool
    answers: dict[str, Any]

    @property
    def included(self) -> bool:
        return self.state == Case.State.INCLUDED


def case_rows(user: Any, dataset: Dataset) -> list[CaseRow]:
    """Every case this person may see, left out or not, by public id. Three queries."""
    cases = Case.objects.visible_to(user).filter(dataset=dataset).order_by("public_id")
    found = list(cases.select_related("centre", "pathology", "provenance").defer("provenance__raw_values"))
    images: dict[int, Image] = {}
    for image in Image.objects.visible_to(user).filter(case__dataset=dataset, modality="b_mode").order_by("-pk"):
        images[image.case_id] = image
    readings = dict(
        Reading.objects.visible_to(user).submitted().filter(case__dataset=dataset, source__kind="panel")
        .order_by("submitted_at", "pk").values_list("case_id", "answers")
    )  # fmt: skip
    schema = form_schema(dataset.form_version)
    return [_row(c, images[c.pk], readings.get(c.pk, {}), schema) for c in found if c.pk in images]


def values_of(schema: FormSchema, answers: Any, image: Image) -> dict[str, Any]:
    """Code → value of a reference reading: as published, so that what it holds of homogeneous nodes counts too."""
    resolved = resolve(schema, answers, spacing=image.spacing, ask_prominent="every_node") if answers else {}
    return {code: one.value for code, one in resolved.items() if _counts(one)}


def _counts(one: Resolved) -> bool:
    return one.state == "value" and one.unit != "px"


def _row(case: Case, image: Image, answers: Any, schema: FormSchema) -> CaseRow:
    pathology, provenance = getattr(case, "pathology", None), getattr(case, "provenance", None)
    return CaseRow(
        case.pk, case.public_id, case.centre.number, case.centre.name, case.state, tuple(case.markings),
        pathology.status if pathology else "", provenance.excluded_reason if provenance else "",
        provenance.sheet_row if provenance else None, image.public_id, image.width, image.height,
        image.spacing is not None, values_of(schema, answers, image),
    )  # fmt: skip
