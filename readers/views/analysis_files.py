"""What one takes away of an analysis: the stored bytes, its tables as CSV, its figures as SVG, PNG or PDF."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.views.decorators.http import require_safe

from annotations.features import form_schema
from annotations.models import Analysis
from annotations.results.csv_tables import TABLES, csv_text
from annotations.results.drawing import FORMATS, drawn
from readers.views.analyses import finished, found_analysis


@login_required
@require_safe
def analysis_json(request: HttpRequest, public_id: str) -> HttpResponse:
    """The result as it is stored, byte for byte."""
    analysis = found_analysis(request, public_id)
    if analysis.state != Analysis.State.DONE or analysis.result is None:
        raise Http404
    response = HttpResponse(bytes(analysis.result), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="analysis-{public_id}.json"'
    return response


@login_required
@require_safe
def analysis_table(request: HttpRequest, public_id: str, name: str) -> HttpResponse:
    """One table as CSV, all its columns."""
    analysis, document = finished(request, public_id)
    if name not in TABLES:
        raise Http404
    text = csv_text(name, document, form_schema(analysis.inputs["form_version"]))
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="analysis-{public_id}-{name}.csv"'
    return response


@login_required
@require_safe
def analysis_figure(request: HttpRequest, public_id: str, number: int, form: str) -> HttpResponse:
    """A stored figure drawn on the server, or (json) its Vega-Lite specification."""
    analysis, document = finished(request, public_id)
    if number >= len(document["figures"]) or form not in (*FORMATS, "json"):
        raise Http404
    etag = f'"{analysis.result_sha256[:32]}-{number}-{form}"'
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponse = HttpResponseNotModified()
    elif form == "json":
        response = JsonResponse(document["figures"][number]["spec"])
    else:
        response = HttpResponse(drawn(document["figures"][number]["spec"], form), content_type=FORMATS[form])
        if form != "svg":
            name = f"{document['figures'][number]['name']}.{form}"
            response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response
