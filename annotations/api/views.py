"""Datasets, cases, images, masks and reference readings: for curators and data clients, through `visible_to`.

A case is shown with its pathology here, so every sight of one is noted (`floor_above.note_shown`).
"""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api import serializers
from annotations.api.permissions import HasScope
from annotations.api.pictures import mask_response, picture_response
from annotations.features import LYMPHUS, as_json, form_schema
from annotations.floor_above import blinded_cases, note_shown
from annotations.models import Case, Dataset, DatasetVersion, Image, Mask, Pathology, Reading, VersionCase
from annotations.querysets import sees_cases

SCOPE = "datasets:read"
PNG = {(200, "image/png"): OpenApiTypes.BINARY}


class CaseFilter(django_filters.FilterSet):
    dataset = django_filters.CharFilter(field_name="dataset__slug")
    version = django_filters.CharFilter(field_name="memberships__version__public_id")
    centre = django_filters.NumberFilter(field_name="centre__number")
    state = django_filters.ChoiceFilter(choices=Case.State.choices)
    pathology = django_filters.ChoiceFilter(field_name="pathology__status", choices=Pathology.Status.choices)

    class Meta:
        model = Case
        fields: list[str] = []


class ReferenceFilter(django_filters.FilterSet):
    dataset = django_filters.CharFilter(field_name="case__dataset__slug")
    case = django_filters.CharFilter(field_name="case__public_id")
    reference_set = django_filters.CharFilter(field_name="reference_in__reference_set__public_id")

    class Meta:
        model = Reading
        fields: list[str] = []


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


@extend_schema(tags=["cases"])
class CaseList(generics.ListAPIView[Case]):
    permission_classes = [HasScope]
    scope = SCOPE
    serializer_class = serializers.CaseSerializer
    filterset_class = CaseFilter

    def get_queryset(self) -> QuerySet[Case]:
        seen = Case.objects.visible_to(self.request.user)
        joined = seen.select_related("dataset", "centre", "patient", "pathology").prefetch_related(_images())
        return joined.order_by("public_id")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        note_shown(request.user, [case.pk for case in page], "pathology", "API: list of cases")
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


@extend_schema(tags=["cases"])
class CaseDetail(generics.RetrieveAPIView[Case]):
    permission_classes = [HasScope]
    scope = SCOPE
    serializer_class = serializers.CaseDetailSerializer
    lookup_field = "public_id"
    filter_backends: list[Any] = []

    def get_queryset(self) -> QuerySet[Case]:
        seen = Case.objects.visible_to(self.request.user)
        return seen.select_related("dataset", "centre", "patient", "pathology", "provenance").prefetch_related(
            _images()
        )

    def get_object(self) -> Case:
        case = super().get_object()
        note_shown(self.request.user, [case.pk], "pathology", "API: case")
        return case


@extend_schema(tags=["images"])
class ImageDetail(generics.RetrieveAPIView[Image]):
    permission_classes = [HasScope]
    scope = SCOPE
    serializer_class = serializers.ImageSerializer
    lookup_field = "public_id"
    filter_backends: list[Any] = []

    def get_queryset(self) -> QuerySet[Image]:
        return Image.objects.visible_to(self.request.user).select_related("case")


@extend_schema(tags=["images"])
class ImageContent(APIView):
    """The stored PNG: 8-bit grey, without ancillary chunks."""

    permission_classes = [HasScope]
    scope = SCOPE

    @extend_schema(responses=PNG)
    def get(self, request: Request, public_id: str) -> HttpResponse:
        image = generics.get_object_or_404(Image.objects.visible_to(request.user), public_id=public_id)
        return picture_response(request, image, address=image.public_id)


@extend_schema(tags=["masks"])
class MaskContent(APIView):
    """A mask of a reference reading or a model as PNG, 255 where the node is."""

    permission_classes = [HasScope]
    scope = SCOPE

    @extend_schema(responses=PNG)
    def get(self, request: Request, public_id: str) -> HttpResponse:
        shown = Mask.objects.filter(reading__in=Reading.objects.visible_to(request.user).submitted())
        mask = generics.get_object_or_404(shown.select_related("reading"), public_id=public_id)
        note_shown(request.user, [mask.reading.case_id], "reference", "API: mask")
        return mask_response(mask)


@extend_schema(tags=["reference readings"])
class ReferenceReadingList(generics.ListAPIView[Reading]):
    """Readings by reference panels and models. Readers' readings are seen through their study once it is closed."""

    permission_classes = [HasScope]
    scope = SCOPE
    serializer_class = serializers.ReferenceReadingSerializer
    filterset_class = ReferenceFilter

    def get_queryset(self) -> QuerySet[Reading]:
        return _references(self.request.user).order_by("pk")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        note_shown(request.user, [reading.case_id for reading in page], "reference", "API: list of reference readings")
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


@extend_schema(tags=["reference readings"])
class ReferenceReadingDetail(generics.RetrieveAPIView[Reading]):
    permission_classes = [HasScope]
    scope = SCOPE
    serializer_class = serializers.ReferenceReadingSerializer
    lookup_field = "public_id"
    filter_backends: list[Any] = []

    def get_queryset(self) -> QuerySet[Reading]:
        return _references(self.request.user)

    def get_object(self) -> Reading:
        reading = super().get_object()
        note_shown(self.request.user, [reading.case_id], "reference", "API: reference reading")
        return reading


def _images() -> Any:
    return Prefetch("images", queryset=Image.objects.unscoped().select_related("case").order_by("public_id"))


def _references(user: Any) -> QuerySet[Reading]:
    shown = Reading.objects.visible_to(user).submitted().select_related("case", "source")
    images = Prefetch("case__images", queryset=Image.objects.unscoped())
    return shown.prefetch_related(
        images, "reference_in__reference_set", "masks", Prefetch("masks__image", queryset=Image.objects.unscoped())
    )
