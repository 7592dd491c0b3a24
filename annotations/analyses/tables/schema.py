"""What a table of ratings holds, as versioned JSON.

{"version": 1, "title": …, "layout": "long",
 "columns": {"case": …, "reader": …, "arm": …, "centre": …, "patient": …, "truth": …},   only case and reader are needed
 "reader_columns": […], "readers_interchangeable": false, "reference_reader": null, "readings_per_case": null,
 "truth": {"positive": "1", "negative": "0"}, "weights": "quadratic",
 "features": [{"code": …, "column": …, "label": …, "kind": …, "categories": […], "positive": …, "unit": "",
               "missing": […], "cannot_assess": […], "higher_is_positive": true}]}

layout "wide": a line a case and a column a reader (`reader_columns`), one feature. `readings_per_case` keeps the cases
with just so many readings; the others are left out and counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from annotations.analyses.question import Scale
from annotations.analyses.spec import wrong_choice as wrong

VERSION = 1
KINDS = ("binary", "nominal", "ordinal", "continuous", "score")
COLUMNS = ("case", "reader", "arm", "centre", "patient", "truth")
ENTRIES = ("version", "title", "layout", "columns", "reader_columns", "readers_interchangeable", "reference_reader",
           "readings_per_case", "truth", "weights", "features")  # fmt: skip
FEATURE = ("code", "column", "label", "kind", "categories", "positive", "unit", "missing", "cannot_assess",
           "higher_is_positive")  # fmt: skip


@dataclass(frozen=True, slots=True)
class TableFeature:
    """A column of answers. `missing` and `cannot_assess` are cell values beside the empty one, which is missing."""

    code: str
    column: str
    label: str
    scale: Scale
    unit: str
    missing: tuple[str, ...]
    cannot_assess: tuple[str, ...]
    higher_is_positive: bool


@dataclass(frozen=True, slots=True)
class TableSchema:
    """What the table's columns are. `column` names those that are no answers."""

    given: Mapping[str, Any]
    title: str
    wide: bool
    column: Mapping[str, str]
    reader_columns: tuple[str, ...]
    interchangeable: bool
    reference: str | None
    readings_per_case: int | None
    positive: str
    negative: str
    features: tuple[TableFeature, ...]


def table_schema(given: Any) -> TableSchema:
    """Validated. Raises InvalidSpec that names the entry, what was expected and what came."""
    if not isinstance(given, dict):
        raise wrong(_("schema"), _("an object"), given)
    _known("schema", given, ENTRIES)
    if given.get("version") != VERSION:
        raise wrong("version", str(VERSION), given.get("version"))
    layout = given.get("layout", "long")
    if layout not in ("long", "wide"):
        raise wrong("layout", "long, wide", layout)
    wide = layout == "wide"
    columns = _columns(given.get("columns"), wide)
    readers = tuple(_texts("reader_columns", given.get("reader_columns", [])))
    if (wide and len(readers) < 2) or (not wide and readers):
        raise wrong("reader_columns", _("the readers' columns of a wide table, at least two"), list(readers))
    weights = given.get("weights", "quadratic")
    if weights not in ("linear", "quadratic"):
        raise wrong("weights", "linear, quadratic", weights)
    features = _features(given.get("features"), weights, wide)
    interchangeable, reference = given.get("readers_interchangeable", False), given.get("reference_reader")
    if not isinstance(interchangeable, bool):
        raise wrong("readers_interchangeable", "true, false", interchangeable)
    if reference is not None and (interchangeable or not isinstance(reference, str)):
        raise wrong("reference_reader", _("a reader's name, where readers are persons"), reference)
    per_case = given.get("readings_per_case")
    if per_case is not None and (isinstance(per_case, bool) or not isinstance(per_case, int) or per_case < 2):
        raise wrong("readings_per_case", _("a whole number from 2"), per_case)
    positive, negative = _truth(given.get("truth"), "truth" in columns)
    return TableSchema(given, str(given.get("title", "")), wide, columns, readers, interchangeable, reference, per_case,
                       positive, negative, features)  # fmt: skip


