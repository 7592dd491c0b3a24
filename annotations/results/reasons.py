"""Why there is no value, and what a figure is warned of, in the language of the page: the engine's words are English, as its
bytes are. Listed are those that results of studies and tables meet; another is shown as the engine says it.
"""

from __future__ import annotations

import re
from functools import cache

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

SAID = (
    gettext_noop("neither reader used the category"),
    gettext_noop("no case was measured by every reader"),
    gettext_noop("no case was rated by two readers"),
    gettext_noop("the ICC is negative: no degrees of freedom"),
    gettext_noop("no case in any stratum"),
    gettext_noop("no case has the sign"),
    gettext_noop("every case has the sign"),
    gettext_noop("no healthy case"),
    gettext_noop("no diseased case"),
    gettext_noop("expected agreement is 1 (0/0): all ratings are in one category"),
    gettext_noop("a kappa is undefined: all ratings are in one category"),
    gettext_noop("a stratum has neither limits nor a standard error"),
    gettext_noop("perfect separation: DeLong's variance is 0 and its own interval would be one point"),
    gettext_noop("a single case has no variance"),
    gettext_noop("there are no cases"),
    gettext_noop("expected disagreement is 0: no variation in the pairable ratings"),
    gettext_noop("one reader gave the same value throughout: no correlation, no standard error"),
    gettext_noop("one diseased case: its variance component divides by 0"),
    gettext_noop("every case has the same placement: DeLong's variance is 0 and its own interval would be one point"),
    gettext_noop("a reader has one case in a class: no variance over cases"),
    gettext_noop("Perfect agreement: the standard error is 0 and the interval says nothing about other cases."),
    gettext_noop("Every case agrees alike: the standard error is 0 and the interval says nothing about other cases."),
    gettext_noop("Only %(n)s cases: the interval can be a little too narrow."),
    gettext_noop(
        "Only %(n)s cases: an outline that fails rarely may be missing among them, and the mean's interval is then too "
        "narrow."
    ),
    gettext_noop("A share of only %(n)s cases: its interval is wide and approximate."),
    gettext_noop("Only %(n)s cases of the smaller class: the interval takes both classes for about equally spread."),
    gettext_noop("Only about %(n)s cases lie outside the largest category: the interval is too narrow."),
    gettext_noop(
        "One category holds %(n)s%% of the ratings: kappa is unstable and low under such prevalence, and its interval "
        "can be too narrow; read it beside the percent agreement and the prevalence index."
    ),
    gettext_noop(
        "The differences change with the size of the measurement (slope %(slope)s, p %(p)s): the limits are too wide at "
        "one end and too narrow at the other."
    ),
)
_STRATUM = re.compile(r"(centre) ([^:]+): (.*)", re.DOTALL)
_PLACE = re.compile(r"%\((\w+)\)s")


def in_words(said: str) -> str:
    """A reason or warning of the engine; that of one centre begins with it."""
    stratum = _STRATUM.fullmatch(said)
    if stratum:
        return _("centre %(n)s") % {"n": stratum[2]} + ": " + in_words(stratum[3])
    for text, pattern in _patterns():
        if found := pattern.fullmatch(said):
            return _(text) % found.groupdict() if found.groupdict() else _(text)
    return said


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((text, _pattern(text)) for text in SAID)


def _pattern(text: str) -> re.Pattern[str]:
    """What a text with its numbers filled in looks like."""
    parts = _PLACE.split(text)  # words, name, words, name, words
    literal = [re.escape(part.replace("%%", "%")) for part in parts[::2]]
    named = [f"(?P<{name}>[-−.\\d e<]+?)" for name in parts[1::2]]
    return re.compile("".join(a + b for a, b in zip(literal, [*named, ""], strict=True)))
