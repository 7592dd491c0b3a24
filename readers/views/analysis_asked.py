"""Pages that ask for an analysis: of a closed study, of a table of ratings."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from annotations.analyses.verbs import request_table_analysis
from annotations.models import Analysis
from annotations.problems import InvalidSpec, Problem
from readers.analyses import analyse_study, refuse_unless_closed
from readers.analysis_forms import AnalyseForm
from readers.querysets import is_lead
from readers.table_forms import TableForm
from readers.views.studies import led_study


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def study_analyse(request: HttpRequest, public_id: str) -> HttpResponse:
    """The whole question, each entry at its default. The button on the study's page sends none of it: all defaults."""
    study = led_study(request, public_id)
    whole = "whole" in request.POST
    try:
        refuse_unless_closed(study)
        if request.method == "POST" and not whole:
            return _to(analyse_study(study, by=request.user))
    except Problem as refusal:
        messages.error(request, refusal.detail)
        return redirect("study_detail", public_id)
    form = AnalyseForm(request.POST if whole else None, study=study)
    if whole and "more" not in request.POST and form.is_valid():
        try:
            return _to(analyse_study(study, by=request.user, spec=form.spec))
        except InvalidSpec as refusal:
            form.refuse(refusal)
    refused = whole and "more" not in request.POST
    return render(request, "analyses/ask.html", {"study": study, "form": form}, status=422 if refused else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def table_analyse(request: HttpRequest) -> HttpResponse:
    """Any table of ratings with its schema; the result is this lead's alone."""
    if not is_lead(request.user):
        raise Http404
    form = TableForm(request.POST, request.FILES) if request.method == "POST" else TableForm()
    if form.is_bound and form.is_valid():
        try:
            return _to(request_table_analysis(form.content, form.parsed, spec=form.spec, by=request.user,
                                              title=form.cleaned_data["title"], files=form.names))  # fmt: skip
        except InvalidSpec as refusal:
            form.refuse(refusal)
    return render(request, "analyses/ask_table.html", {"form": form}, status=422 if form.is_bound else 200)


def _to(analysis: Analysis) -> HttpResponse:
    return redirect("analysis_detail", analysis.public_id)
