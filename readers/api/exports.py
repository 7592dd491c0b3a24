"""Exports by REST: of a closed study's readings, of a dataset's newest version; follow, fetch, stop."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations import jobs
from annotations.api.permissions import HasScope
from annotations.models import DatasetVersion, Export
from annotations.problems import NotAllowedNow
from readers.api import job_serializers as serializers
from readers.export_access import exports_of, request_version_export
from readers.export_files import file_response
from readers.exports import request_study_export
from readers.models import Study

SCOPE = "exports"


class ExportListing(generics.ListAPIView[Export]):
    permission_classes = [HasScope]
    scope = SCOPE
    serializer_class = serializers.ExportSerializer
    filter_backends: list[Any] = []
    queryset = Export.objects.none()

    def made(self, export: Export) -> Response:
        data = serializers.ExportSerializer(export, context=self.get_serializer_context()).data
        return Response(data, status=status.HTTP_201_CREATED)

    def asked_format(self, request: Request) -> str:
        new = serializers.NewExportSerializer(data=request.data)
        new.is_valid(raise_exception=True)
        return str(new.validated_data["format"])


@extend_schema(tags=["exports"])
class ExportList(ExportListing):
    """Every export one may fetch, newest first."""

    def get_queryset(self) -> QuerySet[Export]:
        return exports_of(self.request.user)


@extend_schema(tags=["exports"])
class StudyExports(ExportListing):
    """The exports of a closed study's readings, and asking for another."""

    def found(self) -> Study:
        # one's own that is still open is found, and refused with a reason
        allowed = Study.objects.exportable_by(self.request.user) | Study.objects.visible_to(self.request.user)
        return generics.get_object_or_404(allowed, public_id=self.kwargs["public_id"])

    def get_queryset(self) -> QuerySet[Export]:
        return exports_of(self.request.user).filter(of_study__study=self.found())

    @extend_schema(request=serializers.NewExportSerializer, responses={201: serializers.ExportSerializer})
    def post(self, request: Request, public_id: str) -> Response:
        """Ask for the readings of a closed study in that form."""
        return self.made(request_study_export(self.found(), self.asked_format(request), by=request.user))


@extend_schema(tags=["exports"])
class DatasetExports(ExportListing):
    """The exports of a dataset's versions, and asking for one of the newest version."""

    def versions(self) -> QuerySet[DatasetVersion]:
        seen = DatasetVersion.objects.visible_to(self.request.user).filter(dataset__slug=self.kwargs["slug"])
        return seen.select_related("dataset").order_by("-number", "pk")

    def found(self) -> DatasetVersion:
        version = self.versions().first()
        if version is None:
            return generics.get_object_or_404(self.versions())
        return version

    def get_queryset(self) -> QuerySet[Export]:
        self.found()
        subjects = [{"dataset_version": public_id} for public_id in self.versions().values_list("public_id", flat=True)]
        return exports_of(self.request.user).filter(subject__in=subjects)

    @extend_schema(request=serializers.NewExportSerializer, responses={201: serializers.ExportSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Ask for the newest version with its reference readings in that form."""
        return self.made(request_version_export(self.found(), self.asked_format(request), by=request.user))


class ExportView(APIView):
    permission_classes = [HasScope]
    scope = SCOPE

    def found(self) -> Export:
        return generics.get_object_or_404(exports_of(self.request.user), public_id=self.kwargs["public_id"])


@extend_schema(tags=["exports"])
class ExportDetail(ExportView):
    @extend_schema(responses=serializers.ExportSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        """State, progress, and name, size and SHA-256 of the file once it is made."""
        return Response(serializers.ExportSerializer(self.found(), context={"request": request}).data)


@extend_schema(tags=["exports"])
class ExportFile(ExportView):
    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request, public_id: str) -> FileResponse:
        """The file, streamed; its SHA-256 in `X-Content-SHA256`."""
        return file_response(request.user, self.found())


@extend_schema(tags=["exports"])
class ExportCancel(ExportView):
    @extend_schema(request=None, responses=serializers.StoppedSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        """Stop one that waits or is being made."""
        export = self.found()
        if not jobs.request_cancel(export):
            raise NotAllowedNow("The export has ended already.", state=export.state)
        return Response({"state": exports_of(request.user).values_list("state", flat=True).get(pk=export.pk)})
