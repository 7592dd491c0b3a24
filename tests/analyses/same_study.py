"""The same study under the same ids in any database, in a process of its own. Run by `test_same_bytes`.

    python -m tests.analyses.same_study make RESAMPLES [CASES READERS]   migrate, make a study, analyse it, ask for the same again
    python -m tests.analyses.same_study ring                             what the clock does: ring if a row waits

`make` prints {"done": SHA-256 of the result, "seconds": how long it took, "waiting": id of the analysis that no worker has
taken, "version": SHA-256 of the result of the analysis of its dataset version}.
"""

from __future__ import annotations

import json
import random
import sys
import time
from dataclasses import replace
from typing import Any

import django


class FixedChoice:
    """Stands for `secrets` where public ids are made."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def choice(self, letters: str) -> str:
        return self._random.choice(letters)


def make(resamples: int, cases: int = 16, readers: int = 5, lead: str = "lead") -> dict[str, Any]:
    """In a database that holds nothing else. Twenty readers are five of whom each is there four times."""
    from annotations import public_ids
    from annotations.analyses.verbs import request_version_analysis
    from annotations.analyses.work import run_analysis
    from annotations.demo_readers import five_readers
    from readers.analyses import analyse_study
    from readers.simulation import read_worklists
    from readers.studies import lock_study
    from tests.analyses.made import another_set
    from tests.factories import make_dataset, make_study, make_user

    public_ids.secrets = FixedChoice(5)  # type: ignore[assignment]
    people = [make_user("reader", username=f"reader{i}") for i in range(readers)]
    dataset = make_dataset(cases, spacing=0.1, malignant_every=3)
    study = make_study(dataset=dataset, readers=people, lead=make_user("study lead", username=lead))
    five = five_readers()
    read_worklists(study, {n + 1: replace(five[n % 5], number=n + 1) for n in range(readers)}, seed=1)
    lock_study(study, study.lead)
    spec = {"resamples": resamples, "seed": 3, "comparisons": [{"readers": [1, 2], "planned": True}]}
    first, second = (analyse_study(study, by=study.lead, spec=spec) for _ in range(2))
    begun = time.monotonic()
    assert run_analysis(first.pk)
    seconds = time.monotonic() - begun
    first.refresh_from_db()
    assert first.state == "done", first.error
    another_set(dataset, "Second expert")
    version = request_version_analysis(study.dataset_version, spec={"resamples": 200}, by=None)
    assert run_analysis(version.pk)
    version.refresh_from_db()
    assert version.state == "done", version.error
    return {
        "done": first.result_sha256,
        "seconds": round(seconds, 1),
        "inputs": first.inputs_sha256,
        "version": version.result_sha256,
        "waiting": second.public_id,
    }


def main(words: list[str]) -> None:
    django.setup()
    from django.core.management import call_command

    from annotations import bell

    if words[0] == "ring":
        bell.ring_waiting()
        return
    call_command("migrate", "--no-input", verbosity=0)
    sys.stdout.write(json.dumps(make(*(int(word) for word in words[1:]))))


if __name__ == "__main__":
    main(sys.argv[1:])
