"""The reading page and the feedback after it. Whatever is not one's own, or not unlocked, is the same 404."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET

from annotations.models import Image
from annotations.problems import NotAllowedNow
from readers.assignments import check_may_write, find_assignment, gives_feedback, is_submitted
from readers.feedback import NoFeedback
from readers.feedback_page import feedback_page
from readers.models import Assignment
from readers.page_settings import reading_settings
from readers.reading_page import page_of


@require_GET
@login_required
@never_cache
@ensure_csrf_cookie
def read_assignment(request: HttpRequest, public_id: str) -> HttpResponse:
    """Read one case. A submitted one leads to its feedback if there is any, else back to the worklist."""
    assignment = _found(request, public_id)
    if is_submitted(assignment):
        return redirect("read-feedback", public_id) if gives_feedback(assignment) else redirect("home")
    try:
        check_may_write(assignment)
    except NotAllowedNow as refusal:
        messages.error(request, refusal.detail)
        return redirect("home")
    try:
        return HttpResponse(page_of(assignment, request))
    except Image.DoesNotExist:
        raise Http404 from None


@require_GET
@login_required
@never_cache
@ensure_csrf_cookie
def reading_feedback(request: HttpRequest, public_id: str) -> HttpResponse:
    """The reference beside one's own reading, where the study gives feedback. The sight is recorded as exposure."""
    assignment = _found(request, public_id)
    try:
        context = feedback_page(assignment, request.user)
    except NoFeedback as refusal:
        messages.error(request, refusal.detail)
        return redirect("home")
    theme = reading_settings(request.user).get("theme")
    return render(request, "reading/feedback.html", {**context, "logout_url": reverse("logout"), "theme": theme})


def _found(request: HttpRequest, public_id: str) -> Assignment:
    try:
        return find_assignment(request.user, public_id)
    except Assignment.DoesNotExist:
        raise Http404 from None
