"""Exports: what was asked for, its progress, its file; and asking for another."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from annotations import jobs
from annotations.exports.verbs import export_path
from annotations.models import DatasetVersion, Export
from annotations.problems import NotAllowedNow, Problem
from annotations.querysets import sees_cases
from readers.export_access import exports_of, request_version_export
from readers.export_files import file_response
from readers.export_forms import ExportForm
from readers.exports import request_study_export
from readers.job_progress import progress_of
from readers.models import Study
from readers.querysets import is_lead


@login_required
@require_safe
@never_cache
def export_list(request: HttpRequest) -> HttpResponse:
    _may_be_here(request)
    rows = exports_of(request.user).select_related("of_study__study", "requested_by")
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    form = ExportForm(user=request.user, initial={"subject": request.GET.get("subject", "")})
    return render(request, "exports/list.html", {"page": page, "rows": _rows(page.object_list), "form": form})


@login_required
@require_POST
def export_request(request: HttpRequest) -> HttpResponse:
    _may_be_here(request)
    form = ExportForm(request.POST, user=request.user)
    if not form.is_valid():
        messages.error(request, _("Choose what is exported and in which form."))
        return redirect("export_list")
    subject = form.chosen
    try:
        if isinstance(subject, Study):
            request_study_export(subject, form.cleaned_data["format"], by=request.user)
        else:
            request_version_export(subject, form.cleaned_data["format"], by=request.user)
    except Problem as refusal:
        messages.error(request, refusal.detail)
    else:
        messages.success(request, _("The export is being made; its file appears in this list."))
    return redirect("export_list")


@login_required
@require_safe
@never_cache
def export_progress(request: HttpRequest, public_id: str) -> JsonResponse:
    """What the list follows while a file is made."""
    return JsonResponse(progress_of(found_export(request.user, public_id)))


@login_required
@require_POST
def export_cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    if not jobs.request_cancel(found_export(request.user, public_id)):
        messages.error(request, _("The export has ended already."))
    return redirect("export_list")


@login_required
@require_safe
def export_file(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """The finished file. Who reads its cases blinded now is told so and gets nothing."""
    export = found_export(request.user, public_id)
    try:
        return file_response(request.user, export)
    except NotAllowedNow as refusal:
        messages.error(request, refusal.detail)
        return redirect("export_list")


def found_export(user: Any, public_id: str) -> Export:
    try:
        return exports_of(user).get(public_id=public_id)
    except Export.DoesNotExist:
        raise Http404 from None


def _may_be_here(request: HttpRequest) -> None:
    if not (is_lead(request.user) or sees_cases(request.user)):
        raise Http404


def _rows(exports: Any) -> list[dict[str, Any]]:
    """Each export with what it is of, in words; the versions' names in one query."""
    wanted = [e.subject["dataset_version"] for e in exports if "dataset_version" in e.subject]
    versions = DatasetVersion.objects.unscoped().filter(public_id__in=wanted).select_related("dataset")
    names = {version.public_id: str(version) for version in versions}
    return [
        {
            "export": export,
            "of": export.of_study.study.title
            if "study" in export.subject
            else names[export.subject["dataset_version"]],
            "file_there": export.state == Export.State.DONE and export_path(export).exists(),
        }
        for export in exports
    ]
