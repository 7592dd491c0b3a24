"""The reading page of one assignment as HTML: for who navigates to it, and for who hands the case before it in."""

from __future__ import annotations

import logging

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from annotations.problems import Problem
from readers.assignments import check_may_write, find_assignment, is_submitted
from readers.boot import reading_boot
from readers.models import Assignment

log = logging.getLogger(__name__)


def page_of(assignment: Assignment, request: HttpRequest) -> str:
    """The page of one's own, open assignment (`find_assignment`, `check_may_write`). Raises Image.DoesNotExist."""
    context = {
        "reading_data": reading_boot(assignment, request.user),
        "logout_url": reverse("logout"),
        "practice_url": reverse("practice"),
    }
    return render_to_string("reading/page.html", context, request)


def page_after(public_id: str | None, request: HttpRequest) -> str | None:
    """The page that is read after a submission. None: there is no case to read, or none that may be shown; its address says
    why. A page that fails must not keep back the word that the case before it was handed in.
    """
    if public_id is None:
        return None
    try:
        assignment = find_assignment(request.user, public_id)
        check_may_write(assignment)
        return None if is_submitted(assignment) else page_of(assignment, request)
    except (ObjectDoesNotExist, Problem):
        return None
    except Exception:  # a defect of ours: in the log it is one, and the reader's browser asks for the page itself
        log.exception("the page of %s failed, which was to go with the submission before it", public_id)
        return None
