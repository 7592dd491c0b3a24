"""One error shape for the whole API: {"code", "detail", ...facts}, with a stable code and one sentence."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from annotations.problems import Problem


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. None lets the error through to the 500 page."""
    if isinstance(error, Problem):
        set_rollback()
        return Response({"code": error.code, "detail": error.detail, **error.facts}, status=error.status)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header  # type: ignore[attr-defined]
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(int(error.wait))  # type: ignore[attr-defined]
    return Response(_body(error), status=error.status_code, headers=headers)


def _body(error: exceptions.APIException) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        return {"code": "invalid", "detail": _("Some fields are not as expected."), "fields": error.detail}
    if isinstance(error, exceptions.NotFound):
        # always the same words: what is not one's own and what does not exist cannot be told apart
        return {"code": "not_found", "detail": _("There is nothing here for you.")}
    if isinstance(error, exceptions.ParseError):
        return {"code": "parse_error", "detail": _("The body is not JSON.")}
    code = error.get_codes()
    return {"code": code if isinstance(code, str) else "error", "detail": str(error.detail)}
