"""How often the intervals shown by default hold the truth: `python bench/coverage.py [REPLICATIONS] [--write]`.

Thirty cells (readers, cases, prevalence, probability of being right; `coverage_rows.simulated`), 2,000 replications by
default, a quarter of them for what is resampled. Prints Markdown tables of the share of replications whose 95 % interval
holds the truth, bold below 0.93 with the share of these figures that warn their reader, and of replications without an
interval. `--write` puts them into docs/statistics_coverage.md, between its marks.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)  # not bench/: see statistics.py

import numpy as np

from bench.coverage_rows import Tried
from bench.coverage_rows.accuracy import ACCURACY
from bench.coverage_rows.categories import BINARY, ORDINAL, RESAMPLED
from bench.coverage_rows.measured import MEASURED
from bench.coverage_rows.simulated import Cell

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
    "Agreement, three ordered categories": ORDINAL,
    "Measurements and masks": MEASURED,
    "Accuracy": ACCURACY,
}
PAGE = ROOT / "docs" / "statistics_coverage.md"
MARKS = "<!-- tables of bench/coverage.py -->", "<!-- end -->"


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

    def __str__(self) -> str:
        given = self.tried - self.without
        if not self.tried:
            return ""
        if not given:
            return "none"
        share = self.held / given
        shown = f"{share:.3f}" if share >= LEAST else f"**{share:.3f}** ({self.warned / given:.0%} warned)"
        return shown + (f" ({self.without / self.tried:.1%} none)" if self.without else "")


def counted(cell: Cell, number: int, replications: int) -> dict[str, Count]:
    """Every column of every table in one cell; a study is drawn once for all."""
    columns = [column for table in TABLES.values() for column in table if column.meant(cell)]
    found = {column.name: Count() for column in columns}
    for replication in range(replications):
        data = cell.draw(np.random.default_rng([SEED, number, replication]))
        for column in columns:
            if not column.resampled or replication < max(1, replications // 4):
                found[column.name].add(column, data, replication)
    return found


def tables(counts: list[dict[str, Count]]) -> Iterator[str]:
    for title, columns in TABLES.items():
        yield f"### {title}\n"
        yield "| readers | cases | prevalence | right | " + " | ".join(column.name for column in columns) + " |"
        yield "|---|---|---|---|" + "---|" * len(columns)
        for cell, found in zip(CELLS, counts, strict=True):
            shown = [str(found.get(column.name, "")) for column in columns]
            if any(shown):
                head = f"| {cell.readers} | {cell.cases} | {cell.prevalence:g} | {cell.right:g} | "
                yield head + " | ".join(shown) + " |"
        yield ""


def main(words: list[str]) -> None:
    replications = int(next((word for word in words if word.isdigit()), 2000))
    start, counts = time.perf_counter(), []
    for number, cell in enumerate(CELLS):
        counts.append(counted(cell, number, replications))
        print(f"cell {number + 1} of {len(CELLS)}, {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
    minutes, core = (time.perf_counter() - start) / 60, time.process_time() / 60
    took = f"{len(CELLS)} cells, {replications:,} replications ({replications // 4:,} resampled), one process: "
    text = "\n".join([*tables(counts), f"{took}{minutes:.0f} minutes, {core:.0f} of processor time.\n"])
    print(text)
    if "--write" in words:
        page = PAGE.read_text()
        before, after = page.split(MARKS[0])[0], page.split(MARKS[1])[1]
        PAGE.write_text(f"{before}{MARKS[0]}\n\n{text}\n{MARKS[1]}{after}")


if __name__ == "__main__":
    main(sys.argv[1:])
