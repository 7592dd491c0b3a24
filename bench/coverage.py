"""How often the intervals shown by default hold the truth: `python bench/coverage.py [REPLICATIONS] [COLUMN …] [--write]`.

Thirty cells (readers, cases, prevalence, probability of being right; `coverage_rows.simulated`), 2,000 replications by
default, a quarter of them for what is resampled. What was counted is kept in bench/coverage.json; with columns named
("average AUC"), these alone are counted anew. Prints Markdown tables of the share of replications whose 95 % interval holds
the truth, bold below 0.93 with the share of these figures that warn their reader, and of replications without an interval.
`--write` puts them into docs/statistics.md, between its marks; "--write" alone writes what was counted last.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)  # not bench/: see statistics.py

import numpy as np

from bench.coverage_rows import Tried
from bench.coverage_rows.accuracy import ACCURACY
from bench.coverage_rows.categories import BINARY, LIKE_THESE, ORDINAL, RESAMPLED
from bench.coverage_rows.measured import MEASURED
from bench.coverage_rows.simulated import Cell
from annotations.written_docs import with_section

SEED = 1960
LEAST = 0.93
# cases, prevalence, probability that a reader is right
SETTINGS = (
    (20, 0.5, 0.7),
    (20, 0.5, 0.9),
    (20, 0.1, 0.9),
    (100, 0.5, 0.8),
    (100, 0.5, 0.95),
    (100, 0.1, 0.9),
    (338, 0.5, 0.9),
    (338, 0.1, 0.95),
    (338, 0.01, 0.95),
    (338, 0.99, 0.95),
)
CELLS = [Cell(readers, *setting) for readers in (2, 5, 20) for setting in SETTINGS]
TABLES: dict[str, tuple[Tried, ...]] = {
    "Agreement, present or absent": BINARY,
    "The same, resampled": RESAMPLED,
    "Agreement, present or absent, said of readers like these, who differ": LIKE_THESE,
    "Agreement, three ordered categories": ORDINAL,
    "Measurements and masks": MEASURED,
    "Accuracy": ACCURACY,
}
KEPT = ROOT / "bench" / "coverage.json"
PAGE = ROOT / "docs" / "statistics.md"
SAID = 0.5  # share of a cell's figures that must warn for the cell to count as one that says so


@dataclass
class Count:
    """What became of one column's intervals in one cell."""

    tried: int = 0
    without: int = 0
    held: int = 0
    warned: int = 0

    def add(self, column: Tried, data: object, seed: int) -> None:
        found = column.found(data, seed)  # type: ignore[arg-type]
        self.tried += 1
        if found.limits is None:
            self.without += 1
            return
        truth = column.truth(data)  # type: ignore[arg-type]
        self.held += found.limits[0] - 1e-9 <= truth <= found.limits[1] + 1e-9
        self.warned += found.warned

    @property
    def short(self) -> bool:
        """Whether the intervals hold the truth too seldom."""
        given = self.tried - self.without
        return given > 0 and self.held / given < LEAST

    @property
    def said(self) -> bool:
        return self.warned >= SAID * (self.tried - self.without)

    def __str__(self) -> str:
        given = self.tried - self.without
        if not self.tried:
            return ""
        if not given:
            return "none"
        share = self.held / given
        shown = f"{share:.3f}" if share >= LEAST else f"**{share:.3f}** ({self.warned / given:.0%} warned)"
        return shown + (f" ({self.without / self.tried:.1%} none)" if self.without else "")


def counted(cell: Cell, number: int, replications: int, wanted: Sequence[str]) -> dict[str, Count]:
    """The columns wanted (none: all) of every table in one cell; a study is drawn once for all."""
    columns = [c for table in TABLES.values() for c in table if c.meant(cell) and (not wanted or c.name in wanted)]
    found = {column.name: Count() for column in columns}
    for replication in range(replications):
        data = cell.draw(np.random.default_rng([SEED, number, replication]))
        for column in columns:
            if not column.resampled or replication < max(1, replications // 4):
                found[column.name].add(column, data, replication)
    return found


def verdict(found: list[Count]) -> str:
    """Of a row: every interval covers, or those that do not say so; or some do neither."""
    short = [count for count in found if count.short]
    if not short:
        return "covers"
    return "warns" if all(count.said for count in short) else "**short, unsaid**"


def tables(counts: list[dict[str, Count]]) -> Iterator[str]:
    for title, columns in TABLES.items():
        yield f"#### {title}\n"
        yield "| readers | cases | prevalence | right | " + " | ".join(column.name for column in columns) + " | row |"
        yield "|---|---|---|---|" + "---|" * (len(columns) + 1)
        for cell, found in zip(CELLS, counts, strict=True):
            own = [found.get(column.name, Count()) for column in columns]
            if any(count.tried for count in own):
                head = f"| {cell.readers} | {cell.cases} | {cell.prevalence:g} | {cell.right:g} | "
                yield head + " | ".join(str(count) for count in own) + f" | {verdict(own)} |"
        yield ""


def kept() -> tuple[list[dict[str, Count]], list[str]]:
    """What was counted last, cell by cell, and a sentence for each run that counted it."""
    if not KEPT.exists():
        return [{} for _ in CELLS], []
    stored = json.loads(KEPT.read_text())
    return [{name: Count(*own) for name, own in cell.items()} for cell in stored["cells"]], stored["runs"]


def keep(counts: list[dict[str, Count]], runs: list[str]) -> None:
    cells = [{name: [c.tried, c.without, c.held, c.warned] for name, c in cell.items()} for cell in counts]
    lines = ",\n".join(json.dumps(cell) for cell in cells)
    KEPT.write_text(f'{{"runs": {json.dumps(runs)},\n"cells": [\n{lines}\n]}}\n')


def main(words: list[str]) -> None:
    wanted = [word for word in words if word != "--write" and not word.isdigit()]
    replications = int(next((word for word in words if word.isdigit()), 2000))
    counts, runs = kept()
    if words != ["--write"]:
        start = time.perf_counter()
        for number, cell in enumerate(CELLS):
            counts[number] |= counted(cell, number, replications, wanted)
            print(f"{number + 1} of {len(CELLS)}, {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
        minutes, core = (time.perf_counter() - start) / 60, time.process_time() / 60
        what = ", ".join(wanted) or "all columns"
        took = f"{minutes:.0f} minutes, {core:.0f} of processor time"
        run = f"{what}: {len(CELLS)} cells, {replications:,} replications ({replications // 4:,} resampled), one process, {took}."
        runs = [*(runs if wanted else []), run]
        keep(counts, runs)
    text = "\n".join([*tables(counts), *(f"{run}\n" for run in runs)])
    print(text)
    if "--write" in words:
        PAGE.write_text(with_section(PAGE.read_text(), text))


if __name__ == "__main__":
    main(sys.argv[1:])
