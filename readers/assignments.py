"""What a person may do with an assignment now, and the verbs that do it: save, submit, reopen, note time on task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from annotations import readings
from annotations.models import Image, Reading, Source
from annotations.payloads import is_storable, payload_from_json
from annotations.problems import (
    AlreadySubmitted,
    AssignmentWithdrawn,
    CaseExcluded,
    NoPermission,
    NotAllowedNow,
    StudyClosed,
)
from annotations.public_ids import new_public_id
from readers.models import Assignment, AssignmentReading, LateWork, Study

FIRST_OPINION = 1
OPEN, CLOSED = Study.State.OPEN, (Study.State.LOCKED, Study.State.ARCHIVED)


def find_assignment(user: Any, public_id: str) -> Assignment:
    """The person's own assignment, unlocked, with study, case and arm. Raises Assignment.DoesNotExist: always the same 404.

    A withdrawn one is found, so that work which arrives late can be told so.
    """
    own = Assignment.objects.drawn_for(user).washed_out().select_related("study", "case", "arm", "reader")
    return own.get(public_id=public_id)


def image_of(assignment: Assignment) -> Image:
    """The picture that is read: the case's B-mode image. Raises Image.DoesNotExist."""
    image = Image.objects.unscoped().filter(case_id=assignment.case_id, modality="b_mode").order_by("pk").first()
    if image is None:
        raise Image.DoesNotExist
    return image


def reading_of(assignment: Assignment) -> Reading | None:
    """The reading of the first opinion, None before its first write."""
    rows = Reading.objects.unscoped().filter(assigned__assignment=assignment, assigned__opinion=FIRST_OPINION)
    return rows.first()


def is_submitted(assignment: Assignment) -> bool:
    reading = reading_of(assignment)
    return reading is not None and reading.state == Reading.State.SUBMITTED


def check_may_write(assignment: Assignment) -> None:
    """Raises StudyClosed, AssignmentWithdrawn or CaseExcluded with the sentence the page shows."""
    if assignment.study.state != OPEN:
        raise StudyClosed(_("This study is closed: nothing more is read in it."))
    if assignment.withdrawn_at is not None:
        raise AssignmentWithdrawn(_("This case was taken off your worklist."))
    if assignment.case.state != "included":
        raise CaseExcluded(_("This case was left out of the dataset; it need not be read."))


def gives_feedback(assignment: Assignment) -> bool:
    """Whether a submitted reading of this assignment may be shown to its reader beside the reference now."""
    policy, state = assignment.study.feedback, assignment.study.state
    if policy == Study.Feedback.AFTER_EACH:
        return True
    return policy == Study.Feedback.WHEN_CLOSED and state in CLOSED


def check_may_see(assignment: Assignment, reading: Reading | None) -> None:
    """Whether image and own answers may be shown now. Raises as `check_may_write`, or AlreadySubmitted.

    A submitted reading comes back only with feedback or once the study is closed.
    """
    submitted = reading is not None and reading.state == Reading.State.SUBMITTED
    if assignment.study.state in CLOSED and submitted:
        return
    check_may_write(assignment)
    if submitted and not gives_feedback(assignment):
        raise AlreadySubmitted(_("You have submitted this case; it is shown again when the study is closed."))


def start(assignment: Assignment) -> Reading:
    """The reading of the assignment, made if there is none. Two first writes at once make one."""
    found = reading_of(assignment)
    if found is not None:
        return found
    try:
        with transaction.atomic():
            reading = Reading.objects.create(
                case_id=assignment.case_id, source=_source_of(assignment.reader), form_version=assignment.study.form_version
            )  # fmt: skip
            AssignmentReading.objects.create(assignment=assignment, reading=reading, opinion=FIRST_OPINION)
            return reading
    except IntegrityError:  # another write was first: its reading is the one
        found = reading_of(assignment)
        if found is None:
            raise
        return found


def save(assignment: Assignment, body: Mapping[str, Any], *, expected_version: int) -> Reading:
    """Store the draft a page sent. Raises what `save_draft` raises; what may no longer be written is kept apart first."""
    try:
        check_may_write(assignment)
        payload = payload_from_json(body)
        image = image_of(assignment)
        return readings.save_draft(
            start(assignment), payload=payload, expected_version=expected_version,
            write_id=str(body.get("write_id") or ""), image=image, spacing=image.spacing,
        )  # fmt: skip
    except (NotAllowedNow, AlreadySubmitted) as refusal:
        keep_late_work(assignment, body, refusal.code)
        refusal.facts["kept"] = True  # the page may say so
        raise


@transaction.atomic
def submit(assignment: Assignment, *, expected_version: int, mask_sha256: str | None, key: str) -> Reading:
    """Submit the reading; the same key, or the same version, again gives the same answer even after the study closed.

    A submission and the lock of its study come one after the other: whichever is first, the other sees.
    """
    reading = reading_of(assignment)
    if reading is None or reading.state != Reading.State.SUBMITTED:
        _hold_open(assignment.study)
        check_may_write(assignment)
    reading = reading or start(assignment)
    image = image_of(assignment)
    return readings.submit_reading(
        reading, expected_version=expected_version, mask_sha256=mask_sha256, write_id=key, image=image,
        spacing=image.spacing, by=assignment.reader, ask_prominent=assignment.study.ask_prominent,
    )  # fmt: skip


def _hold_open(study: Study) -> None:
    """Touch the study's row while it is open, so that a lock under way waits for us, or we for it. Raises StudyClosed.

    A conditional UPDATE, because `select_for_update` is silently nothing on SQLite.
    """
    if not Study.objects.unscoped().filter(pk=study.pk, state=OPEN).update(state=OPEN):
        raise StudyClosed(_("This study is closed: nothing more is read in it."))


def reopen(assignment: Assignment, by: Any, reason: str) -> Reading:
    """Open a submitted reading again: by its reader as long as no feedback was shown, or by the study's lead.

    Raises StudyClosed, NotAllowedNow, NoPermission, InvalidAnswer without a reason.
    """
    if by.pk not in (assignment.reader_id, assignment.study.lead_id):
        raise NoPermission(_("Only its reader or the study's lead can reopen a reading."))
    check_may_write(assignment)
    if gives_feedback(assignment):
        raise NotAllowedNow(_("The feedback on this case was shown: the reading stays as it is."))
    reading = reading_of(assignment)
    if reading is None:
        raise NotAllowedNow(_("This case has not been read yet."))
    return readings.reopen_reading(reading, by, reason)


def keep_late_work(assignment: Assignment, body: Mapping[str, Any], reason: str) -> LateWork:
    """Keep what came too late, once per write, so that nothing a reader drew is lost. It is never counted."""
    write_id = body.get("write_id")
    earlier = LateWork.objects.filter(assignment=assignment, reason=reason, payload__write_id=write_id).first()
    return earlier or LateWork.objects.create(assignment=assignment, payload=_storable(dict(body)), reason=reason)


def _storable(value: Any) -> Any:
    """The same JSON with what a database cannot keep as text (NUL, half surrogate pairs) put in a visible form."""
    if isinstance(value, str):
        return value if is_storable(value) else value.encode("unicode_escape").decode()
    if isinstance(value, dict):
        return {_storable(k): _storable(v) for k, v in value.items()}
    return [_storable(v) for v in value] if isinstance(value, list) else value


def _source_of(user: Any) -> Source:
    """The reader as a source of readings, under a name that says nothing."""
    source, _made = Source.objects.get_or_create(
        user=user, defaults={"kind": Source.Kind.USER, "name": f"Reader {new_public_id()[:4]}"}
    )
    return source
