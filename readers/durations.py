"""Times on task in words. Every number of seconds here is active time: the page open and in use."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

NO_BREAK = "\u00a0"


def clock(seconds: float | None) -> str:
    """Seconds as “2:15”, or as “1:02:15”; nothing for None."""
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def spoken(seconds: float) -> str:
    """Seconds as “13 min 33 s”, “2 h 5 min” from an hour on."""
    minutes, rest = divmod(round(seconds), 60)
    if minutes >= 60:
        return _together(_("%(h)d h %(min)d min") % {"h": minutes // 60, "min": minutes % 60})
    if minutes:
        return _together(_("%(min)d min %(s)d s") % {"min": minutes, "s": rest})
    return _together(_("%(s)d s") % {"s": rest})


def about(seconds: float) -> str:
    """A forecast, no finer than it can be known: “40 min” in steps of five, “2 h” in steps of a half."""
    minutes = seconds / 60
    if minutes < 57.5:
        n = max(1, round(minutes)) if minutes < 10 else 5 * round(minutes / 5)
        return _together(_("%(n)d min") % {"n": n})
    halves = round(minutes / 30)
    return _together(_("%(n)s h") % {"n": f"{halves // 2}½" if halves % 2 else halves // 2})


def _together(text: str) -> str:
    """No line may break between a number and its unit. Not in the texts: xgettext reads no escapes."""
    return re.sub(r"(?<=[\d½]) ", NO_BREAK, text)
