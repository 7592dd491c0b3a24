"""What every page of floor 2's frame asks: which entries the bar shows, and in which theme."""

from __future__ import annotations

from typing import Any, TypedDict

from django import template
from django.template import RequestContext

from readers.navigation import address, entries_for

register = template.Library()


class BarEntry(TypedDict):
    label: str
    url: str
    here: bool


@register.simple_tag(takes_context=True)
def bar_entries(context: RequestContext) -> list[BarEntry]:
    """The pages this person has: by role, and only those whose address exists."""
    request = context.get("request")
    if request is None:
        return []
    shown: list[BarEntry] = []
    for entry in entries_for(request.user):
        url = address(entry.url_name)
        if url:
            shown.append({"label": str(entry.label), "url": url, "here": request.path.startswith(url)})
    return shown


@register.simple_tag(takes_context=True)
def theme(context: RequestContext) -> str:
    """ "paper" or "night" if this person chose, else "" and the system decides."""
    request: Any = context.get("request")
    session = getattr(request, "session", None)
    return session.get("theme", "") if session is not None else ""
