"""A closed study of simulated readers and its finished analysis, for the tests of pages and API."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from annotations.analyses.verbs import request_version_analysis
from annotations.analyses.work import run_analysis
from annotations.demo_readers import five_readers
from annotations.models import Analysis, Dataset, DatasetVersion, Image, ReferenceReading, ReferenceSet, Source
from readers.analyses import analyse_study
from readers.models import Study
from readers.simulation import read_worklists
from readers.studies import lock_study
from tests.factories import make_dataset, make_reading, make_study

QUICK = {"resamples": 200, "seed": 5}


def closed_study(n_cases: int = 8, n_readers: int = 2, *, unscaled: int = 0, **options: Any) -> Study:
    # every third malignant: both classes at both centres
    dataset = make_dataset(n_cases, spacing=0.1, malignant_every=3)
    without = Image.objects.filter(case__in=list(dataset.cases.order_by("pk")[:unscaled]))
    without.update(spacing_row_mm=None, spacing_col_mm=None, spacing_source="")
    study = make_study(dataset=dataset, n_readers=n_readers, simulated=True, **options)
    five = five_readers()
    read_worklists(study, {n + 1: replace(five[n % 5], number=n + 1) for n in range(n_readers)}, seed=1)
    return lock_study(study, study.lead)


def finished_analysis(study: Study | None = None, **spec: Any) -> Analysis:
    study = study or closed_study()
    return done(analyse_study(study, by=study.lead, spec={**QUICK, **spec}))


def published(n_cases: int = 8, **options: Any) -> DatasetVersion:
    """A published version, every third case malignant, with a scale."""
    dataset = make_dataset(n_cases, malignant_every=3, **{"spacing": 0.1, **options})
    return dataset.versions.select_related("dataset", "reference_set").get()


def another_set(dataset: Dataset, name: str, *, kind: str = "panel", seed: int = 100, **said: Any) -> ReferenceSet:
    """A further reading of every case by a source of its own, other answers and a larger outline, as the next reference set."""
    source = Source.objects.create(kind=kind, name=f"Source of {name}")
    number = dataset.reference_sets.count() + 1
    made = ReferenceSet.objects.create(dataset=dataset, name=name, number=number)
    for i, case in enumerate(dataset.cases.order_by("pk")):
        said = {"score": None, "call": "", **said}
        reading = make_reading(case, source, case.images.get(), seed=i + seed, grow=1.1, **said)
        ReferenceReading.objects.create(reference_set=made, case=case, reading=reading)
    return made


def finished_version_analysis(version: DatasetVersion, **spec: Any) -> Analysis:
    return done(request_version_analysis(version, spec={**QUICK, **spec}, by=None))


def done(analysis: Analysis) -> Analysis:
    assert run_analysis(analysis.pk)
    analysis.refresh_from_db()
    assert analysis.state == "done", analysis.error
    return analysis
