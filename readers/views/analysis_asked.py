"""Pages that ask for an analysis: of a closed study, of a dataset version, of a table of ratings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from annotations.analyses.verbs import request_table_analysis
from annotations.models import Analysis, DatasetVersion
from annotations.problems import InvalidSpec, Problem
from annotations.querysets import sees_cases
from readers.analyses import analyse_study, refuse_unless_closed
from readers.analysis_forms import AnalyseForm
from readers.analysis_subjects import Subject, subject_of_study, subject_of_version
from readers.querysets import is_lead
from readers.table_forms import TableForm
from readers.version_analyses import analyse_version, refuse_unless_seen
from readers.views.studies import led_study

Ask = Callable[[dict[str, Any]], Analysis]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def study_analyse(request: HttpRequest, public_id: str) -> HttpResponse:
    """The whole question, each entry at its default. The button on the study's page sends none of it: all defaults."""
    study = led_study(request, public_id)
    try:
        refuse_unless_closed(study)
        return _asked(request, subject_of_study(study), lambda spec: analyse_study(study, by=request.user, spec=spec))
    except Problem as refusal:
        messages.error(request, refusal.detail)
        return redirect("study_detail", public_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def version_analyse(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The same of a published version. Who reads one of its cases blinded now is told so and asks nothing."""
    version = _seen_version(request, slug, number)
    try:
        refuse_unless_seen(version, request.user)
        return _asked(
            request, subject_of_version(version), lambda spec: analyse_version(version, by=request.user, spec=spec)
        )
    except Problem as refusal:
        messages.error(request, refusal.detail)
        return redirect("dataset_description", slug)


def _seen_version(request: HttpRequest, slug: str, number: int) -> DatasetVersion:
    versions = DatasetVersion.objects.visible_to(request.user).select_related("dataset", "reference_set")
    found = versions.filter(dataset__slug=slug, number=number).first() if sees_cases(request.user) else None
    if found is None:
        raise Http404
    return found


def _asked(request: HttpRequest, subject: Subject, ask: Ask) -> HttpResponse:
    """The page, until the whole question stands and is asked; a POST that holds none of it asks with every default.

    Raises Problem where the refusal is not about an entry.
    """
    whole, more = "whole" in request.POST, "more" in request.POST
    if request.method == "POST" and not whole:
        return _to(ask({}))
    form = AnalyseForm(request.POST if whole else None, subject=subject)
    if whole and not more and form.is_valid():
        try:
            return _to(ask(form.spec))
        except InvalidSpec as refusal:
            form.refuse(refusal)
    status = 422 if whole and not more else 200
    return render(request, "analyses/ask.html", {"subject": subject, "form": form}, status=status)


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
