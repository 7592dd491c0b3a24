"""What one takes away of a finished analysis by REST: its tables as CSV and XLSX, its figures as SVG, PNG and PDF."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from annotations.features import FormSchema
from annotations.models import Analysis
from annotations.results.drawing import FORMATS, drawn
from annotations.results.files import file_response
from annotations.results.forms import form_of_analysis
from annotations.results.table_files import TYPES, table_file, workbook
from annotations.results.tables import TABLES, tables_with_rows
from readers.api import job_serializers as serializers
from readers.api.analyses import AnalysisView

Finished = tuple[Analysis, dict[str, Any], FormSchema]
FIGURE_FORMS = ("json", *FORMATS)
CSV, XLSX, JSON = "text/csv", TYPES["xlsx"], "application/json"


class FinishedView(AnalysisView):
    def finished(self) -> Finished:
        """The analysis with its result and the form it is of; 404 while there is none."""
        analysis = self.found()
        if analysis.result is None:
            raise Http404
        return analysis, json.loads(bytes(analysis.result)), form_of_analysis(analysis)


@extend_schema(tags=["analyses"])
class AnalysisFiles(FinishedView):
    @extend_schema(responses=serializers.AnalysisFilesSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        """Which tables and figures the result has, with their addresses."""
        _analysis, document, form = self.finished()

        def at(view: str, **where: Any) -> str:
            return reverse(f"api:{view}", kwargs={"public_id": public_id, **where}, request=request)

        return Response({
            "workbook": at("analysis-workbook"),
            "tables": [
                {"name": name} | {form: at("analysis-table", name=name, form=form) for form in TYPES}
                for name in tables_with_rows(document, form)
            ],
            "figures": [
                {"name": figure["name"], "title": figure["title"]}
                | {form: at("analysis-figure", number=number, form=form) for form in FIGURE_FORMS}
                for number, figure in enumerate(document["figures"])
            ],
        })  # fmt: skip


@extend_schema(tags=["analyses"])
class AnalysisTable(FinishedView):
    @extend_schema(
        parameters=[OpenApiParameter("name", str, "path", enum=list(TABLES)),
                    OpenApiParameter("form", str, "path", enum=list(TYPES))],
        responses={(200, CSV): OpenApiTypes.STR, (200, XLSX): OpenApiTypes.BINARY},
    )  # fmt: skip
    def get(self, request: Request, public_id: str, name: str, form: str) -> HttpResponse:
        """One table, a figure a row, with estimator, interval and n; headings alone where the result has none of it."""
        _analysis, document, features = self.finished()
        if name not in TABLES or form not in TYPES:
            raise Http404
        content = table_file(name, form, document, features)
        return file_response(content, TYPES[form], f"analysis-{public_id}-{name}.{form}")


@extend_schema(tags=["analyses"])
class AnalysisWorkbook(FinishedView):
    @extend_schema(responses={(200, XLSX): OpenApiTypes.BINARY})
    def get(self, request: Request, public_id: str) -> HttpResponse:
        """Every table that has rows, a sheet each."""
        _analysis, document, features = self.finished()
        content = workbook(tables_with_rows(document, features), document, features)
        return file_response(content, XLSX, f"analysis-{public_id}.xlsx")


@extend_schema(tags=["analyses"])
class AnalysisFigure(FinishedView):
    @extend_schema(
        parameters=[OpenApiParameter("number", int, "path"), OpenApiParameter("form", str, "path", enum=list(FIGURE_FORMS))],
        responses={(200, JSON): OpenApiTypes.OBJECT, **{(200, kind): OpenApiTypes.BINARY for kind in FORMATS.values()}},
    )  # fmt: skip
    def get(self, request: Request, public_id: str, number: int, form: str) -> HttpResponse:
        """A stored figure drawn on the server, or its Vega-Lite specification."""
        _analysis, document, _form = self.finished()
        if number >= len(document["figures"]) or form not in FIGURE_FORMS:
            raise Http404
        figure = document["figures"][number]
        content = json.dumps(figure["spec"]).encode() if form == "json" else drawn(figure["spec"], form)
        return file_response(content, FORMATS.get(form, JSON), f"{figure['name']}.{form}")
