"""The question of an analysis, as versioned JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from annotations.features import FormSchema
from annotations.problems import InvalidSpec

VERSION = 1
DEFAULTS: dict[str, Any] = {
    "version": VERSION,
    "features": None,  # all of the form
    "masks": True,
    "pathology": True,
    "cannot_assess": "exclude",  # from the pair; the result with an own category stands beside it
    "strata": "centre",
    "level": 0.95,
    "resamples": 2000,
    "seed": 1,
    "nsd_tolerance_mm": 1.0,
}
LIMITS = {"level": (0.5, 0.999), "resamples": (200, 20_000), "seed": (0, 2**53), "nsd_tolerance_mm": (0.01, 20.0)}
CHOICES = {
    "cannot_assess": ("exclude",),
    "strata": ("centre", "none"),
    "masks": (True, False),
    "pathology": (True, False),
}


def complete_spec(given: Mapping[str, Any], form: FormSchema) -> dict[str, Any]:
    """The spec with every default filled in. Raises InvalidSpec that names the entry, what was expected and what came."""
    unknown = sorted(set(given) - set(DEFAULTS))
    if unknown:
        known = ", ".join(sorted(DEFAULTS))
        raise InvalidSpec(
            _("“%(entry)s” is no entry of a spec; known are %(known)s.") % {"entry": unknown[0], "known": known}
        )
    spec = {**DEFAULTS, **given}
    if spec["version"] != VERSION:
        raise _wrong("version", str(VERSION), spec["version"])
    for entry, allowed in CHOICES.items():
        if not any(spec[entry] is a or (spec[entry] == a and type(spec[entry]) is type(a)) for a in allowed):
            raise _wrong(entry, ", ".join(str(a) for a in allowed), spec[entry])
    for entry, (low, high) in LIMITS.items():
        value = spec[entry]
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise _wrong(entry, f"{low} … {high}", value)
        if entry in ("resamples", "seed"):
            if value != int(value):
                raise _wrong(entry, _("a whole number"), value)
            spec[entry] = int(value)
        else:
            spec[entry] = float(value)
    spec["features"] = _features(spec["features"], form)
    return spec


def _features(chosen: Any, form: FormSchema) -> list[str]:
    if chosen is None:
        return list(form.codes)
    if not isinstance(chosen, list) or not chosen:
        raise _wrong("features", _("a list of feature codes"), chosen)
    for code in chosen:
        if code not in form.codes:
            raise _wrong("features", ", ".join(form.codes), code)
    return [code for code in form.codes if code in chosen]


def _wrong(entry: str, expected: str, came: Any) -> InvalidSpec:
    text = _("%(entry)s: expected %(expected)s, got “%(came)s”.") % {"entry": entry, "expected": expected, "came": came}
    return InvalidSpec(text, entry=entry)
