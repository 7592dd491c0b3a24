"""The same study under the same ids in any database, in a process of its own. Run by `test_same_bytes`.

    python -m tests.analyses.same_study make RESAMPLES    migrate, make the study, analyse it, and ask for the same again
    python -m tests.analyses.same_study ring              what the clock does: ring if a row waits

`make` prints {"done": SHA-256 of the result, "waiting": id of the analysis that no worker has taken}.
"""

from __future__ import annotations

import json
import random
import sys
from typing import Any

import django


class FixedChoice:
    """Stands for `secrets` where public ids are made."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def choice(self, letters: str) -> str:
        return self._random.choice(letters)


def make(resamples: int, lead: str = "lead") -> dict[str, Any]:
    """In a database that holds nothing else."""
    from annotations import public_ids
    from annotations.analyses.work import run_analysis
    from annotations.demo_readers import five_readers
    from readers.analyses import analyse_study
    from readers.simulation import read_worklists
    from readers.studies import lock_study
    from tests.factories import make_study, make_user

    public_ids.secrets = FixedChoice(5)  # type: ignore[assignment]
    people = [make_user("reader", username=f"reader{i}") for i in range(5)]
    study = make_study(n_cases=16, readers=people, lead=make_user("study lead", username=lead), spacing=0.1)
    read_worklists(study, {r.number: r for r in five_readers()}, seed=1)
    lock_study(study, study.lead)
    spec = {"resamples": resamples, "seed": 3, "comparisons": [{"readers": [1, 2], "planned": True}]}
    first, second = (analyse_study(study, by=study.lead, spec=spec) for _ in range(2))
    assert run_analysis(first.pk)
    first.refresh_from_db()
    assert first.state == "done", first.error
    return {"done": first.result_sha256, "inputs": first.inputs_sha256, "waiting": second.public_id}


def main(words: list[str]) -> None:
    django.setup()
    from django.core.management import call_command

    from annotations import bell

    if words[0] == "ring":
        bell.ring_waiting()
        return
    call_command("migrate", "--no-input", verbosity=0)
    sys.stdout.write(json.dumps(make(int(words[1]))))


if __name__ == "__main__":
    main(sys.argv[1:])
