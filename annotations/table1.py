"""Table 1 of a dataset: counts per centre and cytology, means of the quantities; beside it what the paper printed.

Counts are compared, never percentages (the paper truncates its percentages).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from scipy.stats import t as student

from annotations.agreement.result import Counts, Estimate, Interval, undefined
from annotations.case_rows import CaseRow
from annotations.features import LYMPHUS, Feature, FormSchema, Text
from annotations.models import Pathology
from annotations.published_table1 import Cell, Moments, table1

MEAN = "arithmetic mean; 95 % interval by Student's t, mean ± t(n − 1) · s / √n"


@dataclass(frozen=True, slots=True)
class Column:
    """A centre and a cytology. `published`: that column of the paper, if the dataset is of its form and centres.

    `comparable`: it has as many cases as the paper's, so that the counts below it can be compared.
    """

    centre_number: int
    centre_name: str
    status: str
    rows: tuple[CaseRow, ...]
    published: Cell | None

    @property
    def label(self) -> str:
        return f"{self.centre_name}, {self.status_label}"

    @property
    def status_label(self) -> str:
        return str(Pathology.Status(self.status).label) if self.status else _("cytology not known")

    @property
    def n(self) -> int:
        return len(self.rows)

    @property
    def comparable(self) -> bool:
        return self.published is not None and self.published.n == self.n


@dataclass(frozen=True, slots=True)
class CountCell:
    """`given`: the cases that have an answer. `published` is None where the paper prints none or it cannot be compared."""

    count: int
    given: int
    of: int
    published: int | None

    @property
    def differs(self) -> bool:
        return self.published is not None and self.published != self.count


@dataclass(frozen=True, slots=True)
class CountLine:
    feature: Text
    level: Text
    cells: tuple[CountCell, ...]


@dataclass(frozen=True, slots=True)
class MeanCell:
    estimate: Estimate
    published: Moments | None


@dataclass(frozen=True, slots=True)
class MeanLine:
    feature: Text
    unit: str
    places: int
    cells: tuple[MeanCell, ...]


@dataclass(frozen=True, slots=True)
class Table1:
    columns: tuple[Column, ...]
    counts: tuple[CountLine, ...]
    means: tuple[MeanLine, ...]
    is_lymphus: bool
    estimator: str = MEAN

    @property
    def compared(self) -> int:
        return sum(cell.published is not None for line in self.counts for cell in line.cells)

    @property
    def differences(self) -> list[str]:
        """Each difference from the paper in words; columns of another size first, whose counts are not compared."""
        said = [
            _("%(column)s: %(here)d cases here, %(paper)d published; its counts are not compared.")
            % {"column": c.label, "here": c.n, "paper": c.published.n}
            for c in self.columns if c.published is not None and not c.comparable
        ]  # fmt: skip
        for line in self.counts:
            for column, cell in zip(self.columns, line.cells):
                if cell.differs:
                    said.append(
                        _("%(feature)s, %(level)s, %(column)s: %(here)d here, %(paper)d published.")
                        % {"feature": line.feature, "level": line.level, "column": column.label, "here": cell.count,
                           "paper": cell.published}
                    )  # fmt: skip
        return said


def make_table1(rows: Iterable[CaseRow], schema: FormSchema) -> Table1:
    """Of the cases that are in. A column for each centre and cytology that has cases."""
    included = [row for row in rows if row.included]
    paper = {(c.centre, c.group.lower()): c for c in table1()} if schema.version == LYMPHUS.version else {}
    columns = _columns(included, paper)
    return Table1(
        columns,
        tuple(_count_line(f, level, columns) for f in schema.categorical for level in _levels(f)),
        tuple(_mean_line(f, columns) for f in schema.features if f.kind == "continuous"),
        bool(paper) and any(c.published for c in columns),
    )


def _columns(rows: Sequence[CaseRow], paper: dict[tuple[int, str], Cell]) -> tuple[Column, ...]:
    order = [Pathology.Status.MALIGNANT, Pathology.Status.BENIGN, ""]
    keys = sorted({(r.centre_number, order.index(r.status), r.centre_name) for r in rows})
    return tuple(
        Column(number, name, str(order[at]), tuple(r for r in rows if (r.centre_number, r.status) == (number, order[at])),
               paper.get((number, str(order[at]))))
        for number, at, name in keys
    )  # fmt: skip


def _levels(feature: Feature) -> list[str]:
    """Of two levels the one counted as present; of more, all of them."""
    return [feature.present] if feature.kind == "binary" and feature.present else list(feature.value_codes)


def _count_line(feature: Feature, level: str, columns: Sequence[Column]) -> CountLine:
    label = next(v.label for v in feature.values if v.code == level)
    return CountLine(feature.label, label, tuple(_count(feature.code, level, column) for column in columns))


def _count(code: str, level: str, column: Column) -> CountCell:
    said = [row.answers[code] for row in column.rows if code in row.answers]
    cell = column.published
    published = cell.counts.get((code, level)) if cell is not None and column.comparable else None
    return CountCell(said.count(level), len(said), column.n, published)


def _mean_line(feature: Feature, columns: Sequence[Column]) -> MeanLine:
    cells = []
    for column in columns:
        values = [float(row.answers[feature.code]) for row in column.rows if feature.code in row.answers]
        published = column.published.moments.get(feature.code) if column.published else None
        cells.append(MeanCell(mean_with_interval(values, missing=column.n - len(values)), published))
    return MeanLine(feature.label, feature.unit, 2 if feature.derived else 1, tuple(cells))


def mean_with_interval(values: Sequence[float], *, missing: int = 0) -> Estimate:
    """The mean of the values in their own unit, with Student's interval.

    >>> e = mean_with_interval([1.0, 2.0, 3.0, 4.0])
    >>> round(e.value, 3), round(e.interval.low, 3), round(e.interval.high, 3)
    (2.5, 0.446, 4.554)
    """
    n = len(values)
    counts = Counts(cases=n, readers=1, ratings=n, missing=missing)
    if n == 0:
        return undefined("mean", MEAN, _("no case has a value"), counts)
    mean = math.fsum(values) / n
    if n == 1:
        return Estimate("mean", MEAN, mean, n=counts, no_interval=_("one value has no spread"))
    se = math.sqrt(math.fsum((v - mean) ** 2 for v in values) / (n - 1) / n)
    half = float(student.ppf(0.975, n - 1)) * se
    interval = Interval(mean - half, mean + half, 0.95, "Student's t")
    return Estimate("mean", MEAN, mean, se=se, interval=interval, n=counts, df=float(n - 1))
