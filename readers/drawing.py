"""Drawing the worklists of a study: once, from its stored seed, an order of its own for every reader, kept as rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from annotations.models import Case
from readers.exposures import exposed_case_ids
from readers.models import Arm, Assignment, Study, StudyReader


def draw_worklists(study: Study) -> int:
    """Store the assignments of every reader of the study who has none yet; returns how many were drawn.

    Runs inside the transaction of the verb that opens the study or adds a reader.
    """
    cases = list(Case.objects.unscoped().included().filter(public_id__in=study.case_ids).order_by("public_id"))
    arm, _made = Arm.objects.get_or_create(study=study, number=1, defaults={"label": "unaided"})
    places = study.places.filter(withdrawn_at__isnull=True).order_by("number")
    drawn = set(Assignment.objects.unscoped().filter(study=study).values_list("reader_id", flat=True))
    return sum(_draw_for(study, place, arm, cases) for place in places if place.user_id not in drawn)


def order_of(seed: int, reader_number: int, size: int) -> list[int]:
    """A permutation of range(size): the same for the same seed and number on every machine.

    Numpy's SeedSequence keeps the readers' streams apart; PCG64 is named, so that a later default changes nothing.
    """
    generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, reader_number])))
    return [int(i) for i in generator.permutation(size)]


def _draw_for(study: Study, place: StudyReader, arm: Arm, cases: Sequence[Case]) -> int:
    known = exposed_case_ids(place.user, [case.pk for case in cases])
    place.exposed_cases = sorted(case.public_id for case in cases if case.pk in known)
    place.save(update_fields=["exposed_cases"])
    ordered = [cases[i] for i in order_of(study.order_seed, place.number, len(cases))]
    if study.exposed_readers == Study.Exposed.LEAVE_OUT and study.purpose != Study.Purpose.TRAINING:
        ordered = [case for case in ordered if case.pk not in known]
    rows = [
        Assignment(study=study, reader=place.user, case=case, arm=arm, period=1, position=position)
        for position, case in enumerate(ordered, start=1)
    ]
    Assignment.objects.bulk_create(rows)
    return len(rows)
