"""Frozen inputs become arrays: two queries (references, readings), answers worked out once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from annotations import mask_codec
from annotations.agreement.measurements import Measurements
from annotations.agreement.outlines import Outline, outline
from annotations.agreement.ratings import Ratings
from annotations.answers import Resolved, Spacing, resolve
from annotations.calibration import own_spacing
from annotations.features import Feature, FormSchema, form_schema
from annotations.models import ReadingRevision
from annotations.problems import InputsChanged

MISSING = -1
ONE_ARM = {"number": 1, "label": ""}


@dataclass(slots=True)
class Said:
    """One reading as it goes into the figures."""

    answers: Mapping[str, Resolved]
    score: int | None
    call: str
    no_node: bool
    mask_payload: bytes | None

    def mask(self) -> npt.NDArray[np.uint8] | None:
        """The mask, h x w of 0/1; None where none was drawn."""
        return mask_codec.decode(self.mask_payload) if self.mask_payload else None


@dataclass(slots=True)
class Material:
    """Everything of one arm of an analysis. Rows are readers in their order, columns cases in theirs.

    said      what counts: the last opinion of the first time that the reader read the case in this arm
    before    the first opinion of that time, where a later one followed
    again     the last opinion of the second time
    of_study  else of a dataset version, where other reference readings may be few, or none, and have no score and no call
    """

    form: FormSchema
    readers: list[dict[str, Any]]
    cases: list[dict[str, Any]]
    said: dict[tuple[int, int], Said] = field(default_factory=dict)  # (reader row, case column)
    reference: dict[int, Said] = field(default_factory=dict)  # case column
    before: dict[tuple[int, int], Said] = field(default_factory=dict)
    again: dict[tuple[int, int], Said] = field(default_factory=dict)
    arm: Mapping[str, Any] = field(default_factory=lambda: ONE_ARM)
    of_study: bool = True
    # readers x cases and the reference, by feature: made once
    _tables: dict[str, npt.NDArray[Any]] = field(default_factory=dict)

    def centres(self) -> list[int]:
        return sorted({case["centre"] for case in self.cases})

    def columns(self, centre: int | None = None) -> list[int]:
        """Case columns, of one centre or of all."""
        return [i for i, case in enumerate(self.cases) if centre in (None, case["centre"])]

    def patients(self, columns: list[int]) -> list[str]:
        """Whose node each of these cases is."""
        return [self.cases[i]["patient"] for i in columns]

    def patient_numbers(self, columns: list[int]) -> list[int] | None:
        """The same as numbers, for the resampling of masks; None where no patient has several cases."""
        if not self.several_nodes():
            return None
        number = {patient: i for i, patient in enumerate(sorted({case["patient"] for case in self.cases}))}
        return [number[self.cases[i]["patient"]] for i in columns]

    def judged(self) -> bool:
        """Whether any reading has a score or a call, as every reading of a study has."""
        return self.of_study or any(said.score is not None or bool(said.call) for said in self.said.values())

    def several_nodes(self) -> bool:
        """Whether some patient has several cases."""
        return len({case["patient"] for case in self.cases}) < len(self.cases)

    def row(self, reader: int) -> dict[int, Said]:
        """Case column → what that reader said."""
        return {column: said for (row, column), said in self.said.items() if row == reader}

    def spacing(self, column: int) -> Spacing | None:
        return _spacing(self.cases[column]["spacing"])

    def outline(self, row: int | None, column: int) -> Outline:
        """The mask that reader (None: the reference) drew of that case, prepared for comparison; empty if none."""
        said = self.reference[column] if row is None else self.said[row, column]
        mask = said.mask()
        if mask is None:
            image = self.cases[column]["image"]
            mask = np.zeros((image["height"], image["width"]), np.uint8)
        return outline(mask)

    def ratings(self, feature: Feature, columns: list[int], *, reference: bool = False) -> Ratings:
        """Codes of a categorical feature, readers x cases; with `reference` its row comes last."""
        if feature.code not in self._tables:
            index = {code: i for i, code in enumerate(feature.value_codes)}
            rows = [[code_of(said, feature.code, index) for said in sides] for sides in self._all_sides()]
            self._tables[feature.code] = np.array(rows, dtype=np.int16)
        codes = self._tables[feature.code][: len(self.readers) + reference, columns]
        return Ratings(codes, feature.value_codes)

    def measurements(self, feature: Feature, columns: list[int], unit: str, *, reference: bool = False) -> Measurements:
        """Values of a continuous feature in that unit, readers x cases, NaN where missing or in another unit."""
        key = f"{feature.code} in {unit}"
        if key not in self._tables:
            rows = [[number_of(said, feature.code, unit) for said in sides] for sides in self._all_sides()]
            self._tables[key] = np.array(rows, dtype=np.float64)
        return Measurements(self._tables[key][: len(self.readers) + reference, columns])

    def _all_sides(self) -> Iterator[list[Said | None]]:
        return self._sides(list(range(len(self.cases))), reference=True)

    def states(self, code: str, columns: list[int], *, reference: bool = False) -> list[list[str]]:
        """How each answered: value, cannot_assess, not_applicable, open, or "" where there is no reading."""
        return [
            [said.answers[code].state if said else "" for said in sides] for sides in self._sides(columns, reference)
        ]

    def _sides(self, columns: list[int], reference: bool) -> Iterator[list[Said | None]]:
        for row in range(len(self.readers)):
            yield [self.said.get((row, column)) for column in columns]
        if reference:
            yield [self.reference.get(column) for column in columns]


class Frozen(Protocol):
    """What is needed of a revision: a row of the database, or an entry of a bundle."""

    @property
    def content(self) -> Any: ...

    @property
    def mask_payload(self) -> bytes | memoryview | None: ...

    @property
    def sha256(self) -> str: ...


def arms_of(inputs: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Number and label of each arm that was read; inputs of earlier engines know of none and have one."""
    return list(inputs.get("arms") or [ONE_ARM])


