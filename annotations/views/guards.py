"""Who may ask for a page of this floor at all. What is not one's own is 404, never 403."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse

from annotations.querysets import is_curator, sees_cases

View = Callable[..., HttpResponse]


def _guard(may: Callable[[Any], bool]) -> Callable[[View], View]:
    def wrap(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not may(request.user):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return wrap


curators_only = _guard(is_curator)
# those who look at cases: curators, and who may export
case_viewers_only = _guard(sees_cases)
