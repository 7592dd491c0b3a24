"""Sentences of the engine, found again with their numbers filled in, and said in the language of the page.

A text holds a place where the engine put something: another text where it is called as one of TEXTS, what a person named
where it is `%(name)s`, else a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from django.utils.translation import gettext as _

TEXTS = ("what", "why", "which", "how")
ANYTHING = (*TEXTS, "name")
_PLACE = re.compile(r"%\((\w+)\)s")
_NUMBER = r"[-−.,\d e<+]+?"


class Phrases:
    """Texts as they are listed for the translators, matched against what the engine said."""

    def __init__(self, texts: Sequence[str]) -> None:
        ordered = sorted(texts, key=_open_to_much)
        self._patterns = [(text, _pattern(text)) for text in ordered]
        self._found = lru_cache(maxsize=4096)(self._search)  # a page says the same methods hundreds of times

    def say(self, said: str) -> str:
        """In the language of the page; what is not listed is shown as the engine said it."""
        text, parts = self._found(said)
        if text is None:
            return said
        return _(text) % {name: self._part(name, part) for name, part in parts.items()} if parts else _(text)

    def kinds(self, said: Iterable[str]) -> list[str]:
        """Each text once, in the language of the page, its numbers from the least to the greatest."""
        came: dict[tuple[str, ...], list[dict[str, str]]] = {}
        for one in said:
            text, parts = self._found(one)
            others = [f"{name}={part}" for name, part in parts.items() if name in ANYTHING]
            came.setdefault((text or one, *others), []).append(parts)
        return [
            self.say(text) if not parts[0] else _(text) % self._spread(parts)
            for (text, *_others), parts in came.items()
        ]

    def _spread(self, came: list[dict[str, str]]) -> dict[str, str]:
        return {name: self._part(name, _span({parts[name] for parts in came})) for name in came[0]}

    def _search(self, said: str) -> tuple[str | None, dict[str, str]]:
        for text, pattern in self._patterns:
            if found := pattern.fullmatch(said):
                return text, found.groupdict()
        return None, {}

    def _part(self, name: str, part: str) -> str:
        return self.say(part) if name in TEXTS else part


def _span(values: set[str]) -> str:
    least, *more = sorted(values, key=_size)
    return f"{least} … {more[-1]}" if more else least


def _size(value: str) -> float:
    """Of a number as it was printed; what is a bound ("< 0.001") counts as the bound."""
    try:
        return float(value.replace("−", "-").replace(",", "").lstrip("< "))
    except ValueError:
        return 0.0


def _open_to_much(text: str) -> tuple[bool, int]:
    """Texts that hold other texts come last, those with the most words of their own before the others."""
    names = _PLACE.findall(text)
    return any(name in ANYTHING for name in names), -len(text)


def _pattern(text: str) -> re.Pattern[str]:
    """What a text looks like once filled in."""
    parts = _PLACE.split(text)  # words, name, words, name, words
    literal = [re.escape(part.replace("%%", "%") if parts[1:] else part) for part in parts[::2]]
    places = [f"(?P<{name}>{'.+?' if name in ANYTHING else _NUMBER})" for name in parts[1::2]]
    return re.compile("".join(a + b for a, b in zip(literal, [*places, ""], strict=True)), re.DOTALL)
