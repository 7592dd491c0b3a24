"""What one takes away of an analysis: the stored bytes, its tables as CSV or XLSX, its figures as SVG, PNG or PDF."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from annotations.models import Analysis
from annotations.results.drawing import FORMATS, drawn
from annotations.results.figure_words import in_language
from annotations.results.files import file_response
from annotations.results.foot import foot_sheet
from annotations.results.forms import form_of_analysis
from annotations.results.table_files import TYPES, table_file, workbook
from annotations.results.tables import TABLES, tables_with_rows
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
def analysis_table(request: HttpRequest, public_id: str, name: str, form: str) -> HttpResponse:
    """One table, all its columns, as CSV or XLSX."""
    analysis, document = finished(request, public_id)
    if name not in TABLES or form not in TYPES:
        raise Http404
    content = table_file(name, form, document, form_of_analysis(analysis))
    return file_response(content, TYPES[form], f"analysis-{public_id}-{name}.{form}")


@login_required
@require_safe
def analysis_workbook(request: HttpRequest, public_id: str) -> HttpResponse:
    """Every table that has rows, a sheet each, in one workbook."""
    analysis, document = finished(request, public_id)
    features = form_of_analysis(analysis)
    content = workbook(tables_with_rows(document, features), document, features)
    return file_response(content, TYPES["xlsx"], f"analysis-{public_id}.xlsx")


@login_required
@require_safe
def analysis_foot(request: HttpRequest, public_id: str) -> HttpResponse:
    """The sheet that puts the foot of this analysis on every printed page: only paper has it, so only there it is asked for."""
    analysis = found_analysis(request, public_id)
    response = HttpResponse(foot_sheet(analysis), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "private, no-cache"
    return response


@login_required
@require_safe
def analysis_figure(request: HttpRequest, public_id: str, number: int, form: str) -> HttpResponse:
    """A stored figure drawn on the server, or (json) its Vega-Lite specification, with its words in the person's language."""
    analysis, document = finished(request, public_id)
    if number >= len(document["figures"]) or form not in (*FORMATS, "json"):
        raise Http404
    etag = f'"{analysis.result_sha256[:32]}-{number}-{form}-{get_language()}"'
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = _figure_response(in_language(document["figures"][number]["spec"], form_of_analysis(analysis)), form)
        if form != "svg":
            name = f"{document['figures'][number]['name']}.{form}"
            response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response


def _figure_response(spec: dict[str, Any], form: str) -> HttpResponse:
    return JsonResponse(spec) if form == "json" else HttpResponse(drawn(spec, form), content_type=FORMATS[form])
