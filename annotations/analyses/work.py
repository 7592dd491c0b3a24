"""The work of an analysis: part by part, finished ones kept every few seconds, then one canonical document.

Runs under a lease (`annotations.jobs`); a worker that takes over a dead one's row goes on after the last finished part.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from typing import Any

from annotations import jobs
from annotations.analyses import ENGINE
from annotations.analyses.frozen_inputs import inputs_sha256, is_table
from annotations.analyses.made_with import made_with
from annotations.analyses.material import Frozen, load_arms
from annotations.analyses.parts import Arm, Part, arms_at_work, document, parts_of
from annotations.analyses.tables.work import TableWork
from annotations.canonical import canonical_json, rounded
from annotations.models import Analysis

# finished parts are megabytes in the end: stored this often, a dead worker costs its successor no more than this
KEEP_SECONDS = 3.0


def run_analysis(pk: int) -> bool:
    """Do the analysis of that row if it waits. False: another worker has it, or it has ended."""
    return jobs.run(Analysis, pk, _work)


def _work(held: jobs.Claim) -> None:
    analysis = held.job
    assert isinstance(analysis, Analysis)
    spec, inputs = analysis.spec, analysis.inputs
    if is_table(inputs):
        table = TableWork(inputs, spec)
        result = canonical_json(table.document(_finished(held, table.parts(), [])))
    else:
        arms = arms_at_work(load_arms(inputs), spec)
        done = _finished(held, parts_of(arms, spec), arms)
        result = canonical_json(document(spec, inputs, analysis.inputs_sha256, arms, done))
    held.write(
        result=result,
        result_sha256=hashlib.sha256(result).hexdigest(),
        engine_version=ENGINE,
        made_with=made_with(),
        progress_done=held.job.progress_total,
        progress_text="",
        parts={},
    )


def _finished(held: jobs.Claim, parts: Mapping[str, Part], arms: list[Arm]) -> dict[str, Any]:
    """Every part, those of a worker before this one as it left them. Progress counts parts and steps of the masks' passes."""
    assert isinstance(held.job, Analysis)
    done = dict(held.job.parts)
    steps = _Steps(held, len(parts), [arm for arm in arms if any(n not in done for n in arm.mask_part_names())])
    try:
        _do(held, parts, done, steps)
    except jobs.Cancelled:
        held.write(parts={})
        raise
    return done


def _do(held: jobs.Claim, parts: Mapping[str, Part], done: dict[str, Any], steps: _Steps) -> None:
    """The parts that are not done yet, into `done`; the row gets them every few seconds."""
    kept_at = time.monotonic()
    for name, compute in parts.items():
        steps.begin(name)
        if name not in done:
            done[name] = rounded(compute())
            if time.monotonic() - kept_at > KEEP_SECONDS:
                held.write(parts=done)
                kept_at = time.monotonic()
        steps.end()


class _Steps:
    """What of the work is done, as the row says it. Counting, it also learns of a wish to stop and of a lost lease."""

    def __init__(self, held: jobs.Claim, parts: int, arms: list[Arm]) -> None:
        self.held, self.done, self.name = held, 0, ""
        passes = [arm.masks for arm in arms if arm.masks is not None]
        self.total = parts + sum(own.steps for own in passes)
        for own in passes:
            own.after_step = self._after_step

    def begin(self, name: str) -> None:
        self.name = name
        self.held.progress(self.done, self.total, name, now=True)

    def end(self) -> None:
        self.done += 1

    def _after_step(self) -> None:
        self.done += 1
        self.held.progress(self.done, self.total, self.name)


def compute(spec: dict[str, Any], inputs: dict[str, Any], kept: Mapping[str, Frozen] | None = None) -> bytes:
    """The result's bytes, computed here and now without a row: what `reproduce` compares with the stored ones.

    `kept` holds the revisions by id where they come from a bundle and not from the database. Raises InputsChanged.
    """
    if is_table(inputs):
        table = TableWork(inputs, spec)
        return canonical_json(table.document({name: rounded(part()) for name, part in table.parts().items()}))
    arms = arms_at_work(load_arms(inputs, kept), spec)
    parts = {name: rounded(part()) for name, part in parts_of(arms, spec).items()}
    return canonical_json(document(spec, inputs, inputs_sha256(inputs), arms, parts))
