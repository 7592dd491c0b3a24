"""One row: its key, its sixteen answers in stored form, and what is odd about each cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from annotations.features import Feature, FormSchema, normalise
from annotations.imports import cells
from annotations.imports.columns import GROUP, NUMBER, Columns
from annotations.imports.findings import Key, Report, Verdict
from annotations.imports.names import GROUPS
from annotations.imports.quantities import check_quantities

# longer than any node: no length, whatever the unit
MAX_LENGTH_MM = 300.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: file as shown, row from 1, the columns, and which cells hold formulas (with a cached value?)."""

    file: str
    row: int
    columns: Columns
    formulas: dict[tuple[int, int], bool]

    def formula(self, code: str) -> bool | None:
        """None: no formula; else whether the sheet kept its value."""
        return self.formulas.get((self.row, self.columns.index[code] + 1))


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row that can be used. `raw`: header -> text as the sheet has it, known columns only."""

    key: Key
    row: int
    file: str
    answers: dict[str, dict[str, Any]]
    raw: dict[str, str]


def is_blank(values: Sequence[Any]) -> bool:
    return not any(cells.clean(v) for v in values)


def read_row(values: Sequence[Any], place: Place, centre: int, schema: FormSchema, report: Report) -> SheetRow | None:
    """The row, or None when it was refused; its key is then among `report.refused_keys` if it has one."""
    by_code = {code: values[at] if at < len(values) else None for code, at in place.columns.index.items()}
    key = _key(by_code, place, centre, report)
    if key is None:
        return None
    before = report.counts["refused"]
    answers = {}
    for feature in schema.features:
        answer = _answer(feature, by_code[feature.code], place, key, schema, report)
        if answer is not None:
            answers[feature.code] = answer
    check_quantities(answers, by_code, place, key, report)
    if report.counts["refused"] > before:
        return None
    raw = {place.columns.header[code]: cells.clean(v)[:200] for code, v in by_code.items()}
    return SheetRow(key, place.row, place.file, answers, raw)


def _key(by_code: dict[str, Any], place: Place, centre: int, report: Report) -> Key | None:
    group_text, number_raw = cells.clean(by_code[GROUP]), by_code[NUMBER]
    group = GROUPS.get(normalise(group_text))
    number = cells.case_number(number_raw)
    if group is None:
        report.add(
            "unknown_value",
            "refused",
            file=place.file,
            row=place.row,
            column=place.columns.header[GROUP],
            value=by_code[GROUP] if group_text else "",
            sentence=_("The group is neither Benign nor Malignant, so the row cannot be tied to its files."),
        )
    elif normalise(group_text) != group:
        report.synonyms[place.columns.header[GROUP], group_text, group] += 1
    if number is None:
        report.add(
            "bad_case_number",
            "refused",
            file=place.file,
            row=place.row,
            column=place.columns.header[NUMBER],
            value=number_raw if number_raw is not None else "",
            sentence=_("The image name is not a whole number, so the row cannot be tied to its files."),
        )
    return None if group is None or number is None else Key(centre, group, number)


def _answer(
    feature: Feature, raw: Any, place: Place, key: Key, schema: FormSchema, report: Report
) -> dict[str, Any] | None:
    header = place.columns.header[feature.code]
    where: dict[str, Any] = {"file": place.file, "row": place.row, "column": header, "case": key}
    if _is_formula_without_value(feature, raw, place, where, report):
        return None
    text = cells.clean(raw)
    if cells.is_error(raw):
        cell = cells.error_cell(text)
    elif cells.is_gap(text):
        hint = _("the word “None” would be a value") if "none" in feature.value_codes else ""
        report.add(
            "missing_value",
            "look",
            value=text,
            sentence=_("%s is empty; it stays missing.") % feature.label,
            probably=hint,
            **where,
        )
        return None
    elif feature.kind == "continuous":
        cell = cells.number(raw)
    else:
        cell = cells.level(feature, raw, schema.categorical)
    for oddity in cell.oddities:
        verdict: Verdict = "refused" if oddity.refused else "note" if oddity.code == "number_as_text" else "look"
        report.add(oddity.code, verdict, oddity.sentence, value=cell.text, probably=oddity.probably, **where)
    if cell.value is None:
        return None
    if feature.kind != "continuous":
        if normalise(text) != normalise(str(cell.value)):
            report.synonyms[header, text, str(cell.value)] += 1
        return {"value": cell.value}
    return _quantity(feature, float(cell.value), cell.text, where, report)


def _is_formula_without_value(feature: Feature, raw: Any, place: Place, where: dict[str, Any], report: Report) -> bool:
    kept = place.formula(feature.code)
    if kept is None:
        return False
    if kept and raw is not None:
        report.add(
            "formula",
            "look",
            value=cells.clean(raw),
            sentence=_("The cell is a formula; the value it was saved with was read."),
            **where,
        )
        return False
    if feature.derived:
        report.add(
            "formula",
            "look",
            sentence=_("The cell is a formula without a saved value; the ratio comes from the diameters."),
            **where,
        )
    else:
        report.add(
            "formula",
            "refused",
            sentence=_(
                "The cell is a formula without a saved value. Formulas are never worked out and no link is followed: "
                "write the value itself."
            ),
            **where,
        )
    return True


def _quantity(
    feature: Feature, value: float, text: str, where: dict[str, Any], report: Report
) -> dict[str, Any] | None:
    if feature.derived:
        return {"value": value}  # judged beside the diameters, in `check_quantities`
    if not 0 < value <= MAX_LENGTH_MM:
        report.add(
            "implausible_value", "refused", value=text, sentence=_("%g mm is not a length of a node.") % value, **where
        )
        return None
    low, high = feature.plausible or (0.0, MAX_LENGTH_MM)
    if not low <= value <= high:
        report.add(
            "implausible_value",
            "look",
            value=text,
            probably=_("%g mm, given in cm") % (value * 10) if low <= value * 10 <= high and value < low else "",
            sentence=_("%(value)g mm is outside %(low)g to %(high)g mm, where nodes are.")
            % {"value": value, "low": low, "high": high},
            **where,
        )
    return {"value": {"mm": value}}
