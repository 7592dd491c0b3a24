"""Cases, images and masks: for curators and data clients, through `visible_to`.

A case is shown with its pathology here, so every sight of one is noted (`floor_above.note_shown`).
"""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api import serializers
from annotations.api.datasets import SCOPE
from annotations.api.permissions import HasScope
from annotations.floor_above import note_shown
from annotations.models import Case, Image, Mask, Pathology, Reading
from annotations.picture_responses import mask_response, picture_response

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


def _images() -> Any:
    return Prefetch("images", queryset=Image.objects.unscoped().select_related("case").order_by("public_id"))
