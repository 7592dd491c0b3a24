"""What a token may do: a view names the scope it needs; a log-in by session has them all."""

from __future__ import annotations

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView


class HasScope(BasePermission):
    """`view.scope` (str) or `view.scopes` (method → str) must be among the token's scopes."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not (request.user and request.user.is_authenticated):
            return False
        token = request.auth
        if token is None:
            return True
        needed = getattr(view, "scopes", {}).get(request.method) or getattr(view, "scope", None)
        return needed is not None and needed in token.scopes  # type: ignore[union-attr]
