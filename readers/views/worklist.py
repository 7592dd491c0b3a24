"""A reader's home: what is next, how far, where one stopped. And the same list for training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from readers.drafts import Draft, draft_of
from readers.durations import about, clock, spoken
from readers.models import Assignment, Study
from readers.navigation import address
from readers.practice import offers_practice
from readers.reading_times import reading_times
from readers.time_chart import time_chart
from readers.worklists import Position, StudyWork, worklist_of

SESSION = 20  # cells in one block: a session's worth of cases


@dataclass(frozen=True, slots=True)
class Row:
    """One study on the list: what it is called, how far it is, and the way on."""

    work: StudyWork
    says: str
    when: str
    url: str
    synthetic: bool
    simulated: bool


@dataclass(frozen=True, slots=True)
class Next:
    row: Row
    ordinal: int
    draft: Draft | None
    blocks: tuple[tuple[Position, ...], ...]
    to_read: int
    left: str
    a_case: str


@login_required
@require_safe
def worklist(request: HttpRequest) -> HttpResponse:
    """Everything this person reads; studies lead, training follows."""
    if not request.user.has_perm("readers.read_cases"):
        raise Http404
    works = worklist_of(request.user)
    return _page(request, "worklist/worklist.html", works, Study.Purpose.STUDY)


@login_required
@require_safe
def training(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("readers.train"):
        raise Http404
    works = [work for work in worklist_of(request.user) if work.purpose == Study.Purpose.TRAINING]
    return _page(request, "worklist/training.html", works, Study.Purpose.TRAINING)


def _page(request: HttpRequest, template: str, works: Sequence[StudyWork], purpose: str) -> HttpResponse:
    rows = _rows(request.user, sorted(works, key=lambda work: _urgency(work, purpose)))
    first = [row for row in rows if row.work.next_assignment]
    times = reading_times(request.user, first[0].work.purpose if first else purpose)
    context = {
        "practice": offers_practice(request.user, list(works)),
        "rows": rows,
        "next": _next(request.user, first[0]) if first else None,
        "sessions": [(s, spoken(s.in_use_s), clock(s.median_s)) for s in times.sessions[:7]],
        "chart": time_chart(times.cases, times.median_s) if times.median_s is not None else None,
        "median": spoken(times.median_s) if times.median_s is not None else "",
    }
    return render(request, template, context)


def _urgency(work: StudyWork, purpose: str) -> tuple[bool, bool, bool]:
    """What can be read first, of the page's own purpose before the other, begun before untouched."""
    return (work.next_assignment is None, work.purpose != purpose, not work.resumes)


def _next(user: Any, row: Row) -> Next:
    work = row.work
    ordinal = next(i for i, p in enumerate(work.positions, start=1) if p.assignment_id == work.next_assignment)
    blocks = tuple(work.positions[i : i + SESSION] for i in range(0, work.total, SESSION))
    a_case = work.seconds_left / (work.total - work.submitted) if work.seconds_left is not None else None
    return Next(
        row, ordinal, draft_of(user, work.next_assignment or "") if work.resumes else None, blocks,
        work.total - work.submitted - work.drafts,
        about(work.seconds_left) if work.seconds_left is not None else "", spoken(a_case) if a_case is not None else "",
    )  # fmt: skip


def _rows(user: Any, works: Sequence[StudyWork]) -> list[Row]:
    made = _made_by_programs(user, works)
    return [
        Row(work, _says(work), _when(work), address("read-assignment", work.next_assignment or ""), *made[i])
        for i, work in enumerate(works)
    ]  # fmt: skip


def _made_by_programs(user: Any, works: Sequence[StudyWork]) -> list[tuple[bool, bool]]:
    """Of each study, whether its images are synthetic and its readers simulated: said wherever it is shown."""
    some = [next((p.assignment_id for p in work.positions if p.assignment_id), "") for work in works]
    rows = Assignment.objects.visible_to(user).filter(public_id__in=some).values_list(
        "public_id", "study__dataset_version__dataset__synthetic", "study__simulated"
    )  # fmt: skip
    known = {public_id: (synthetic, simulated) for public_id, synthetic, simulated in rows}
    return [known.get(public_id, (False, False)) for public_id in some]


def _says(work: StudyWork) -> str:
    if work.purpose == Study.Purpose.TRAINING:
        return _("Training, differences after every case.")
    if work.feedback == Study.Feedback.AFTER_EACH:
        return _("Feedback after every case.")
    if work.feedback == Study.Feedback.WHEN_CLOSED:
        return _("Feedback when it is closed.")
    return _("Unaided, without feedback.")


def _when(work: StudyWork) -> str:
    if work.state != Study.State.OPEN:
        return _("closed")
    if work.submitted == work.total:
        return _("finished")
    if work.seconds_left is not None:
        return _("about %(time)s left") % {"time": about(work.seconds_left)}
    return _("begun") if work.submitted or work.drafts else _("not begun")
