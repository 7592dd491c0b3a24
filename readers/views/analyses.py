"""Analyses of the studies one leads, of one's tables and of dataset versions: list, look at one, stop it."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from annotations import jobs
from annotations.analyses import ENGINE
from annotations.models import Analysis
from annotations.querysets import sees_cases
from readers.analyses import analyses_of, study_of
from readers.job_progress import progress_of, said_of
from readers.querysets import is_lead
from readers.views.analysis_page import page_of


def found_analysis(request: HttpRequest, public_id: str, *, without: tuple[str, ...] = ()) -> Analysis:
    """The analysis if this person may see it, else the 404 of everything that is not one's own; `without` large fields."""
    try:
        return analyses_of(request.user).defer(*without).get(public_id=public_id)
    except Analysis.DoesNotExist:
        raise Http404 from None


def finished(request: HttpRequest, public_id: str) -> tuple[Analysis, dict[str, Any]]:
    """The analysis with its result, as this engine writes it; 404 while there is none."""
    analysis = found_analysis(request, public_id)
    if analysis.state != Analysis.State.DONE or analysis.result is None:
        raise Http404
    document: dict[str, Any] = json.loads(bytes(analysis.result))
    return analysis, document


@login_required
@require_safe
def analysis_list(request: HttpRequest) -> HttpResponse:
    lead, viewer = is_lead(request.user), sees_cases(request.user)
    if not (lead or viewer):
        raise Http404
    rows = analyses_of(request.user).select_related("of_study__study").defer("inputs", "result", "parts")
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    return render(request, "analyses/list.html", {"page": page, "may_lead": lead, "may_see_cases": viewer})


@login_required
@require_safe
@never_cache
def analysis_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """The progress of one that is not done; else the result: `with` (readers, reference), `of` (overall, a centre),
    `feature` of the matrix."""
    analysis = found_analysis(request, public_id)
    study = study_of(analysis)
    if analysis.state != Analysis.State.DONE or analysis.result is None:
        waiting = {"analysis": analysis, "study": study, "said": said_of(analysis)}
        return render(request, "analyses/waiting.html", waiting)
    document = json.loads(bytes(analysis.result))
    if document["engine"] != ENGINE:
        return render(request, "analyses/older.html", {"analysis": analysis, "study": study, "engine": ENGINE})
    return render(request, "analyses/detail.html", page_of(analysis, study, document, request))


@login_required
@require_safe
@never_cache
def analysis_progress(request: HttpRequest, public_id: str) -> JsonResponse:
    """What the page follows while it waits."""
    return JsonResponse(progress_of(found_analysis(request, public_id, without=("result", "parts"))))


@login_required
@require_POST
def analysis_cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    analysis = found_analysis(request, public_id)
    if jobs.request_cancel(analysis):
        messages.success(request, _("The analysis stops; nothing of it is kept."))
    else:
        messages.error(request, _("The analysis has ended already."))
    return redirect("analysis_detail", public_id)
