"""A CSV of ratings becomes arrays: readers x cases in each arm. A cell that the schema does not declare is refused by line."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _

from annotations.agreement.measurements import Measurements
from annotations.agreement.ratings import MISSING, Ratings
from annotations.analyses.spec import wrong_choice as wrong
from annotations.analyses.tables.schema import TableFeature, TableSchema
from annotations.problems import InvalidSpec

Floats = npt.NDArray[np.float64]
UNABLE = "cannot_assess"


@dataclass(frozen=True, slots=True)
class Line:
    """One reading: who, which case, in which arm, and the cells of its answers."""

    number: int
    reader: str
    case: str
    arm: str
    cells: dict[str, str]


@dataclass(slots=True)
class Table:
    """The readings of a table. `facts` are a case's centre, patient and truth, which every line must state alike."""

    schema: TableSchema
    readers: list[str] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)
    arms: list[str] = field(default_factory=list)
    facts: dict[str, dict[str, str]] = field(default_factory=dict)
    cells: dict[tuple[str, str, str], dict[str, str]] = field(default_factory=dict)  # (arm, reader, case)
    left_out: int = 0  # cases with another number of readings than the schema asks for

    def centres(self) -> dict[str, list[int]]:
        """Places of each centre's cases; one centre without a name where the table has no such column."""
        found: dict[str, list[int]] = {}
        for place, case in enumerate(self.cases):
            found.setdefault(self.facts[case].get("centre", ""), []).append(place)
        return dict(sorted(found.items()))

    def patients(self) -> list[str]:
        """Whose each case is: its own where the table has no such column."""
        return [self.facts[case].get("patient", case) for case in self.cases]

    def truth(self) -> npt.NDArray[np.int64]:
        """1 positive, 0 negative, -1 not known, by case."""
        value = {self.schema.positive: 1, self.schema.negative: 0, "": -1}
        return np.array([value[self.facts[case].get("truth", "")] for case in self.cases], dtype=np.int64)

    def states(self, feature: TableFeature, arm: str) -> npt.NDArray[np.str_]:
        """How each answered, readers x cases: value, cannot_assess, open, or "" where there is no reading."""
        rows = [
            [_state(feature, self.cells.get((arm, reader, case))) for case in self.cases] for reader in self.readers
        ]
        return np.array(rows, dtype="U13").reshape(len(self.readers), len(self.cases))

    def ratings(self, feature: TableFeature, arm: str) -> Ratings:
        """Codes, readers x cases."""
        index = {code: i for i, code in enumerate(feature.scale.categories)}
        codes = np.full((len(self.readers), len(self.cases)), MISSING, np.int16)
        for row, column, cell in self._values(feature, arm):
            codes[row, column] = index[cell]
        return Ratings(codes, feature.scale.categories, readers_known=not self.schema.interchangeable)

    def measurements(self, feature: TableFeature, arm: str) -> Measurements:
        """Numbers, readers x cases, NaN where missing. An ordinal or binary category counts by its place in the order."""
        values = np.full((len(self.readers), len(self.cases)), np.nan)
        rank = {code: float(i) for i, code in enumerate(feature.scale.categories)}
        for row, column, cell in self._values(feature, arm):
            values[row, column] = float(cell) if feature.scale.numeric else rank[cell]
        return Measurements(values)

    def _values(self, feature: TableFeature, arm: str) -> Iterator[tuple[int, int, str]]:
        for row, reader in enumerate(self.readers):
            for column, case in enumerate(self.cases):
                cells = self.cells.get((arm, reader, case))
                if cells is not None and _state(feature, cells) == "value":
                    yield row, column, cells[feature.code]


def _state(feature: TableFeature, cells: dict[str, str] | None) -> str:
    if cells is None:
        return ""
    cell = cells[feature.code]
    if cell in feature.cannot_assess:
        return UNABLE
    return "open" if cell == "" or cell in feature.missing else "value"


def read_table(content: bytes, schema: TableSchema) -> Table:
    """The table; cases, readers and arms in natural order, whatever the order of the lines. Raises InvalidSpec with the line."""
    try:
        rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        header = rows.fieldnames or []
    except UnicodeDecodeError as error:
        raise wrong(_("table"), "UTF-8", str(error)) from None
    except csv.Error as error:
        raise wrong(_("table"), "CSV", str(error)) from None
    if b"\0" in content:  # PostgreSQL keeps no such text
        raise wrong(_("table"), _("text"), _("a byte of zero"))
    wanted = [*schema.column.values(), *schema.reader_columns, *(f.column for f in schema.features if f.column)]
    for name in wanted:
        if name not in header:
            raise wrong(_("table"), _("a column “%s”") % name, ", ".join(header))
    table = Table(schema)
    try:
        lines = [line for row in rows for line in _lines(table, rows.line_num, row)]
    except csv.Error as error:
        raise wrong(_("line %d") % rows.line_num, "CSV", str(error)) from None
    if schema.interchangeable:
        lines = _in_slots(lines)
    for line in lines:
        _put(table, line)
    _keep_complete(table)
    table.cases.sort(key=_natural)
    table.readers.sort(key=_natural)
    table.arms.sort(key=_natural)
    if schema.reference is not None and schema.reference not in table.readers:
        raise wrong("reference_reader", ", ".join(table.readers), schema.reference)
    return table


