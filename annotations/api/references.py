"""Readings by reference panels and models. Every sight of one is noted."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from annotations.api import serializers
from annotations.api.datasets import SCOPE
from annotations.api.permissions import HasScope
from annotations.floor_above import note_shown
from annotations.models import Image, Reading


class ReferenceFilter(django_filters.FilterSet):
    dataset = django_filters.CharFilter(field_name="case__dataset__slug")
    case = django_filters.CharFilter(field_name="case__public_id")
    reference_set = django_filters.CharFilter(field_name="reference_in__reference_set__public_id")

    class Meta:
        model = Reading
        fields: list[str] = []


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


def _references(user: Any) -> QuerySet[Reading]:
    shown = Reading.objects.visible_to(user).submitted().select_related("case", "source")
    images = Prefetch("case__images", queryset=Image.objects.unscoped())
    return shown.prefetch_related(
        images, "reference_in__reference_set", "masks", Prefetch("masks__image", queryset=Image.objects.unscoped())
    )