def _columns(given: Any, wide: bool) -> dict[str, str]:
    if not isinstance(given, dict) or not all(isinstance(name, str) and name for name in given.values()):
        raise wrong("columns", _("an object of column names"), given)
    _known("columns", given, COLUMNS)
    for needed in ("case",) if wide else ("case", "reader"):
        if needed not in given:
            raise wrong("columns", _("a column for “%s”") % needed, sorted(given))
    if wide and "reader" in given:
        raise wrong("columns", _("no reader column: a wide table has one column a reader"), given["reader"])
    return dict(given)


def _truth(given: Any, column: bool) -> tuple[str, str]:
    if not column:
        if given is not None:
            raise wrong("truth", _("a truth column among the columns"), given)
        return "", ""
    if not isinstance(given, dict) or set(given) != {"positive", "negative"} or given["positive"] == given["negative"]:
        raise wrong("truth", '{"positive": …, "negative": …}', given)
    return str(given["positive"]), str(given["negative"])


def _features(given: Any, weights: str, wide: bool) -> tuple[TableFeature, ...]:
    if not isinstance(given, list) or not given or (wide and len(given) != 1):
        expected = _("one feature in a wide table") if wide else _("a list of at least one feature")
        raise wrong("features", expected, given)
    features = tuple(_feature(entry, weights, wide) for entry in given)
    codes = [feature.code for feature in features]
    if len(set(codes)) != len(codes):
        raise wrong("features", _("each code once"), codes)
    return features


def _feature(given: Any, weights: str, wide: bool) -> TableFeature:
    if not isinstance(given, dict) or not isinstance(given.get("code"), str) or not given["code"]:
        raise wrong("features", _("an object with a code"), given)
    code = given["code"]
    _known(code, given, FEATURE)
    kind = given.get("kind")
    if kind not in KINDS:
        raise wrong(f"{code}.kind", ", ".join(KINDS), kind)
    categories = tuple(_texts(f"{code}.categories", given.get("categories", [])))
    numeric = kind in ("continuous", "score")
    least = 0 if numeric else 2
    if len(set(categories)) != len(categories) or len(categories) < least or (numeric and categories):
        raise wrong(f"{code}.categories", _("none") if numeric else _("at least two, each once"), list(categories))
    if kind == "binary" and len(categories) != 2:
        raise wrong(f"{code}.categories", _("two"), list(categories))
    positive = given.get("positive")
    if positive is not None and (kind != "binary" or str(positive) not in categories):
        raise wrong(f"{code}.positive", _("a category of a binary feature"), positive)
    higher = given.get("higher_is_positive", True)
    if not isinstance(higher, bool):
        raise wrong(f"{code}.higher_is_positive", "true, false", higher)
    return TableFeature(
        code=code,
        column="" if wide else str(given.get("column", code)),
        label=str(given.get("label", code)),
        scale=Scale(kind, categories, None if positive is None else str(positive), weights),
        unit=str(given.get("unit", "")),
        missing=tuple(_texts(f"{code}.missing", given.get("missing", []))),
        cannot_assess=tuple(_texts(f"{code}.cannot_assess", given.get("cannot_assess", []))),
        higher_is_positive=higher,
    )


def _texts(entry: str, given: Any) -> list[str]:
    if not isinstance(given, list) or not all(isinstance(x, str | int) and not isinstance(x, bool) for x in given):
        raise wrong(entry, _("a list of texts or whole numbers"), given)
    return [str(x) for x in given]


def _known(where: str, given: Mapping[str, Any], entries: tuple[str, ...]) -> None:
    unknown = sorted(set(given) - set(entries))
    if unknown:
        raise wrong(where, ", ".join(entries), unknown[0])
