"""How a figure was computed, in the language of the page: the stored result says it in English."""

from __future__ import annotations

from annotations.results.engine_methods import METHODS
from annotations.results.phrases import Phrases

_PHRASES = Phrases(METHODS)


def method_in_words(said: str) -> str:
    """An estimator, the method of an interval, or the name of a figure."""
    return _PHRASES.say(said)