def _lines(table: Table, number: int, row: dict[str, str | None]) -> Iterator[Line]:
    schema = table.schema
    cell = {name: (value or "").strip() for name, value in row.items() if name is not None}
    case = cell[schema.column["case"]]
    if not case:
        raise wrong_cell(number, schema.column["case"], _("a case"), "")
    _state_facts(table, number, case, cell)
    arm = cell[schema.column["arm"]] if "arm" in schema.column else ""
    if schema.wide:
        code = schema.features[0].code
        for reader in schema.reader_columns:
            if cell[reader]:
                yield _checked(schema, Line(number, reader, case, arm, {code: cell[reader]}))
        return
    reader = cell[schema.column["reader"]]
    if not reader:
        raise wrong_cell(number, schema.column["reader"], _("a reader"), "")
    yield _checked(schema, Line(number, reader, case, arm, {f.code: cell[f.column] for f in schema.features}))


def _state_facts(table: Table, number: int, case: str, cell: dict[str, str]) -> None:
    schema = table.schema
    facts = {name: cell[schema.column[name]] for name in ("centre", "patient", "truth") if name in schema.column}
    known = table.facts.setdefault(case, facts)
    for name, said in facts.items():
        if known[name] != said:
            expected = _("“%(value)s”, as an earlier line of case %(case)s has it") % {
                "value": known[name],
                "case": case,
            }
            raise wrong_cell(number, schema.column[name], expected, said)
    if "truth" in facts and facts["truth"] not in (schema.positive, schema.negative, ""):
        raise wrong_cell(number, schema.column["truth"], f"{schema.positive}, {schema.negative}", facts["truth"])
    if "patient" in facts and not facts["patient"]:
        raise wrong_cell(number, schema.column["patient"], _("a patient"), "")


def _checked(schema: TableSchema, line: Line) -> Line:
    for feature in schema.features:
        if _state(feature, line.cells) != "value":
            continue
        cell = line.cells[feature.code]
        if feature.scale.numeric and not _is_number(cell):
            raise wrong_cell(line.number, feature.column or line.reader, _("a number"), cell)
        if not feature.scale.numeric and cell not in feature.scale.categories:
            categories = ", ".join(str(c) for c in feature.scale.categories)
            raise wrong_cell(line.number, feature.column or line.reader, categories, cell)
    return line


def wrong_cell(number: int, column: str, expected: str, came: str) -> InvalidSpec:
    """A cell that is refused, by line (the heading is line 1) and column."""
    refusal = wrong(_("line %(line)d, column “%(column)s”") % {"line": number, "column": column}, expected, came)
    return InvalidSpec(refusal.detail, entry="table", line=number, column=column, value=came)


def _is_number(cell: str) -> bool:
    try:
        return math.isfinite(float(cell))
    except ValueError:
        return False


def _in_slots(lines: list[Line]) -> list[Line]:
    """Readers who are no persons: the first reading of a case, the second and so on, whatever the table calls them."""
    count: dict[tuple[str, str], int] = {}
    found = []
    for line in lines:
        slot = count[line.arm, line.case] = count.get((line.arm, line.case), 0) + 1
        found.append(Line(line.number, str(slot), line.case, line.arm, line.cells))
    return found


def _put(table: Table, line: Line) -> None:
    key = (line.arm, line.reader, line.case)
    if key in table.cells:
        raise wrong(_("line %d") % line.number, _("each reader once a case"), f"{line.reader}, {line.case}")
    table.cells[key] = line.cells
    for known, name in ((table.readers, line.reader), (table.arms, line.arm)):
        if name not in known:
            known.append(name)


def _keep_complete(table: Table) -> None:
    count: dict[tuple[str, str], int] = {}
    for arm, _reader, case in table.cells:
        count[arm, case] = count.get((arm, case), 0) + 1
    wanted = table.schema.readings_per_case
    cases = list(dict.fromkeys(case for _arm, case in count))
    table.cases = [c for c in cases if wanted is None or all(count.get((arm, c)) == wanted for arm in table.arms)]
    table.left_out = len(cases) - len(table.cases)
    kept = set(table.cases)
    table.cells = {key: cells for key, cells in table.cells.items() if key[2] in kept}
    table.readers = [r for r in table.readers if any(key[1] == r for key in table.cells)]


def _natural(name: str) -> tuple[int, float, str]:
    return (0, float(name), name) if _is_number(name) else (1, 0.0, name)
