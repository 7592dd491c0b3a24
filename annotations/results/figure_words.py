"""A stored picture's specification with its words in the language of the page; in English it is as it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import override, pgettext

from annotations.features import FormSchema
from annotations.results.figure_labels import LABELS
from annotations.results.phrases import Phrases
from annotations.results.reasons import in_words

_PHRASES = Phrases(LABELS)
_WORDS = ("reader", "centre", "line", "statistic", "series")  # fields that hold words of the engine


def in_language(spec: Mapping[str, Any], form: FormSchema) -> dict[str, Any]:
    """`form` knows the names of features, which the picture has in English."""
    with override("en"):
        english = {str(feature.label): feature for feature in form.features}
    labels = {label: str(feature.label) for label, feature in english.items()}
    found: dict[str, Any] = _translated(spec, labels, _fields())
    return found


def _translated(part: Any, labels: Mapping[str, str], fields: Mapping[str, str]) -> Any:
    if isinstance(part, list):
        return [_translated(one, labels, fields) for one in part]
    if not isinstance(part, Mapping):
        return part
    found = {key: _translated(value, labels, fields) for key, value in part.items()}
    if isinstance(part.get("title"), str):
        found["title"] = _words(part["title"])
    if isinstance(part.get("domain"), list):
        found["domain"] = [_words(one) if isinstance(one, str) else one for one in part["domain"]]
    if isinstance(part.get("values"), list):
        found["values"] = [_row(row, labels) for row in part["values"]]
    if isinstance(part.get("tooltip"), list):
        found["tooltip"] = [_named(one, fields) for one in part["tooltip"]]
    return found


def _row(row: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, Any]:
    said = {key: _words(row[key]) for key in _WORDS if isinstance(row.get(key), str)}
    if isinstance(row.get("feature"), str):
        said["feature"] = labels.get(row["feature"], row["feature"])
    if isinstance(row.get("undefined"), str):
        said["undefined"] = in_words(row["undefined"])
    return {**row, **said}


def _words(said: str) -> str:
    """Parts of a title or a series stand behind one another: “reader − reference, mm”."""
    return ", ".join(_PHRASES.say(part) for part in said.split(", "))


def _named(channel: Mapping[str, Any], fields: Mapping[str, str]) -> dict[str, Any]:
    """What the pointer reads is called as its field unless that has another name here."""
    name = fields.get(channel["field"], channel["field"])
    return {**channel, "title": name} if name != channel["field"] else dict(channel)


def _fields() -> dict[str, str]:
    return {
        "reader": pgettext("under the pointer", "reader"), "centre": pgettext("under the pointer", "centre"),
        "case": pgettext("under the pointer", "case"), "line": pgettext("under the pointer", "line"),
        "at": pgettext("under the pointer", "at"), "mean": pgettext("under the pointer", "mean"),
        "difference": pgettext("under the pointer", "difference"), "feature": pgettext("under the pointer", "feature"),
        "statistic": pgettext("under the pointer", "statistic"), "value": pgettext("under the pointer", "value"),
        "low": pgettext("under the pointer", "low"), "high": pgettext("under the pointer", "high"),
        "undefined": pgettext("under the pointer", "undefined"), "series": pgettext("under the pointer", "series"),
        "threshold": pgettext("under the pointer", "threshold"), "tpf": pgettext("under the pointer", "tpf"),
        "fpf": pgettext("under the pointer", "fpf"),
    }  # fmt: skip
