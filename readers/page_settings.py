"""How a reader has set the reading page: brush, opacity, theme, finger and keys, the same at every machine they log in at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from annotations.problems import InvalidSpec
from readers.profiles import profile_of, remember_setting

NAME = "reading"
MOST_KEYS = 80


def reading_settings(user: Any) -> dict[str, Any]:
    """What was remembered last, empty at first; the page has its defaults for what is missing."""
    stored = profile_of(user).page_settings.get(NAME)
    return dict(stored) if isinstance(stored, Mapping) else {}


def remember_reading_settings(user: Any, given: Any) -> None:
    """Keep all of them in the place of the earlier ones. Raises InvalidSpec naming the first that is none."""
    if not isinstance(given, Mapping):
        raise InvalidSpec(_("The settings are one object."), field="settings")
    for name, value in given.items():
        if name not in _KNOWN or not _KNOWN[name](value):
            said = _("“%(name)s” is no setting of the reading page, or not with this value.") % {"name": name}
            raise InvalidSpec(said, field=str(name))
    remember_setting(user, NAME, dict(given))


def _whole(low: int, high: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _share(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _theme(value: Any) -> bool:
    return value in ("room", "paper")


def _keys(value: Any) -> bool:
    """Action ids with the names of their keys."""
    if not isinstance(value, Mapping) or len(value) > MOST_KEYS:
        return False
    return all(
        len(action) <= 40 and isinstance(names, list) and len(names) <= 4 and all(map(_key, names))
        for action, names in value.items()
    )


def _key(name: Any) -> bool:
    return isinstance(name, str) and 0 < len(name) <= 40


_KNOWN: dict[str, Callable[[Any], bool]] = {
    "brushSize": _whole(1, 200),
    "fillOpacity": _share,
    "theme": _theme,
    "fingerDraws": _flag,
    "formLeft": _flag,
    "singleKeys": _flag,
    "keys": _keys,
}
