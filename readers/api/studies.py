"""Studies for their lead: make, open, close, progress; and the readings of closed ones."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, status
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.permissions import HasScope
from annotations.models import Mask
from annotations.picture_responses import mask_response
from readers.api import study_serializers as serializers
from readers.closed import closed_readings, ndjson, reading_rows
from readers.models import AssignmentReading, Study
from readers.querysets import is_lead
from readers.studies import create_study, lock_study, open_study
from readers.worklists import study_progress

READ, WRITE, READINGS = "studies:read", "studies:write", "readings:read"


class IsLead(BasePermission):
    """Making a study asks for the role; every other address finds only one's own studies."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.method != "POST" or is_lead(request.user)


class StudyFilter(django_filters.FilterSet):
    class Meta:
        model = Study
        fields = ["state", "purpose"]


class ClosedReadingFilter(django_filters.FilterSet):
    reader = django_filters.NumberFilter(method="by_reader", label="number of the reader in this study")
    case = django_filters.CharFilter(field_name="reading__case__public_id")

    class Meta:
        model = AssignmentReading
        fields: list[str] = []

    def by_reader(self, rows: QuerySet[AssignmentReading], name: str, value: Any) -> QuerySet[AssignmentReading]:
        study = self.request.parser_context["kwargs"]["public_id"]
        return rows.filter(
            assignment__reader__study_places__number=value, assignment__reader__study_places__study__public_id=study
        )


@extend_schema(tags=["studies"])
class StudyList(generics.ListCreateAPIView[Study]):
    """The studies one leads, newest first."""

    permission_classes = [HasScope, IsLead]
    scopes = {"GET": READ, "HEAD": READ, "POST": WRITE, "OPTIONS": READ}
    filterset_class = StudyFilter

    def get_queryset(self) -> QuerySet[Study]:
        own = Study.objects.visible_to(self.request.user)
        return own.select_related("dataset_version__dataset").order_by("-created_at", "-pk")

    def get_serializer_class(self) -> Any:
        posting = self.request is not None and self.request.method == "POST"
        return serializers.NewStudySerializer if posting else serializers.StudySerializer

    @extend_schema(request=serializers.NewStudySerializer, responses={201: serializers.StudySerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make a draft study; it is opened at an address of its own."""
        new = serializers.NewStudySerializer(data=request.data, context=self.get_serializer_context())
        new.is_valid(raise_exception=True)
        study = create_study(request.user, **new.validated_data)
        return Response(serializers.StudySerializer(study).data, status=status.HTTP_201_CREATED)


class StudyView(APIView):
    permission_classes = [HasScope]
    scope = READ

    def found(self) -> Study:
        own = Study.objects.visible_to(self.request.user).select_related("dataset_version__dataset")
        return generics.get_object_or_404(own, public_id=self.kwargs["public_id"])


@extend_schema(tags=["studies"])
class StudyDetail(StudyView):
    @extend_schema(responses=serializers.StudySerializer)
    def get(self, request: Request, public_id: str) -> Response:
        """The protocol and state of a study."""
        return Response(serializers.StudySerializer(self.found()).data)


@extend_schema(tags=["studies"])
class StudyOpen(StudyView):
    scope = WRITE

    @extend_schema(request=None, responses=serializers.StudySerializer)
    def post(self, request: Request, public_id: str) -> Response:
        """Fix the protocol and draw every reader's worklist."""
        return Response(serializers.StudySerializer(open_study(self.found(), request.user)).data)


@extend_schema(tags=["studies"])
class StudyLock(StudyView):
    scope = WRITE

    @extend_schema(request=None, responses=serializers.StudySerializer)
    def post(self, request: Request, public_id: str) -> Response:
        """Close the study for good; its readings can be analysed and taken away from then on."""
        return Response(serializers.StudySerializer(lock_study(self.found(), request.user)).data)


@extend_schema(tags=["studies"])
class StudyProgressView(StudyView):
    @extend_schema(responses=serializers.ProgressSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        """Counts and times per reader; no answer."""
        return Response(serializers.ProgressSerializer(study_progress(self.found())).data)


@extend_schema(tags=["studies"])
class StudyReadings(generics.ListAPIView[AssignmentReading]):
    """The submitted readings of a closed study."""

    permission_classes = [HasScope]
    scope = READINGS
    serializer_class = serializers.ClosedReadingSerializer
    filterset_class = ClosedReadingFilter
    queryset = AssignmentReading.objects.none()

    def get_queryset(self) -> QuerySet[AssignmentReading]:
        self.study = _closed_study(self.request, self.kwargs["public_id"])
        return closed_readings(self.study, self.request.user)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        rows = self.filter_queryset(self.get_queryset())
        page = self.paginate_queryset(rows) or []
        return self.get_paginated_response(reading_rows(self.study, page))


@extend_schema(tags=["studies"])
class StudyReadingStream(APIView):
    """The same as newline-delimited JSON, in one stream."""

    permission_classes = [HasScope]
    scope = READINGS

    @extend_schema(
        parameters=[OpenApiParameter("masks", bool, description="with the encoded masks")],
        responses={(200, "application/x-ndjson"): OpenApiTypes.STR},
    )
    def get(self, request: Request, public_id: str) -> StreamingHttpResponse:
        study = _closed_study(request, public_id)
        masks = request.query_params.get("masks", "").lower() in ("1", "true", "yes")
        lines = ndjson(study, closed_readings(study, request.user), masks=masks)
        return StreamingHttpResponse(lines, content_type="application/x-ndjson")


@extend_schema(tags=["studies"])
class StudyReadingMask(APIView):
    """The mask of one reading of a closed study as PNG, 255 where the node is."""

    permission_classes = [HasScope]
    scope = READINGS

    @extend_schema(responses={(200, "image/png"): OpenApiTypes.BINARY})
    def get(self, request: Request, public_id: str, reading: str) -> HttpResponse:
        readings = closed_readings(_closed_study(request, public_id), request.user).filter(reading__public_id=reading)
        shown = Mask.objects.filter(reading__in=readings.order_by().values("reading_id"))
        return mask_response(generics.get_object_or_404(shown))


def _closed_study(request: Request, public_id: str) -> Study:
    """A closed study whose readings the person may have; one's own that is still open is found and refused with a reason."""
    allowed = Study.objects.exportable_by(request.user) | Study.objects.visible_to(request.user)
    return generics.get_object_or_404(allowed, public_id=public_id)
