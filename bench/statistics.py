"""Our statistics beside the peers', on the same data in one run: `python bench/statistics.py [SUBJECT ...]`.

Prints a Markdown table: time (the best of several runs), the values' largest difference, memory, and how our time grows
from once to four and sixteen times the data (1.0 is linear). Exits 1 if a value differs or a reach is missed.
"""

from __future__ import annotations

import resource
import sys
import time
import tracemalloc
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

# this file bears the name of a module of the standard library, which peers import: its folder must not be searched
sys.path[0] = str(Path(__file__).resolve().parent.parent)

import numpy as np

from bench.statistics_rows import Row, Timed, rows_of, subjects

REPEATS = 15
SCALES = (1, 4, 16)


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


def slope(row: Row) -> str:
    """Of log time on log size."""
    if row.at_scale is None:
        return ""
    times = [best_ms(row.at_scale(factor), 5)[0] for factor in SCALES]
    rise = np.polyfit(np.log(SCALES), np.log(times), 1)[0]
    return f"{rise:.2f} ({' / '.join(f'{t:.1f}' for t in times)} ms)"


def measure(row: Row) -> tuple[str, bool]:
    row.ours()
    ms, answer = best_ms(row.ours, REPEATS)
    fine = ms <= row.reach_ms
    beside = []
    for name, peer in row.peers.items():
        peer_ms, theirs = best_ms(peer.run, peer.repeats)
        gap = row.differs(answer, peer, theirs)
        fine &= gap <= row.tolerance
        beside.append(f"{name} {peer_ms:.1f} ms, differs by {gap:.1g}")
    verdict = "yes" if ms <= row.reach_ms else "**no**"
    cells = (row.work, f"{ms:.2f} ms", f"{row.reach_ms:g} ms: {verdict}", "; ".join(beside))
    return f"| {' | '.join(cells)} | {peak_mb(row.ours):.1f} MB | {slope(row)} |", fine


def shown(timed: Timed) -> tuple[str, bool]:
    """The line of what a subject timed itself."""
    work, ours, peers, name, agree = timed
    said = f"{name} {peers:.1f} ms, {'fine' if agree else '**values differ, or the reach is missed**'}"
    return f"| {work} | {ours:.2f} ms |  | {said} |  |  |", agree


def main(wanted: list[str]) -> int:
    warnings.simplefilter("ignore")  # the peers' own
    print("| work | ours | reach | peers | our peak | growth x1, x4, x16 |")
    print("|---|---|---|---|---|---|")
    fine = True
    for subject in wanted or subjects():
        for row in rows_of(subject):
            line, good = measure(row) if isinstance(row, Row) else shown(row)
            print(line, flush=True)
            fine &= good
    print(f"\nHighest resident memory of the run: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
