"""docs/statistics_speed.md: the table with the machine that it was measured on, and a sentence for each miss."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import numpy
import scipy

_HEAD = """\
# What the statistics cost

<!-- written by `python bench/statistics.py --write`; do not edit -->

Ours beside the peers, on the same data in one run (`python bench/statistics.py --write`, alone on the machine; exits 1 if a value
differs or a reach is missed). Times are the best of several runs, reaches those of the statistics' specification; memory is what
the work allocates at once (tracemalloc) and how far the resident set rises; growth is the slope of log time on log size for
once, four and sixteen times the data (the whole study: a sixteenth, a quarter, all of it), 1.0 being linear. pROC, which is
no package of Python's, is not run here: the specification quotes 16 ms for its AUC of 5,000 + 5,000.
"""


def speed_page(table: str, said: list[str]) -> str:
    notes = "\n".join(f"- {sentence}" for sentence in said) or "Every reach was met, and no growth is above linear."
    return f"{_HEAD}\nMachine: {machine()}.\n\n{table}\n\n## What is missed, or grows faster than the data\n\n{notes}\n"


def machine() -> str:
    info = Path("/proc/cpuinfo")
    names = [line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")] \
        if info.exists() else []  # fmt: skip
    processor = names[0] if names else platform.processor() or platform.machine()
    versions = f"Python {platform.python_version()}, NumPy {numpy.__version__}, SciPy {scipy.__version__}"
    return f"{processor}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}; {versions}"
