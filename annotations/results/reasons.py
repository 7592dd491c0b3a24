"""Why there is no value, and what a figure is warned of, in the language of the page: the engine's words are English, as its
bytes are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from annotations.results.engine_reasons import SAID
from annotations.results.phrases import Phrases

_STRATUM = re.compile(r"(centre) ([^:]+): (.*)", re.DOTALL)
_PHRASES = Phrases(SAID)


def in_words(said: str) -> str:
    """A reason or warning of the engine; that of one centre begins with it."""
    stratum = _STRATUM.fullmatch(said)
    if stratum:
        return _("centre %(n)s") % {"n": stratum[2]} + ": " + in_words(stratum[3])
    return _PHRASES.say(said)


def kinds_in_words(said: Iterable[str]) -> list[str]:
    """Each warning once, whichever centre and numbers it came with."""
    return _PHRASES.kinds(stratum[3] if (stratum := _STRATUM.fullmatch(one)) else one for one in said)
