"""Analyse a closed study: freeze its submitted readings and ask floor 1 for the analysis."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from annotations.analyses.freezing import Place, ReaderInput, freeze, latest_of
from annotations.analyses.spec import Known, settled_spec, upgraded, wrong_choice
from annotations.analyses.verbs import request_analysis
from annotations.features import form_schema
from annotations.models import Analysis, ReferenceSet, Source
from annotations.problems import NotAllowedNow
from readers.models import AssignmentReading, Study, StudyAnalysis, StudyEvent, StudyReader
from readers.querysets import is_lead
from readers.version_analyses import of_versions

Json = dict[str, Any]


def analyses_of(user: Any) -> QuerySet[Analysis]:
    """The analyses this person may see: of the studies one leads, once they are closed; of training at any time; of tables, a
    lead's own and those that a command made for every lead; and of dataset versions, as `of_versions` says."""
    led = Study.objects.visible_to(user)
    ready = led.filter(Q(state__in=[Study.State.LOCKED, Study.State.ARCHIVED]) | Q(purpose=Study.Purpose.TRAINING))
    seen = Q(of_study__study__in=ready) | of_versions(user)
    if is_lead(user):
        seen |= Q(kind=Analysis.Kind.TABLE) & (Q(requested_by=user) | Q(for_every_lead=True))
    rows = Analysis.objects.unscoped().filter(seen).order_by("-created_at", "-pk")
    return rows.select_related("dataset_version__dataset").defer("dataset_version__manifest")


def study_of(analysis: Analysis) -> Study | None:
    """The study it is of; None for a table or a dataset version."""
    link = StudyAnalysis.objects.filter(analysis=analysis).select_related("study__dataset_version__dataset").first()
    return link.study if link else None


@transaction.atomic
def analyse_study(study: Study, *, by: Any, spec: dict[str, Any] | None = None) -> Analysis:
    """Ask for the analysis of a closed study's readings. Training studies may be analysed while they are open.

    What withdrawn readers said stays out and is named. Raises NotAllowedNow while the study is open, InvalidSpec.
    """
    refuse_unless_closed(study)
    asked = study_spec(study, spec or {})
    inputs = frozen_inputs(study, upgraded(asked))
    analysis = request_analysis(
        title=study.title, spec=asked, inputs=inputs, dataset_version=study.dataset_version, by=by
    )
    StudyAnalysis.objects.create(study=study, analysis=analysis)
    StudyEvent.objects.create(study=study, by=by, code="analysis_requested", facts={"analysis": analysis.public_id})
    return analysis


def refuse_unless_closed(study: Study) -> None:
    """Raises NotAllowedNow where nothing may be computed yet. Training is open to it at any time."""
    if study.state not in ("locked", "archived") and study.purpose != "training":
        raise NotAllowedNow(
            _("The study is not closed: until then there is progress and nothing else."), state=study.state
        )


def study_spec(study: Study, given: Json) -> Json:
    """The canonical spec that these choices make for this study: complete, and null where every reader, every arm or the
    study's own reference is named. Raises InvalidSpec."""
    own = study.reference_set.public_id if study.reference_set else None
    return settled_spec(given, form_schema(study.form_version), known_of(study), own)


def known_of(study: Study) -> Known:
    """The numbers of readers who stayed and of arms, which a spec may name."""
    return Known(
        list(study.places.filter(withdrawn_at__isnull=True).values_list("number", flat=True)),
        list(study.arms.values_list("number", flat=True)) or [1],
    )


def reference_sets(study: Study) -> QuerySet[ReferenceSet]:
    """Those that an analysis of the study may name."""
    return ReferenceSet.objects.filter(dataset=study.dataset_version.dataset).order_by("number")


def frozen_inputs(study: Study, asked: Json) -> Json:
    """The study's submitted readings by readers who stayed, of the readers and arms that the complete spec asks for."""
    places = list(study.places.select_related("user").order_by("number"))
    staying = [place for place in places if place.withdrawn_at is None and _wanted(asked["readers"], place.number)]
    sources = {s.user_id: s for s in Source.objects.filter(user__in=[place.user_id for place in staying])}
    submitted = AssignmentReading.objects.filter(
        assignment__study=study, assignment__withdrawn_at__isnull=True, reading__state="submitted"
    )
    rows = [
        row
        for row in submitted.values_list(
            "reading_id", "reading__case_id", "reading__case__state", "assignment__reader_id", "assignment__arm__number",
            "assignment__period",
        )
        if _wanted(asked["arms"], row[4])
    ]  # fmt: skip
    numbers = {place.user_id: place.number for place in staying}
    counted = {
        reading: Place(numbers[reader], arm, period)
        for reading, _case, state, reader, arm, period in rows
        if reader in sources and state == "included"
    }
    excluded = {case for _reading, case, state, *_where in rows if state != "included"}
    assigned = set(study.assignments.unscoped().filter(case__state="included").values_list("case_id", flat=True))
    return freeze(
        form_version=study.form_version,
        ask_prominent=study.ask_prominent,
        dataset_version={"id": study.dataset_version.public_id, "sha256": study.dataset_version.sha256},
        reference=latest_of(_reference(study, asked["reference"]), assigned),
        readers=[
            ReaderInput(source.public_id, f"Reader {place.number}", place.number, source.simulated)
            for place in staying
            if (source := sources.get(place.user_id))
        ],
        case_pks=assigned,
        readings=counted,
        arms=_arms(study, {place.arm for place in counted.values()}),
        revisions=asked["revisions"],
        notes=_notes(study, places, len(excluded)),
    )


def _wanted(numbers: list[int] | None, number: int) -> bool:
    return numbers is None or number in numbers


def _reference(study: Study, asked: str | None) -> ReferenceSet | None:
    if asked is None:
        return study.reference_set
    found = reference_sets(study).filter(public_id=asked).first()
    if found is None:
        raise wrong_choice("reference", ", ".join(s.public_id for s in reference_sets(study)), asked)
    return found


def _arms(study: Study, read: set[int]) -> list[Json]:
    """Those in which somebody read; the first, where nobody did."""
    every = [{"number": arm.number, "label": arm.label} for arm in study.arms.order_by("number")]
    return [arm for arm in every if arm["number"] in read] or every[:1] or [{"number": 1, "label": "unaided"}]


def _notes(study: Study, places: list[StudyReader], excluded: int) -> Json:
    return {
        "study": study.public_id,
        "simulated": study.simulated,
        "withdrawn_readers": [place.number for place in places if place.withdrawn_at is not None],
        "cases_left_out_after_reading": excluded,
    }
