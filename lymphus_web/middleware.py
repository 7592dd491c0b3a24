"""Marks the time in which a request is served, so that an unscoped query in it raises (`annotations.scoping`)."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

from annotations.scoping import serving_a_request


class ScopedRequests:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # PostgreSQL raises where such an id is looked up; the API's addresses do not match it
        if "\x00" in request.path and not request.path.startswith("/api/"):
            raise Http404
        # the admin is for site administration: its own permissions guard it, and it is read-only for our tables
        if request.path.startswith("/admin/"):
            return self.get_response(request)
        with serving_a_request():
            return self.get_response(request)
