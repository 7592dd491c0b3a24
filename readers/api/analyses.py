"""Analyses by REST: of the closed studies one leads, of dataset versions; ask, follow, stop, take the stored bytes."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations import jobs
from annotations.analyses.verbs import request_table_analysis
from annotations.api.permissions import HasScope
from annotations.models import Analysis, DatasetVersion
from annotations.problems import NotAllowedNow
from readers.analyses import analyse_study, analyses_of
from readers.api import job_serializers as serializers
from readers.api.studies import IsLead
from readers.models import Study
from readers.version_analyses import analyse_version

SCOPE = "analyses"


def _listed(user: Any) -> QuerySet[Analysis]:
    return analyses_of(user).select_related("of_study__study").defer("inputs", "result", "parts")


def _asked_spec(request: Request) -> dict[str, Any]:
    """The spec of the body, which may be left out; the verb's own check names an entry, what was expected and what came."""
    body = request.data
    if not isinstance(body, dict) or not set(body) <= {"spec"} or not isinstance(body.get("spec", {}), dict):
        raise ValidationError({"spec": ['The body is {"spec": {…}}, or empty.']})
    spec: dict[str, Any] = body.get("spec", {})
    return spec


@extend_schema(tags=["analyses"])
class AnalysisList(generics.ListAPIView[Analysis]):
    """The analyses one may see (of the studies one leads, of one's tables, of dataset versions), newest first; and asking for
    that of a table."""

    permission_classes = [HasScope, IsLead]
    parser_classes = [MultiPartParser]
    scope = SCOPE
    serializer_class = serializers.AnalysisSerializer
    filterset_fields = ["state"]
    queryset = Analysis.objects.none()

    def get_queryset(self) -> QuerySet[Analysis]:
        return _listed(self.request.user)

    @extend_schema(
        request={"multipart/form-data": serializers.NewTableAnalysisSerializer},
        responses={201: serializers.AnalysisSerializer},
    )
    def post(self, request: Request) -> Response:
        """Analyse a table of ratings (docs/tables.md), without cases or images. A refusal names file, line, column, value."""
        new = serializers.NewTableAnalysisSerializer(data=request.data)
        new.is_valid(raise_exception=True)
        said = new.validated_data
        analysis = request_table_analysis(
            said["table"].read(), said["schema"], spec=said["spec"], title=said["title"], by=request.user,
            files=(said["table"].name, "schema"),
        )  # fmt: skip
        return Response(serializers.AnalysisSerializer(analysis).data, status=status.HTTP_201_CREATED)


class AnalysesOfOne(generics.ListAPIView[Analysis]):
    """Of one study or dataset version. Who may see them is asked of the query."""

    permission_classes = [HasScope]
    scope = SCOPE
    serializer_class = serializers.AnalysisSerializer
    filter_backends: list[Any] = []
    queryset = Analysis.objects.none()


@extend_schema(tags=["analyses"])
class StudyAnalyses(AnalysesOfOne):
    """The analyses of one study, and asking for another."""

    def found(self) -> Study:
        return generics.get_object_or_404(
            Study.objects.visible_to(self.request.user).select_related("dataset_version", "reference_set"),
            public_id=self.kwargs["public_id"],
        )

    def get_queryset(self) -> QuerySet[Analysis]:
        return _listed(self.request.user).filter(of_study__study=self.found())

    @extend_schema(request=serializers.NewAnalysisSerializer, responses={201: serializers.AnalysisSerializer})
    def post(self, request: Request, public_id: str) -> Response:
        """Freeze the submitted readings of a closed study and compare them. The spec may be left out."""
        study = self.found()
        analysis = analyse_study(study, by=request.user, spec=_asked_spec(request))
        return Response(serializers.AnalysisSerializer(analysis).data, status=status.HTTP_201_CREATED)


@extend_schema(tags=["analyses"])
class VersionAnalyses(AnalysesOfOne):
    """The analyses of one dataset version, and asking for another: for curators and those who may export."""

    def found(self) -> DatasetVersion:
        seen = DatasetVersion.objects.visible_to(self.request.user).select_related("dataset", "reference_set")
        return generics.get_object_or_404(seen, public_id=self.kwargs["public_id"])

    def get_queryset(self) -> QuerySet[Analysis]:
        return _listed(self.request.user).filter(kind=Analysis.Kind.VERSION, dataset_version=self.found())

    @extend_schema(request=serializers.NewAnalysisSerializer, responses={201: serializers.AnalysisSerializer})
    def post(self, request: Request, public_id: str) -> Response:
        """Freeze what the version holds: each feature of its reference against the pathology, and how the dataset's other
        reference sets agree with it. The spec may be left out."""
        analysis = analyse_version(self.found(), by=request.user, spec=_asked_spec(request))
        return Response(serializers.AnalysisSerializer(analysis).data, status=status.HTTP_201_CREATED)


class AnalysisView(APIView):
    permission_classes = [HasScope]
    scope = SCOPE

    def found(self) -> Analysis:
        seen = analyses_of(self.request.user).select_related("of_study__study").defer("inputs", "parts")
        return generics.get_object_or_404(seen, public_id=self.kwargs["public_id"])


@extend_schema(tags=["analyses"])
class AnalysisDetail(AnalysisView):
    @extend_schema(responses=serializers.AnalysisDetailSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        """State, progress, question, the hash of the inputs, and the result once there is one."""
        return Response(serializers.AnalysisDetailSerializer(self.found()).data)


@extend_schema(tags=["analyses"])
class AnalysisResult(AnalysisView):
    @extend_schema(responses={(200, "application/json"): OpenApiTypes.OBJECT})
    def get(self, request: Request, public_id: str) -> HttpResponse:
        """The stored bytes, whose SHA-256 is `result_sha256`."""
        analysis = self.found()
        if analysis.result is None:
            raise Http404
        return HttpResponse(bytes(analysis.result), content_type="application/json")


@extend_schema(tags=["analyses"])
class AnalysisCancel(AnalysisView):
    @extend_schema(request=None, responses=serializers.StoppedSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        """Stop one that waits or runs."""
        analysis = self.found()
        if not jobs.request_cancel(analysis):
            raise NotAllowedNow("The analysis has ended already.", state=analysis.state)
        return Response({"state": analyses_of(request.user).values_list("state", flat=True).get(pk=analysis.pk)})
