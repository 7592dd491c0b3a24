"""Logging in again in place, so that a session that ended costs no work: JSON in, JSON out."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth import authenticate, login
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST

MAX_BODY = 10_000


@require_POST
@sensitive_post_parameters()
@sensitive_variables("body")
def login_again(request: HttpRequest) -> JsonResponse:
    """{username, password} of the person whose page it is (`expected_user`, in the body or the address), nobody else's.

    200 {ok, user_id}; 400 wrong credentials or another person; 429 after too many failures.
    """
    body = _body(request)
    expected = str(body.get("expected_user") or request.GET.get("expected_user") or "")
    username, password = body.get("username"), body.get("password")
    if not expected or not isinstance(username, str) or not isinstance(password, str):
        return _refused(400, "invalid", _("User name, password and the page's user are needed."))
    user = authenticate(request, username=username, password=password)
    if getattr(request, "axes_locked_out", False):
        # axes' middleware would put a page of HTML in the place of this answer
        request.axes_locked_out = False  # type: ignore[attr-defined]
        return _refused(429, "locked_out", _("Too many failed attempts: wait a quarter of an hour."))
    if user is None:
        return _refused(400, "wrong_credentials", _("User name and password do not match."))
    if str(user.pk) != expected:
        return _refused(
            400, "other_user", _("This page belongs to another person's session; your work is kept for them.")
        )
    login(request, user)
    return JsonResponse({"ok": True, "user_id": str(user.pk)})


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        body = json.loads(request.body) if len(request.body) <= MAX_BODY else {}
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _refused(status: int, code: str, detail: str) -> JsonResponse:
    return JsonResponse({"code": code, "detail": detail}, status=status)
