"""What every page of floor 2's frame asks: which entries the bar shows, and in which theme."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, TypedDict

from django import template
from django.template import RequestContext
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from annotations.results.sides import capital, short
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


@register.filter
def when(at: datetime | None) -> str:
    """A moment as one says it: “today, 10:12”, “yesterday, 17:41”, “21 Nov”, “21 Nov 2025”; nothing for None."""
    if at is None:
        return ""
    local, today = timezone.localtime(at), timezone.localdate()
    if local.date() == today:
        return _("today, %(time)s") % {"time": date_format(local, "H:i")}
    if local.date() == today - timedelta(days=1):
        return _("yesterday, %(time)s") % {"time": date_format(local, "H:i")}
    if local.year == today.year:
        return date_format(local, pgettext("a day as Django writes it", "j M"))
    return date_format(local, "SHORT_DATE_FORMAT")


@register.simple_tag(takes_context=True)
def theme(context: RequestContext) -> str:
    """ "paper" or "night" if this person chose, else "" and the system decides."""
    request: Any = context.get("request")
    session = getattr(request, "session", None)
    return session.get("theme", "") if session is not None else ""


@register.filter
def reader_short(side: str) -> str:
    """A reader or the reference as a narrow column has it."""
    return short(str(side))


@register.filter
def reader_capital(side: str) -> str:
    """A reader or the reference as a heading has it."""
    return capital(str(side))