def load(inputs: Mapping[str, Any], kept: Mapping[str, Frozen] | None = None, *, arm: int | None = None) -> Material:
    """Read the frozen revisions of one arm (the first, if none is named), from the database or from those `kept`.

    Raises InputsChanged when one is not as it was.
    """
    every = load_arms(inputs, kept)
    return next((material for material in every if material.arm["number"] == arm), every[0])


def load_arms(inputs: Mapping[str, Any], kept: Mapping[str, Frozen] | None = None) -> list[Material]:
    """The material of every arm. Raises InputsChanged."""
    revisions = frozen_revisions(inputs, kept)
    return [_of_arm(inputs, revisions, arm) for arm in arms_of(inputs)]


def _of_arm(inputs: Mapping[str, Any], revisions: Mapping[str, Frozen], arm: Mapping[str, Any]) -> Material:
    form = form_schema(inputs["form_version"])
    of_study = inputs.get("of") != "version"
    material = Material(form, list(inputs["readers"]), list(inputs["cases"]), arm=arm, of_study=of_study)
    row_of = {reader["number"]: row for row, reader in enumerate(material.readers)}
    for column, case in enumerate(material.cases):
        spacing = _spacing(case["spacing"])
        if case["reference"]:
            revision = revisions[case["reference"]["revision"]]
            material.reference[column] = _said(form, revision, spacing, "every_node")
        for number, times in _times(case["readings"], arm["number"]).items():
            said = [
                [_said(form, revisions[r["revision"]], spacing, inputs["ask_prominent"]) for r in opinions]
                for opinions in times[:2]
            ]
            key = (row_of[number], column)
            material.said[key] = said[0][-1]
            if len(said[0]) > 1:
                material.before[key] = said[0][0]
            if len(said) > 1:
                material.again[key] = said[1][-1]
    return material


def _times(readings: Sequence[Mapping[str, Any]], arm: int) -> dict[int, list[list[Mapping[str, Any]]]]:
    """Reader number → the times that this reader read the case in that arm, each with its opinions, in order."""
    found: dict[int, dict[tuple[int, int], list[Mapping[str, Any]]]] = {}
    for reading in readings:
        if reading.get("arm", 1) == arm:
            time = (reading.get("period", 1), reading["replicate"])
            found.setdefault(reading["reader"], {}).setdefault(time, []).append(reading)
    return {
        number: [sorted(times[time], key=lambda r: r["opinion"]) for time in sorted(times)]
        for number, times in found.items()
    }


def frozen_revisions(inputs: Mapping[str, Any], kept: Mapping[str, Frozen] | None = None) -> Mapping[str, Frozen]:
    """Every revision that the inputs name, by id. Raises InputsChanged."""
    wanted: dict[str, str] = {}
    for case in inputs.get("cases", ()):  # a table has none
        for facts in [case["reference"], *case["readings"]]:
            if facts:
                wanted[facts["revision"]] = facts["sha256"]
    found = _stored(list(wanted)) if kept is None else kept
    for public_id, sha256 in wanted.items():
        if public_id not in found or found[public_id].sha256 != sha256:
            raise InputsChanged(f"Revision {public_id} is not as it was when this analysis was frozen.")
    return found


def _stored(ids: list[str]) -> dict[str, Frozen]:
    found: dict[str, Frozen] = {}
    for start in range(0, len(ids), 5000):
        rows = ReadingRevision.objects.unscoped().filter(public_id__in=ids[start : start + 5000])
        found.update({revision.public_id: revision for revision in rows})
    return found


def _said(form: FormSchema, revision: Frozen, spacing: Spacing | None, ask_prominent: str) -> Said:
    content = revision.content
    spacing = spacing or own_spacing(content)
    resolved = resolve(
        form, content["answers"], spacing=spacing, ask_prominent=ask_prominent, node=not content["no_node"]
    )
    payload = bytes(revision.mask_payload) if revision.mask_payload else None
    return Said(resolved, content["score"], content["call"] or "", content["no_node"], payload)


def _spacing(facts: Mapping[str, Any] | None) -> Spacing | None:
    return Spacing(facts["row_mm"], facts["col_mm"], facts["source"]) if facts else None


def code_of(said: Said | None, code: str, index: Mapping[str, int]) -> int:
    """Which category was said; MISSING where none was."""
    if said is None or said.answers[code].state != "value":
        return MISSING
    return index[str(said.answers[code].value)]


def number_of(said: Said | None, code: str, unit: str) -> float:
    """The number said in that unit; NaN where there is none."""
    if said is None or said.answers[code].state != "value" or said.answers[code].unit != unit:
        return float("nan")
    return float(said.answers[code].value or 0.0)
