"""Our statistics beside the peers', on the same data in one run: `python bench/statistics.py [SUBJECT …] [--write]`.

Prints a Markdown table: time (the best of several runs), the values' largest difference, memory (what the work allocates at
once by tracemalloc, and how far the resident set rises), and how our time grows from once to four and sixteen times the data
(1.0 is linear). Exits 1 if a value differs or a reach is missed. `--write` writes docs/statistics_speed.md; run it alone on the
machine.
"""

from __future__ import annotations

import gc
import sys
import time
import tracemalloc
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# this file bears the name of a module of the standard library, which peers import: its folder must not be searched
sys.path[0] = str(ROOT)

import numpy as np

from bench.statistics_rows import Row, Timed, rows_of, subjects
from bench.statistics_rows.page import speed_page

REPEATS = 15
SCALES = (1, 4, 16)
HEAD = "| work | ours | reach | peers | allocated | resident | growth x1, x4, x16 |\n|---|---|---|---|---|---|---|"
LINEAR = 1.1  # a slope above is said to be no longer linear


def best_ms(work: Callable[[], Any], repeats: int) -> tuple[float, Any]:
    """Least wall time in ms, and the answer."""
    answer, times = None, []
    for _ in range(repeats):
        start = time.perf_counter()
        answer = work()
        times.append(time.perf_counter() - start)
    return 1000 * min(times), answer


def peak_mb(work: Callable[[], Any]) -> float:
    """What the work allocates at once, by tracemalloc."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20


def resident_mb(work: Callable[[], Any]) -> str:
    """How far the resident set rises over what it was, as the kernel of Linux counts it; "" elsewhere."""
    gc.collect()
    try:
        Path("/proc/self/clear_refs").write_text("5")  # the high-water mark starts anew
        before = _status("VmRSS")
        work()
        return f"{max(_status('VmHWM') - before, 0):.1f} MB"
    except OSError:
        return ""


def _status(name: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return float(next(line for line in lines if line.startswith(name)).split()[1]) / 1024


def slope(by_factor: Mapping[float, float]) -> tuple[float, str]:
    """Of log time on log size, and it with the times."""
    rise = float(np.polyfit(np.log(list(by_factor)), np.log(list(by_factor.values())), 1)[0])
    return rise, f"{rise:.2f} ({' / '.join(f'{t:.1f}' for t in by_factor.values())} ms)"


def measure(row: Row) -> tuple[str, list[str]]:
    """The row's line, and what there is to say: values that differ, a reach missed, growth that is not linear."""
    row.ours()
    ms, answer = best_ms(row.ours, REPEATS)
    beside, said = [], []
    for name, peer in row.peers.items():
        peer_ms, theirs = best_ms(peer.run, peer.repeats)
        gap = row.differs(answer, peer, theirs)
        beside.append(f"{name} {peer_ms:.1f} ms, differs by {gap:.1g}")
        if not gap <= row.tolerance:
            said.append(f"MISSED: {row.work}: the value differs from {name} by {gap:.2g}.")
    reached = ms <= row.reach_ms
    if not reached:
        said.append(f"MISSED: {row.work}: {ms:.2f} ms where {row.reach_ms:g} ms are asked for{_because(row.why)}")
    growth = ""
    if row.at_scale is not None:
        rise, growth = slope({factor: best_ms(row.at_scale(factor), 5)[0] for factor in SCALES})
        if rise > LINEAR:
            said.append(f"{row.work}: time grows with the power {rise:.2f} of the data{_because(row.why)}")
    cells = (row.work, f"{ms:.2f} ms", f"{row.reach_ms:g} ms: {_yes(reached)}", "; ".join(beside))
    return f"| {' | '.join(cells)} | {peak_mb(row.ours):.1f} MB | {resident_mb(row.ours)} | {growth} |", said


def shown(timed: Timed) -> tuple[str, list[str]]:
    """The same of what has timed itself."""
    rise, growth = slope(timed.by_factor)
    said = []
    if not timed.fine:
        said.append(f"MISSED: {timed.work}: {timed.ours_ms:.0f} ms, {timed.resident_mb:.0f} MB{_because(timed.why)}")
    if rise > LINEAR:
        said.append(f"{timed.work}: time grows with the power {rise:.2f} of the cases{_because(timed.why)}")
    cells = (timed.work, f"{timed.ours_ms:.0f} ms", f"{timed.reach}: {_yes(timed.fine)}", "none", "")
    return f"| {' | '.join(cells)} | {timed.resident_mb:.0f} MB, the whole process | {growth} |", said


def _yes(reached: bool) -> str:
    return "yes" if reached else "**no**"


def _because(why: str) -> str:
    return f": {why}." if why else "."


def main(words: list[str]) -> int:
    warnings.simplefilter("ignore")  # the peers' own
    print(HEAD)
    lines, said = [], []
    for subject in [word for word in words if word != "--write"] or subjects():
        for row in rows_of(subject):
            line, own = measure(row) if isinstance(row, Row) else shown(row)
            print(line, flush=True)
            lines.append(line)
            said += own
    print("\n" + "\n".join(f"- {sentence}" for sentence in said))
    if "--write" in words:
        (ROOT / "docs" / "statistics_speed.md").write_text(speed_page("\n".join([HEAD, *lines]), said))
    return int(any(sentence.startswith("MISSED") for sentence in said))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
