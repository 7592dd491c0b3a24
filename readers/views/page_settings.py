"""The reading page tells how it was set: JSON in, nothing out."""

from __future__ import annotations

import json

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods

from annotations.problems import Problem
from readers.page_settings import remember_reading_settings

MAX_BODY = 20_000


@require_http_methods(["PUT"])
@login_required
def read_settings(request: HttpRequest) -> HttpResponse:
    """204, or 400 with code and sentence: then what was remembered stays."""
    try:
        given = json.loads(request.body) if len(request.body) <= MAX_BODY else None
    except (ValueError, RecursionError):
        given = None
    try:
        remember_reading_settings(request.user, given)
    except Problem as refusal:
        return JsonResponse({"code": refusal.code, "detail": refusal.detail}, status=400)
    return HttpResponse(status=204)
