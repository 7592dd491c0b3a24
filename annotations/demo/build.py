"""Make a whole demo dataset: plan, draw on all cores, pack, and say what was made."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from annotations.demo.archive import CaseFiles, case_files, write_centre
from annotations.demo.companions import write_companions
from annotations.demo.plan import CaseSpec, plan_cases
from annotations.demo.published import PUBLISHED_CASES

Progress = Callable[[int, int], None]

_WORTH_A_POOL = 24  # fewer cases are drawn before a second interpreter has started


@dataclass(frozen=True, slots=True)
class Made:
    """What was written: the archives, how many cases, and how many of their rows contradict themselves."""

    archives: tuple[Path, ...]
    cases: int
    contradictory: int


def make_demo_dataset(
    out: Path | str,
    cases: int = PUBLISHED_CASES,
    seed: int = 1,
    progress: Progress | None = None,
    workers: int | None = None,
) -> Made:
    """Write `Center 1.zip`, `Center 2.zip` and their companions to the folder `out`, which is made if need
    be.

    The same cases and seed give the same bytes, whatever `workers` (all cores by default) is. `progress` is
    called with (done, total) after each case. Raises ValueError for fewer than four cases or a negative seed,
    OSError if `out` cannot be written.
    """
    if seed < 0:
        raise ValueError(f"seed {seed}: must not be negative")
    plan = plan_cases(cases, seed)
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    archives = []
    with _drawing(plan, workers or _cores(cases)) as drawn:
        told = _told(drawn, len(plan), progress)
        for centre, group in groupby(plan, key=lambda c: c.centre):
            own = list(group)
            archives.append(write_centre(folder, centre, own, ((case, next(told)) for case in own)))
    contradictory = write_companions(folder, plan, seed)
    return Made(tuple(archives), len(plan), contradictory)


def _cores(cases: int) -> int:
    return 1 if cases < _WORTH_A_POOL else len(os.sched_getaffinity(0))


@contextmanager
def _drawing(plan: list[CaseSpec], workers: int) -> Iterator[Iterator[CaseFiles]]:
    """The files of all cases in order. Workers are spawned, not forked: the caller may hold threads and
    connections.
    """
    if workers == 1:
        yield map(case_files, plan)
        return
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        try:
            yield pool.map(case_files, plan, chunksize=4)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _told(drawn: Iterator[CaseFiles], total: int, progress: Progress | None) -> Iterator[CaseFiles]:
    for done, files in enumerate(drawn, 1):
        if progress:
            progress(done, total)
        yield files
