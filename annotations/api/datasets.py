"""The form and the collections: titles, versions, manifests."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api import serializers
from annotations.api.permissions import HasScope
from annotations.features import LYMPHUS, as_json, form_schema
from annotations.floor_above import blinded_cases
from annotations.models import Dataset, DatasetVersion, VersionCase
from annotations.querysets import sees_cases

SCOPE = "datasets:read"


@extend_schema(tags=["features"])
class FeatureList(APIView):
    """The feature dictionary: the form of LymphUs, in the language asked for."""

    permission_classes = [IsAuthenticated]

    @extend_schema(responses=serializers.FormSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response([as_json(LYMPHUS)])


@extend_schema(tags=["features"])
class FeatureDetail(APIView):
    """One version of the form, as stored with the readings made under it."""

    permission_classes = [IsAuthenticated]

    @extend_schema(responses=serializers.FormSerializer)
    def get(self, request: Request, version: str) -> Response:
        try:
            return Response(as_json(form_schema(version)))
        except KeyError:
            raise Http404 from None


@extend_schema(tags=["datasets"])
class DatasetList(generics.ListAPIView[Dataset]):
    permission_classes = [HasScope]
    scope = SCOPE
    serializer_class = serializers.DatasetSerializer
    filter_backends: list[Any] = []

    def get_queryset(self) -> QuerySet[Dataset]:
        return Dataset.objects.visible_to(self.request.user).prefetch_related("centres").order_by("title", "pk")


@extend_schema(tags=["datasets"])
class DatasetDetail(generics.RetrieveAPIView[Dataset]):
    permission_classes = [HasScope]
    scope = SCOPE
    serializer_class = serializers.DatasetSerializer
    lookup_field = "slug"
    filter_backends: list[Any] = []

    def get_queryset(self) -> QuerySet[Dataset]:
        return Dataset.objects.visible_to(self.request.user)


@extend_schema(tags=["datasets"])
class VersionList(generics.ListAPIView[DatasetVersion]):
    """The published versions of a dataset, newest first."""

    permission_classes = [HasScope]
    scope = SCOPE
    serializer_class = serializers.VersionSerializer
    filter_backends: list[Any] = []

    def get_queryset(self) -> QuerySet[DatasetVersion]:
        versions = DatasetVersion.objects.visible_to(self.request.user).filter(dataset__slug=self.kwargs["slug"])
        return versions.select_related("dataset", "reference_set").defer("manifest").order_by("-number", "pk")


@extend_schema(tags=["datasets"])
class VersionDetail(generics.RetrieveAPIView[DatasetVersion]):
    """A frozen version. Its manifest (case ids and hashes) only for those who see all of its cases now."""

    permission_classes = [HasScope]
    scope = SCOPE
    serializer_class = serializers.VersionDetailSerializer
    lookup_field = "public_id"
    filter_backends: list[Any] = []

    def get_queryset(self) -> QuerySet[DatasetVersion]:
        return DatasetVersion.objects.visible_to(self.request.user).select_related("dataset", "reference_set")

    def get_serializer_class(self) -> Any:
        if self.request is not None and not self._sees_every_case():
            return serializers.VersionSerializer
        return serializers.VersionDetailSerializer

    def _sees_every_case(self) -> bool:
        user = self.request.user
        blinded = VersionCase.objects.filter(
            version__public_id=self.kwargs.get("public_id"), case__in=blinded_cases(user)
        )
        return sees_cases(user) and not blinded.exists()
