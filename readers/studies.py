"""The verbs of a study: make, open, lock it; add and withdraw readers. Each is one transaction and leaves a `StudyEvent`."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from annotations.models import Case, DatasetVersion
from annotations.payloads import is_storable
from annotations.problems import InvalidSpec, NoPermission, NotAllowedNow
from readers.drawing import draw_worklists
from readers.models import Assignment, AssignmentReading, Study, StudyEvent, StudyReader
from readers.querysets import is_lead


@transaction.atomic
def create_study(lead: Any, *, title: str, dataset_version: DatasetVersion, description: str = "",
                 case_ids: Sequence[str] | None = None, readers: Sequence[Any] = (), purpose: str = "study",
                 feedback: str | None = None, order_seed: int | None = None, ask_prominent: str = "heterogeneous",
                 score_style: str = "vas", exposed_readers: str = "leave_out", simulated: bool = False) -> Study:  # fmt: skip
    """A draft study on the chosen cases (public ids; None: every included case of the version).

    Feedback is after each case in training and never otherwise, unless said. The seed is drawn here unless given.
    Raises NoPermission, InvalidSpec naming the field.
    """
    if not is_lead(lead):
        raise NoPermission(_("Only a study lead can make a study."))
    chosen = _chosen_cases(dataset_version, case_ids)
    if not title.strip():
        raise InvalidSpec(_("A study has a title."), field="title")
    default = Study.Feedback.AFTER_EACH if purpose == Study.Purpose.TRAINING else Study.Feedback.NEVER
    study = Study(
        title=title.strip(), description=description, purpose=purpose, dataset_version=dataset_version,
        reference_set=dataset_version.reference_set, form_version=dataset_version.dataset.form_version,
        ask_prominent=ask_prominent, score_style=score_style, feedback=default if feedback is None else feedback,
        exposed_readers=exposed_readers, simulated=simulated, lead=lead, case_ids=chosen,
        order_seed=secrets.randbits(62) if order_seed is None else order_seed,
    )  # fmt: skip
    _check_choices(study)
    study.save()
    _note(study, lead, "created", cases=len(chosen), seed=study.order_seed)
    for user in readers:
        _add_place(study, user, lead)
    return study


@transaction.atomic
def open_study(study: Study, by: Any) -> Study:
    """Fix the protocol, draw every reader's worklist and let them read. Raises NotAllowedNow, InvalidSpec."""
    _must_lead(study, by)
    rows = Study.objects.unscoped().filter(pk=study.pk)
    if not rows.filter(state=Study.State.DRAFT).update(state=Study.State.OPEN, opened_at=timezone.now()):
        raise NotAllowedNow(_("Only a draft study can be opened."))
    study.refresh_from_db()
    if not study.places.filter(withdrawn_at__isnull=True).exists():
        raise InvalidSpec(_("Add a reader before opening the study."), field="readers")
    drawn = draw_worklists(study)
    _note(study, by, "opened", assignments=drawn)
    return study


@transaction.atomic
def lock_study(study: Study, by: Any) -> Study:
    """Close the study for good: nothing is read in it any more, its readings may be analysed. Raises NotAllowedNow."""
    _must_lead(study, by)
    rows = Study.objects.unscoped().filter(pk=study.pk, state=Study.State.OPEN)
    if not rows.update(state=Study.State.LOCKED, locked_at=timezone.now()):
        raise NotAllowedNow(_("Only an open study can be closed."))
    study.refresh_from_db()
    own = Assignment.objects.unscoped().filter(study=study)
    submitted = own.filter(opinions__reading__state="submitted").count()
    _note(study, by, "locked", assignments=own.count(), submitted=submitted)
    return study


@transaction.atomic
def add_reader(study: Study, user: Any, by: Any) -> StudyReader:
    """Give a reader a place; in an open study the worklist is drawn at once. Raises NotAllowedNow, InvalidSpec."""
    _must_lead(study, by)
    study.refresh_from_db()
    if study.state not in (Study.State.DRAFT, Study.State.OPEN):
        raise NotAllowedNow(_("This study is closed."))
    place = _add_place(study, user, by)
    if study.state == Study.State.OPEN:
        draw_worklists(study)
    return place


@transaction.atomic
def withdraw_reader(study: Study, user: Any, by: Any, reason: str = "") -> StudyReader:
    """Take back what the reader has not submitted; submitted readings stay, and the place says that its reader withdrew.

    Raises NotAllowedNow when the person has no place, withdrew already, or the study is closed; InvalidSpec.
    """
    _must_lead(study, by)
    if not is_storable(reason):
        raise InvalidSpec(_("A reason holds a character that is no text."), field="reason")
    now = timezone.now()
    places = StudyReader.objects.filter(study=study, user=user, study__state__in=[Study.State.DRAFT, Study.State.OPEN])
    if not places.filter(withdrawn_at__isnull=True).update(withdrawn_at=now):
        raise NotAllowedNow(_("This person is no reader of a study that is still open."))
    submitted = AssignmentReading.objects.filter(assignment=OuterRef("pk"), reading__state="submitted")
    mine = Assignment.objects.unscoped().filter(study=study, reader=user, withdrawn_at__isnull=True)
    taken_back = mine.filter(~Exists(submitted)).update(withdrawn_at=now)
    place = places.get()
    _note(study, by, "reader_withdrawn", reader=place.number, assignments=taken_back, reason=reason[:300])
    return place


def _must_lead(study: Study, by: Any) -> None:
    if not is_lead(by) or study.lead_id != by.pk:
        raise NoPermission(_("Only the lead of this study can do that."))


def _chosen_cases(version: DatasetVersion, case_ids: Sequence[str] | None) -> list[str]:
    members = Case.objects.unscoped().included().filter(memberships__version=version)
    known = set(members.values_list("public_id", flat=True))
    chosen = sorted(known if case_ids is None else set(case_ids))
    unknown = [case for case in chosen if case not in known]
    if unknown:
        raise InvalidSpec(_("%d of the chosen cases are not in this dataset version, or were left out.") % len(unknown),
                          field="case_ids", cases=unknown[:20])  # fmt: skip
    if not chosen:
        raise InvalidSpec(_("Choose at least one case."), field="case_ids")
    return chosen


def _check_choices(study: Study) -> None:
    for name in ("purpose", "feedback", "ask_prominent", "score_style", "exposed_readers"):
        field: Any = Study._meta.get_field(name)
        known = [value for value, _label in field.choices]
        if getattr(study, name) not in known:
            text = _("“%(value)s” is not one of %(known)s.")
            raise InvalidSpec(text % {"value": getattr(study, name), "known": ", ".join(known)}, field=name)
    if not 0 <= study.order_seed < 2**63:
        raise InvalidSpec(_("The seed is a whole number from 0 to 2^63 - 1."), field="order_seed")


def _add_place(study: Study, user: Any, by: Any) -> StudyReader:
    needed = "readers.train" if study.purpose == Study.Purpose.TRAINING else "readers.read_cases"
    if not (user.is_active and user.has_perm(needed)):
        raise InvalidSpec(_("“%s” does not have the role that reads in this study.") % user, field="readers")
    number = (study.places.aggregate(last=Max("number"))["last"] or 0) + 1
    try:
        with transaction.atomic():
            place = StudyReader.objects.create(study=study, user=user, number=number)
    except IntegrityError:
        raise NotAllowedNow(_("“%s” already has a place in this study.") % user) from None
    _note(study, by, "reader_added", reader=number)
    return place


def _note(study: Study, by: Any, code: str, **facts: Any) -> None:
    StudyEvent.objects.create(study=study, by=by, code=code, facts=facts)
