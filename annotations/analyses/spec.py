"""The question of an analysis, as versioned JSON.

Version 2 adds `weights`, `comparisons` and `primary`, and "cannot assess" as a category of its own; version 3 which
readings (`readers`, `arms`, `revisions`, `reference`) and which `statistics`; version 4 `intervals_over`. A spec of an earlier
version stays valid and means what it meant: the entries it does not know have their defaults.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from annotations.analyses.coefficients import STATISTICS
from annotations.features import FormSchema
from annotations.problems import InvalidSpec

VERSION = 4
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
    "weights": "quadratic",  # of ordinal features; no other kind has weights
    "comparisons": [],  # [{"readers": [1, 2], "planned": true}]: whose kappa with the reference is larger, by feature
    # {"comparison": 0, "feature": code} or {"arms": [1, 2], "endpoint": "auc"}: stands outside that comparison's family
    "primary": None,
    "readers": None,  # numbers; all who stayed
    "arms": None,  # numbers; all that were read
    "revisions": "latest",  # of a reading that was opened again: what it says now, or what it said first
    "reference": None,  # id of a reference set of the dataset; the study's
    "statistics": None,  # beside the headline of each kind, which always is there: all that suit it
    "intervals_over": "cases",  # agreement among readers is said of these readers; or of "readers" like them, or of "both"
}
SINCE_2 = ("weights", "comparisons", "primary")
SINCE_3 = ("readers", "arms", "revisions", "reference", "statistics")
SINCE_4 = ("intervals_over",)
ENDPOINTS = ("auc", "sensitivity", "specificity")
LIMITS = {"level": (0.5, 0.999), "resamples": (200, 20_000), "seed": (0, 2**53), "nsd_tolerance_mm": (0.01, 20.0)}
CHOICES: dict[str, tuple[Any, ...]] = {
    "cannot_assess": ("exclude", "own_category"),
    "strata": ("centre", "none"),
    "masks": (True, False),
    "pathology": (True, False),
    "weights": ("linear", "quadratic"),
    "revisions": ("latest", "first"),
    "intervals_over": ("cases", "readers", "both"),
}


@dataclass(frozen=True, slots=True)
class Known:
    """What a spec may name: the numbers of readers and arms."""

    readers: Collection[int]
    arms: Collection[int] = (1,)


def complete_spec(
    given: Mapping[str, Any], form: FormSchema, known: Known | Collection[int] | None = None
) -> dict[str, Any]:
    """The spec with every default filled in. Raises InvalidSpec that names the entry, what was expected and what came.

    `known` are the numbers that a spec may name (of readers, where it is a list); None where they are not known yet.
    """
    version = given.get("version", VERSION)
    if isinstance(version, bool) or version not in range(1, VERSION + 1):
        raise wrong_choice("version", f"1 … {VERSION}", version)
    later = [entry for since, own in ((2, SINCE_2), (3, SINCE_3), (4, SINCE_4)) if version < since for entry in own]
    defaults = {entry: value for entry, value in DEFAULTS.items() if entry not in later}
    unknown = sorted(set(given) - set(defaults))
    if unknown:
        entries = ", ".join(sorted(defaults))
        raise InvalidSpec(
            _("“%(entry)s” is no entry of a spec; known are %(known)s.") % {"entry": unknown[0], "known": entries}
        )
    spec = {**defaults, **given, "version": version}
    if version == 1 and spec["cannot_assess"] != "exclude":
        raise wrong_choice("cannot_assess", "exclude", spec["cannot_assess"])
    _check_choices(spec)
    check_numbers(spec)
    spec["features"] = _features(spec["features"], form)
    who = Known(known) if known is not None and not isinstance(known, Known) else known
    if version >= 2:
        spec["comparisons"] = [
            _comparison(asked, None if who is None else who.readers) for asked in _listed(spec["comparisons"])
        ]
    if version >= 3:
        _check_which(spec, who)
    if version >= 2:
        check_primary(spec, form)
    return spec


def settled_spec(given: Mapping[str, Any], form: FormSchema, known: Known, own_reference: str | None) -> dict[str, Any]:
    """The one spec that means this here: complete, and null where every reader, every arm or the own reference is named.

    Raises InvalidSpec.
    """
    spec = complete_spec(given, form, known)
    for entry, every in (("readers", known.readers), ("arms", known.arms)):
        if spec.get(entry) is not None and set(spec[entry]) == set(every):
            spec[entry] = None
    if own_reference is not None and spec.get("reference") == own_reference:
        spec["reference"] = None
    return spec


def _check_choices(spec: Mapping[str, Any]) -> None:
    for entry, allowed in CHOICES.items():
        if entry not in spec:
            continue
        if not any(spec[entry] is a or (spec[entry] == a and type(spec[entry]) is type(a)) for a in allowed):
            raise wrong_choice(entry, ", ".join(str(a) for a in allowed), spec[entry])


def _check_which(spec: dict[str, Any], known: Known | None) -> None:
    spec["readers"] = _chosen_numbers("readers", spec["readers"], None if known is None else known.readers)
    spec["arms"] = _chosen_numbers("arms", spec["arms"], None if known is None else known.arms)
    if spec["reference"] is not None and not isinstance(spec["reference"], str):
        raise wrong_choice("reference", _("the id of a reference set"), spec["reference"])
    spec["statistics"] = chosen_statistics(spec["statistics"])


def chosen_statistics(given: Any) -> list[str] | None:
    """In their own order; None: all, also where all are listed. Raises InvalidSpec."""
    if given is None:
        return None
    if not isinstance(given, list) or any(name not in STATISTICS for name in given):
        raise wrong_choice("statistics", ", ".join(STATISTICS), given)
    return None if set(given) == set(STATISTICS) else [name for name in STATISTICS if name in given]


def _chosen_numbers(entry: str, given: Any, known: Collection[int] | None) -> list[int] | None:
    if given is None:
        return None
    if not isinstance(given, list) or not given or any(isinstance(n, bool) or not isinstance(n, int) for n in given):
        raise wrong_choice(entry, _("a list of numbers"), given)
    for number in given:
        if known is not None and number not in known:
            raise wrong_choice(entry, _numbers(known), number)
    return sorted(set(given))


def _numbers(known: Collection[int]) -> str:
    return ", ".join(str(number) for number in sorted(known)) or _("none, for there is no other reading")


def check_numbers(spec: dict[str, Any]) -> dict[str, Any]:
    """The spec with its numbers as whole or decimal ones; those it does not hold are not asked for. Raises InvalidSpec."""
    for entry, (low, high) in LIMITS.items():
        if entry not in spec:
            continue
        value = spec[entry]
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise wrong_choice(entry, f"{low} … {high}", value)
        if entry in ("resamples", "seed"):
            if value != int(value):
                raise wrong_choice(entry, _("a whole number"), value)
            spec[entry] = int(value)
        else:
            spec[entry] = float(value)
    return spec


def upgraded(spec: Mapping[str, Any]) -> dict[str, Any]:
    """A stored spec of any version with every entry that the engine reads."""
    return {**{entry: DEFAULTS[entry] for entry in (*SINCE_2, *SINCE_3, *SINCE_4)}, **spec}


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise wrong_choice("comparisons", _("a list"), value)
    return value


def _comparison(asked: Any, readers: Collection[int] | None) -> dict[str, Any]:
    expected = _('{"readers": [two different numbers], "planned": true or false}')
    if not isinstance(asked, dict) or not set(asked) <= {"readers", "planned"}:
        raise wrong_choice("comparisons", expected, asked)
    two, planned = asked.get("readers"), asked.get("planned", False)
    if not isinstance(two, list) or len(two) != 2 or not isinstance(planned, bool) or two[0] == two[1]:
        raise wrong_choice("comparisons", expected, asked)
    for number in two:
        if isinstance(number, bool) or not isinstance(number, int):
            raise wrong_choice("comparisons", expected, asked)
        if readers is not None and number not in readers:
            raise wrong_choice("comparisons", _numbers(readers), number)
    return {"readers": two, "planned": planned}


def check_primary(spec: Mapping[str, Any], form: FormSchema) -> None:
    """The primary endpoint is one of a comparison of the spec, or of two arms. Raises InvalidSpec."""
    primary = spec["primary"]
    if primary is None:
        return
    if isinstance(primary, dict) and set(primary) == {"arms", "endpoint"}:
        _check_primary_of_arms(primary)
        return
    expected = _('{"comparison": place in the list, from 0, "feature": code of a feature with categories}')
    if not isinstance(primary, dict) or set(primary) != {"comparison", "feature"}:
        raise wrong_choice("primary", expected, primary)
    place, codes = primary["comparison"], [f.code for f in form.categorical if f.code in spec["features"]]
    if isinstance(place, bool) or not isinstance(place, int) or not 0 <= place < len(spec["comparisons"]):
        raise wrong_choice("primary", expected, primary)
    if primary["feature"] not in codes:
        raise wrong_choice("primary", ", ".join(codes), primary["feature"])


def _check_primary_of_arms(primary: Mapping[str, Any]) -> None:
    two, expected = primary["arms"], _('{"arms": [two numbers], "endpoint": "auc", "sensitivity" or "specificity"}')
    if not isinstance(two, list) or len(two) != 2 or any(isinstance(n, bool) or not isinstance(n, int) for n in two):
        raise wrong_choice("primary", expected, primary)
    if two[0] == two[1] or primary["endpoint"] not in ENDPOINTS:
        raise wrong_choice("primary", expected, primary)


def _features(chosen: Any, form: FormSchema) -> list[str]:
    if chosen is None:
        return list(form.codes)
    if not isinstance(chosen, list) or not chosen:
        raise wrong_choice("features", _("a list of feature codes"), chosen)
    for code in chosen:
        if code not in form.codes:
            raise wrong_choice("features", ", ".join(form.codes), code)
    return [code for code in form.codes if code in chosen]


def wrong_choice(entry: str, expected: str, came: Any) -> InvalidSpec:
    """The one way in which a spec is refused."""
    text = _("%(entry)s: expected %(expected)s, got “%(came)s”.") % {"entry": entry, "expected": expected, "came": came}
    return InvalidSpec(text, entry=entry)
