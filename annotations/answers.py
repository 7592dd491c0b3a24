"""What an answer may be, and what follows from the answers given.

Stored form, per feature code: `{"value": ...}` or `{"cannot_assess": true}`; absent means not yet answered. A diameter's
value is `{"points": [x1, y1, x2, y2]}` (image px, pixel corners) or `{"mm": number}`. `resolve` works out the rest: what is
derived, what is not applicable and why, and what is still open.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from annotations.features import Feature, FormSchema
from annotations.problems import InvalidAnswer

Answers = Mapping[str, Mapping[str, Any]]
PROMINENT = "prominent_echogenicity"


@dataclass(frozen=True, slots=True)
class Spacing:
    """Size of one pixel: mm per row (down) and mm per column (across)."""

    row_mm: float
    col_mm: float
    source: str = ""


@dataclass(frozen=True, slots=True)
class Resolved:
    """One feature of one reading, worked out.

    state   value | cannot_assess | not_applicable | open
    value   category code, or the number in `unit`
    px      the same length in px, for a diameter measured by points
    reason  why it is not applicable
    """

    state: str
    value: str | float | None = None
    unit: str = ""
    px: float | None = None
    reason: str = ""


def validate(schema: FormSchema, answers: Answers, *, size: tuple[int, int], spacing: Spacing | None,
             published: bool = False) -> dict[str, dict[str, Any]]:  # fmt: skip
    """The answers in stored form. `size` is (width, height) in px; `published` also allows derived features (imports).

    Raises InvalidAnswer, naming the feature and the value.
    """
    if not isinstance(answers, Mapping):
        raise InvalidAnswer(_("Answers must be an object of feature codes."), feature=None)
    clean: dict[str, dict[str, Any]] = {}
    for code, answer in answers.items():
        try:
            feature = schema.feature(code)
        except KeyError:
            raise InvalidAnswer(_("There is no feature “%s” in this form.") % code, feature=code) from None
        clean[code] = _validate_one(feature, answer, size=size, spacing=spacing, published=published)
    return clean


def _validate_one(feature: Feature, answer: Any, *, size: tuple[int, int], spacing: Spacing | None,
                  published: bool) -> dict[str, Any]:  # fmt: skip
    def wrong(why: str) -> InvalidAnswer:
        return InvalidAnswer(f"{feature.label}: {why}", feature=feature.code, value=answer)

    if not isinstance(answer, Mapping):
        raise wrong(_("an answer is an object with “value” or “cannot_assess”."))
    if answer.get("cannot_assess") is True and "value" not in answer:
        if feature.derived:
            raise wrong(_("it is derived and cannot be answered."))
        return {"cannot_assess": True}
    if "value" not in answer:
        raise wrong(_("an answer is an object with “value” or “cannot_assess”."))
    value = answer["value"]
    if feature.derived and not published:
        raise wrong(_("it is derived and cannot be answered."))
    if feature.kind != "continuous":
        if value not in feature.value_codes:
            raise wrong(
                _("“%(value)s” is not one of %(known)s.") % {"value": value, "known": ", ".join(feature.value_codes)}
            )
        return {"value": value}
    if feature.derived:
        return {"value": _number(value, wrong)}
    kept = {k: answer[k] for k in ("proposed", "mask_sha256") if k in answer}
    if kept.get("proposed") not in (None, True, False) or not _is_sha256(kept.get("mask_sha256")):
        raise wrong(_("its note of the mask is not understood."))
    return {"value": _length(value, wrong, size=size, spacing=spacing, published=published), **kept}


def _length(
    value: Any, wrong: Any, *, size: tuple[int, int], spacing: Spacing | None, published: bool
) -> dict[str, Any]:
    if isinstance(value, Mapping) and set(value) == {"mm"}:
        if spacing is None and not published:
            raise wrong(_("mm need a known scale; draw the caliper instead."))
        mm = _number(value["mm"], wrong)
        if not 0 < mm <= 1000:
            raise wrong(_("%s mm is not a length of a node.") % mm)
        return {"mm": mm}
    if isinstance(value, Mapping) and set(value) == {"points"}:
        points = value["points"]
        if not isinstance(points, list) or len(points) != 4:
            raise wrong(_("a caliper has two end points: x1, y1, x2, y2."))
        x1, y1, x2, y2 = (_number(p, wrong) for p in points)
        if any(not 0 <= x <= size[0] for x in (x1, x2)) or any(not 0 <= y <= size[1] for y in (y1, y2)):
            raise wrong(_("a caliper end lies outside the image."))
        if x1 == x2 and y1 == y2:
            raise wrong(_("a caliper's ends coincide."))
        return {"points": [x1, y1, x2, y2]}
    raise wrong(_("a diameter is two caliper ends in px, or a number in mm."))


def _is_sha256(value: Any) -> bool:
    return value is None or (isinstance(value, str) and len(value) == 64 and set(value) <= set("0123456789abcdef"))


def _number(value: Any, wrong: Any) -> float:
    # a JSON integer may have a thousand digits: compared before it is made a float
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1e12 < value < 1e12:
        raise wrong(_("“%s” is not a number.") % value)
    return float(value)


def resolve(schema: FormSchema, answers: Answers, *, spacing: Spacing | None, ask_prominent: str = "heterogeneous",
            node: bool = True) -> dict[str, Resolved]:  # fmt: skip
    """Every feature of the schema, worked out. With `node=False` ("no node can be delineated") every one is not applicable.

    `ask_prominent`: "heterogeneous" (as defined) or "every_node" (as published).
    """
    if not node:
        reason = _("no node can be delineated")
        return {f.code: Resolved("not_applicable", reason=reason) for f in schema.features}
    out: dict[str, Resolved] = {}
    for feature in schema.features:
        answer = answers.get(feature.code)
        if feature.derived:
            continue
        reason = _not_asked(feature, answers, ask_prominent)
        if reason:
            out[feature.code] = Resolved("not_applicable", reason=reason)
            continue
        out[feature.code] = _resolve_one(feature, answer, spacing)
    for feature in schema.features:
        if feature.derived:
            out[feature.code] = _ratio(answers.get(feature.code), out)
    return {code: out[code] for code in schema.codes}


def _not_asked(feature: Feature, answers: Answers, ask_prominent: str) -> str:
    """Why the question is not asked, or "" if it is."""
    when = feature.applies_when
    if when is None or (feature.code == PROMINENT and ask_prominent == "every_node"):
        return ""
    other = answers.get(when.feature)
    if other is None or other.get("value") == when.value:
        return ""
    if other.get("cannot_assess"):
        return _("Not asked: what it depends on cannot be assessed")
    return str(when.reason)


def _resolve_one(feature: Feature, answer: Mapping[str, Any] | None, spacing: Spacing | None) -> Resolved:
    if answer is None:
        return Resolved("open")
    if answer.get("cannot_assess"):
        return Resolved("cannot_assess")
    value = answer["value"]
    if feature.kind != "continuous":
        return Resolved("value", value)
    if "mm" in value:
        return Resolved("value", value["mm"], "mm")
    x1, y1, x2, y2 = value["points"]
    px = math.hypot(x2 - x1, y2 - y1)
    if spacing is None:
        return Resolved("value", px, "px", px=px)
    return Resolved("value", math.hypot((x2 - x1) * spacing.col_mm, (y2 - y1) * spacing.row_mm), "mm", px=px)


def _ratio(published: Mapping[str, Any] | None, out: Mapping[str, Resolved]) -> Resolved:
    if published is not None and "value" in published:
        return Resolved("value", float(published["value"]))
    longest, shortest = out["max_diameter_mm"], out["min_diameter_mm"]
    states = {longest.state, shortest.state}
    if "cannot_assess" in states:
        return Resolved("not_applicable", reason=_("a diameter cannot be assessed"))
    if states != {"value"}:
        return Resolved("open")
    if longest.unit != shortest.unit:
        if longest.px and shortest.px:
            return _ratio_of(shortest.px, longest.px)
        return Resolved("not_applicable", reason=_("one diameter is in mm, the other in px"))
    assert isinstance(longest.value, float) and isinstance(shortest.value, float)
    return _ratio_of(shortest.value, longest.value)


def _ratio_of(shortest: float, longest: float) -> Resolved:
    return Resolved("value", shortest / longest)


def missing(schema: FormSchema, resolved: Mapping[str, Resolved]) -> list[str]:
    """Codes of the questions still open, in the form's order."""
    return [f.code for f in schema.features if resolved[f.code].state == "open" and not f.derived]
