"""A curator's pages of imports: the list, an upload, the report with its decision."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotations.import_jobs import decide_import, request_import, stop_import
from annotations.models import Import
from annotations.problems import NotAllowedNow
from annotations.views.guards import curators_only
from annotations.views.import_forms import ImportForm

# findings on the page; the JSON has all of them
LISTED = 200
RUNNING = (Import.State.WAITING, Import.State.RUNNING)


def _job(request: HttpRequest, public_id: str) -> Import:
    try:
        return Import.objects.visible_to(request.user).get(public_id=public_id)
    except Import.DoesNotExist:
        raise Http404 from None


@require_safe
@curators_only
def import_list(request: HttpRequest) -> HttpResponse:
    rows = Import.objects.visible_to(request.user).defer("report", "result").select_related("requested_by")
    return render(request, "imports/list.html", {"page": Paginator(rows, 50).get_page(request.GET.get("page"))})


@require_http_methods(["GET", "HEAD", "POST"])
@curators_only
def import_new(request: HttpRequest) -> HttpResponse:
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        job = request_import(
            said["dataset"], said["archives"], by=request.user,  # type: ignore[arg-type]
            title=said["title"], synthetic=said["synthetic"], spacing=said["spacing"],
        )  # fmt: skip
        return redirect("import_detail", job.public_id)
    return render(request, "imports/new.html", {"form": form})


@require_safe
@curators_only
def import_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    job = _job(request, public_id)
    report = job.report or {}
    findings = [f for f in report.get("findings", []) if f["verdict"] != "note"]
    return render(
        request,
        "imports/detail.html",
        {
            "job": job,
            "report": report,
            "is_running": job.state in RUNNING,
            "findings": findings[:LISTED],
            "unlisted": report.get("counts", {}).get("refused", 0)
            + report.get("counts", {}).get("look", 0)
            - len(findings[:LISTED]),
            "synonyms": sum(s["count"] for s in report.get("synonyms", [])),
            "ignored": sum(report.get("ignored", {}).values()) + report.get("counts", {}).get("blank_rows", 0),
            "may_decide": job.step == Import.Step.REPORTED and job.state == Import.State.DONE,
        },
    )


@require_safe
@curators_only
def import_progress(request: HttpRequest, public_id: str) -> HttpResponse:
    """What `static/pages/progress.js` asks for: {running, done, total, text}."""
    job = _job(request, public_id)
    return JsonResponse(
        {
            "running": job.state in RUNNING,
            "done": job.progress_done,
            "total": job.progress_total,
            "text": job.progress_text,
        },
        headers={"Cache-Control": "no-store"},
    )


@require_POST
@curators_only
def import_decide(request: HttpRequest, public_id: str) -> HttpResponse:
    """`decision`: accept, refuse, or stop."""
    job = _job(request, public_id)
    decision = request.POST.get("decision")
    try:
        if decision == "stop":
            stop_import(job)
        elif decision in ("accept", "refuse"):
            decide_import(job, accept=decision == "accept", publish="publish" in request.POST)
        else:
            raise Http404
    except NotAllowedNow as problem:
        messages.warning(request, problem.detail)
    return redirect("import_detail", public_id)


@require_safe
@curators_only
def import_report(request: HttpRequest, public_id: str) -> HttpResponse:
    job = _job(request, public_id)
    if job.report is None:
        raise Http404
    return JsonResponse(
        {"import": job.public_id, "archives": [u["name"] for u in job.uploads], **job.report, "result": job.result},
        json_dumps_params={"ensure_ascii": False, "indent": 1},
        headers={"Content-Disposition": f'attachment; filename="import-{job.public_id}.json"'},
    )
