"""Which arm of a result a page shows: `arm` of the address, else the first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from annotations.analyses.arm_views import arm_views


def view_asked(request: HttpRequest, document: Mapping[str, Any]) -> dict[str, Any]:
    """The result as that arm has it."""
    views = arm_views(document)
    asked = request.GET.get("arm", "")
    return next((view for view in views if str(view["arm"]["number"]) == asked), views[0])


def arm_query(request: HttpRequest, document: Mapping[str, Any]) -> str:
    """What an address of the same arm begins with: “arm=2&”, or "" where there is one arm."""
    if len(arm_views(document)) == 1:
        return ""
    return f"arm={view_asked(request, document)['arm']['number']}&"
