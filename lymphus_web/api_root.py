"""/api/v1/ itself: where to begin."""

from __future__ import annotations

from django.urls import reverse
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

# the lists one can begin at, and the two forms of the description
BEGINNINGS = (
    "features", "datasets", "cases", "reference-readings", "assignments", "studies", "analyses", "exports", "schema", "docs",
)  # fmt: skip


class ApiRoot(APIView):
    """The addresses to begin at. What each holds for you depends on your roles and the key's scopes."""

    permission_classes = [IsAuthenticated]

    @extend_schema(tags=["root"], operation_id="root", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        return Response({name: request.build_absolute_uri(reverse(f"api:{name}")) for name in BEGINNINGS})
