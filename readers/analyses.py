"""Analyse a closed study: freeze its submitted readings and ask floor 1 for the analysis."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from annotations.analyses.freezing import ReaderInput, freeze
from annotations.analyses.verbs import request_analysis
from annotations.models import Analysis, Source
from annotations.problems import NotAllowedNow
from readers.models import AssignmentReading, Study, StudyAnalysis, StudyEvent


def analyses_of(user: Any) -> QuerySet[Analysis]:
    """The analyses this person may see: of the studies one leads, once they are closed; of training at any time."""
    led = Study.objects.visible_to(user)
    ready = led.filter(Q(state__in=[Study.State.LOCKED, Study.State.ARCHIVED]) | Q(purpose=Study.Purpose.TRAINING))
    return Analysis.objects.unscoped().filter(of_study__study__in=ready).order_by("-created_at", "-pk")


@transaction.atomic
def analyse_study(study: Study, *, by: Any, spec: dict[str, Any] | None = None) -> Analysis:
    """Ask for the analysis of a closed study's readings. Training studies may be analysed while they are open.

    What withdrawn readers said stays out and is named. Raises NotAllowedNow while the study is open, InvalidSpec.
    """
    if study.state not in ("locked", "archived") and study.purpose != "training":
        raise NotAllowedNow(
            _("The study is not closed: until then there is progress and nothing else."), state=study.state
        )
    inputs = frozen_inputs(study)
    analysis = request_analysis(
        title=study.title, spec=spec or {}, inputs=inputs, dataset_version=study.dataset_version, by=by
    )
    StudyAnalysis.objects.create(study=study, analysis=analysis)
    StudyEvent.objects.create(study=study, by=by, code="analysis_requested", facts={"analysis": analysis.public_id})
    return analysis


def frozen_inputs(study: Study) -> dict[str, Any]:
    """The study's submitted readings by readers who stayed, as `freeze` writes them down."""
    places = list(study.places.select_related("user").order_by("number"))
    staying = [place for place in places if place.withdrawn_at is None]
    sources = {s.user_id: s for s in Source.objects.filter(user__in=[place.user_id for place in staying])}
    rows = AssignmentReading.objects.filter(
        assignment__study=study, assignment__withdrawn_at__isnull=True, reading__state="submitted"
    ).values_list("reading_id", "reading__case_id", "assignment__reader_id", "reading__case__state")
    counted = [(reading, case) for reading, case, reader, state in rows if reader in sources and state == "included"]
    excluded = sorted({case for _reading, case, _reader, state in rows if state != "included"})
    assigned = set(study.assignments.unscoped().filter(case__state="included").values_list("case_id", flat=True))
    return freeze(
        form_version=study.form_version,
        ask_prominent=study.ask_prominent,
        dataset_version={"id": study.dataset_version.public_id, "sha256": study.dataset_version.sha256},
        reference_set=study.reference_set,
        readers=[
            ReaderInput(sources[place.user_id], f"Reader {place.number}", place.number)
            for place in staying
            if place.user_id in sources
        ],
        case_pks=assigned,
        reading_pks=[reading for reading, _case in counted],
        notes={
            "study": study.public_id,
            "simulated": study.simulated,
            "withdrawn_readers": [place.number for place in places if place.withdrawn_at is not None],
            "cases_left_out_after_reading": len(excluded),
        },
    )
