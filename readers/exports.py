"""Export a closed study's readings: nobody gets answers of an open one."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from annotations import bell
from annotations.exports.forms import FORMS
from annotations.exports.gathering import Gathered, gather_readings
from annotations.models import Export
from annotations.problems import InvalidSpec, NotAllowedNow
from readers.models import Assignment, AssignmentReading, Study, StudyEvent, StudyExport


def check_closed(study: Study) -> None:
    """Raises NotAllowedNow while the study is open."""
    if study.state not in (Study.State.LOCKED, Study.State.ARCHIVED):
        raise NotAllowedNow(
            _("The study is not closed: until then its readings are nobody's to have."), state=study.state
        )


def gather_study(study: Study) -> Gathered:
    """The submitted readings of readers who stayed, by their numbers. Raises NotAllowedNow while the study is open."""
    check_closed(study)
    rows = AssignmentReading.objects.filter(
        assignment__study=study, assignment__withdrawn_at__isnull=True, reading__state="submitted"
    )
    numbers = {place.user_id: place.number for place in study.places.filter(withdrawn_at__isnull=True)}
    labels = {
        reading: f"Reader {numbers[reader]}"
        for reading, reader in rows.values_list("reading_id", "assignment__reader_id")
        if reader in numbers
    }
    cases = Assignment.objects.unscoped().filter(study=study).values_list("case_id", flat=True)
    about = {
        "kind": "readings of a study",
        "study": study.public_id,
        "title": study.title,
        "simulated": study.simulated,
        "order_seed": study.order_seed,
        "dataset": study.dataset_version.dataset.slug,
        "version_id": study.dataset_version.public_id,
        "version_sha256": study.dataset_version.sha256,
        "synthetic": study.dataset_version.dataset.synthetic,
        "licence": study.dataset_version.dataset.licence,
        "form_version": study.form_version,
        "ask_prominent": study.ask_prominent,
    }
    return gather_readings(set(cases), labels, about=about, form=study.form_version, ask_prominent=study.ask_prominent)


@transaction.atomic
def request_study_export(study: Study, form: str, *, by: Any) -> Export:
    """Ask for an export as a job. Raises NotAllowedNow, InvalidSpec."""
    check_closed(study)
    if form not in FORMS:
        raise InvalidSpec(
            _("“%(form)s” is none of %(known)s.") % {"form": form, "known": ", ".join(FORMS)}, entry="format"
        )
    export = Export.objects.create(format=form, subject={"study": study.public_id}, requested_by=by)
    StudyExport.objects.create(study=study, export=export)
    StudyEvent.objects.create(study=study, by=by, code="export_requested", facts={"format": form})
    bell.ring()
    return export
