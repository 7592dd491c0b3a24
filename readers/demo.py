"""What a first `make run` fills the application with: log-ins, a synthetic dataset, three studies that live.

Each step looks whether it was done, so that a start that was broken off goes on where it stopped and a second changes
nothing. Refused by a deployment (`lymphus_web.checks`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command

from annotations.analyses.work import run_analysis
from annotations.demo_readers import five_readers
from annotations.models import Analysis, Case, Dataset, DatasetVersion
from readers.analyses import analyse_study
from readers.models import Study
from readers.roles import ensure_roles
from readers.simulation import mark_simulated, read_worklists
from readers.studies import create_study, lock_study, open_study

DATASET = "demo"
OPEN_STUDY = "Neck nodes, two centres"
TRAINING = "Mask practice"
FINISHED = "Five simulated readers"
CASES_READ, CASES_TRAINED, SEED = 60, 30, 20261125


@dataclass(frozen=True, slots=True)
class LogIn:
    username: str
    role: str
    name: str
    password: str


# Known to everybody who reads this: 127.0.0.1 only, and a deployment refuses a database that holds them.
LOG_INS = (
    LogIn("lead", "study lead", "Study lead", "demo lead of studies"),
    LogIn("reader1", "reader", "Reader 1", "demo reader one"),
    LogIn("reader2", "reader", "Reader 2", "demo reader two"),
    LogIn("trainee", "trainee", "Trainee 1", "demo trainee one"),
    LogIn("curator", "curator", "Curator", "demo curator of data"),
)


def make_log_ins() -> None:
    """The five people of the demo, each with one role."""
    ensure_roles()
    for entry in LOG_INS:
        _person(entry.username, entry.role, entry.name, entry.password)


def fill(*, cases: int, say: Callable[[str], Any]) -> None:
    """Dataset, open study, training study, finished study with its analysis: what is missing of them."""
    if not Dataset.objects.unscoped().filter(slug=DATASET).exists():
        import_demo(cases, say)
    version = DatasetVersion.objects.unscoped().filter(dataset__slug=DATASET).order_by("number").first()
    if version is None:
        say("The demo dataset has no published version: no studies are made.")
        return
    people = {
        user.username: user for user in get_user_model().objects.filter(username__in=[e.username for e in LOG_INS])
    }
    _open_study(version, people)
    _training(version, people)
    _finished(version, people, say)


def _person(username: str, role: str, name: str, password: str | None) -> Any:
    model = get_user_model()
    user, made = model.objects.get_or_create(
        username=username, defaults={"first_name": name, "email": f"{username}@demo.invalid"}
    )
    if made:
        user.set_password(password)  # None: nobody can log in
        user.save()
        user.groups.add(Group.objects.get(name=role))
    return user


def import_demo(cases: int, say: Callable[[str], Any]) -> None:
    folder = Path(settings.VAR_DIR) / "demo"
    if not (folder / "spacing.csv").exists():
        say(f"Making {cases} synthetic cases (once)")
        call_command("make_demo_dataset", out=str(folder), cases=cases)
    archives = [str(path) for path in sorted(folder.glob("Center *.zip"))]
    call_command(
        "import_lymphus", *archives, dataset=DATASET, title="Demo data, synthetic", spacing=str(folder / "spacing.csv"),
        synthetic=True, accept_warnings=True, publish=True,
    )  # fmt: skip


def _sample(version: DatasetVersion, size: int, seed: int) -> list[str]:
    ids = sorted(Case.objects.unscoped().filter(memberships__version=version).values_list("provenance__centre_number",
                 "provenance__group", "provenance__number", "public_id"))  # fmt: skip
    return [ids[i][3] for i in places_of_sample(len(ids), size, seed)]


def places_of_sample(n: int, size: int, seed: int) -> list[int]:
    """Which of n cases, in the order of centre, group and number, a demo study takes."""
    return sorted(int(i) for i in np.random.default_rng(seed).choice(n, min(size, n), replace=False))


def _missing(title: str) -> bool:
    return not Study.objects.unscoped().filter(title=title).exclude(state=Study.State.DRAFT).exists()


def _open_study(version: DatasetVersion, people: dict[str, Any]) -> None:
    if _missing(OPEN_STUDY):
        study = create_study(
            people["lead"], title=OPEN_STUDY, dataset_version=version, case_ids=_sample(version, CASES_READ, SEED),
            readers=[people["reader1"], people["reader2"]], order_seed=SEED,
            description="Sixteen features, a malignancy score and the mask; feedback never.",
        )  # fmt: skip
        open_study(study, people["lead"])


def _training(version: DatasetVersion, people: dict[str, Any]) -> None:
    if _missing(TRAINING):
        study = create_study(
            people["lead"], title=TRAINING, dataset_version=version, case_ids=_sample(version, CASES_TRAINED, SEED + 1),
            readers=[people["trainee"]], purpose="training", feedback="after_each", order_seed=SEED + 1,
            description="Training: what differs from the reference is shown after every case.",
        )  # fmt: skip
        open_study(study, people["lead"])


def _finished(version: DatasetVersion, people: dict[str, Any], say: Callable[[str], Any]) -> None:
    rows = Study.objects.unscoped().filter(title=FINISHED)
    study = rows.exclude(state=Study.State.DRAFT).first() or _make_finished(version, people)
    if study.state == Study.State.OPEN:
        say(f"Five simulated readers read {len(study.case_ids)} cases")
        read_worklists(study, {reader.number: reader for reader in five_readers()}, seed=SEED)
        lock_study(study, people["lead"])
        study.refresh_from_db()
    if not study.analyses.filter(analysis__state="done").exists():
        say("Analysing what they said")
        waiting = Analysis.objects.unscoped().filter(of_study__study=study).waiting().first()
        run_analysis((waiting or analyse_study(study, by=people["lead"])).pk)


def _make_finished(version: DatasetVersion, people: dict[str, Any]) -> Study:
    readers = []
    for reader in five_readers():
        user = _person(f"simulated{reader.number}", "reader", f"Simulated reader {reader.number}", None)
        mark_simulated(user, f"Simulated reader {reader.number}")
        readers.append(user)
    study = create_study(
        people["lead"], title=FINISHED, dataset_version=version, case_ids=_sample(version, CASES_READ, SEED + 2),
        readers=readers, order_seed=SEED + 2, simulated=True,
        description="Nobody read these cases: answers, scores and masks are simulated, to show what a result looks like.",
    )  # fmt: skip
    return open_study(study, people["lead"])
