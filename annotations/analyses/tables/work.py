"""A table of ratings and its schema become one canonical document, as an analysis of a study does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from annotations.analyses import ENGINE
from annotations.analyses.figures import figures_of
from annotations.analyses.frozen_inputs import inputs_sha256
from annotations.analyses.question import ways_of
from annotations.analyses.spec import CHOICES, DEFAULTS, check_numbers, chosen_statistics, upgraded, wrong_choice
from annotations.analyses.tables.accuracy import NO_PERSONS, Accuracy, arm_comparisons
from annotations.analyses.tables.agreement import table_feature
from annotations.analyses.tables.form import form_of
from annotations.analyses.tables.reading import Table, read_table
from annotations.analyses.tables.schema import TableFeature, table_schema
from annotations.canonical import canonical_json, rounded
from annotations.problems import InvalidSpec

Json = dict[str, Any]
Part = Callable[[], Json]
MAX_BYTES = 10 << 20
ENTRIES = ("level", "resamples", "seed", "strata", "statistics", "intervals_over")


def analyse_table(content: bytes, schema: Any, spec: dict[str, Any], files: tuple[str, str] = ("", "")) -> bytes:
    """The result's bytes: the same table, schema and spec give the same. Raises InvalidSpec as `table_inputs` does."""
    inputs = table_inputs(content, schema, files)
    work = TableWork(inputs, complete_table_spec(spec))
    return canonical_json(work.document({name: rounded(part()) for name, part in work.parts().items()}))


def table_inputs(content: bytes, schema: Any, files: tuple[str, str] = ("", "")) -> Json:
    """What is frozen of a table: itself and its schema, both checked. `files` are their names.

    Raises InvalidSpec that names the file, and the line and column or the entry; its fact `file` is "table" or "schema".
    """
    with _in_file("schema", files[1]):
        given = _storable(schema)
        checked = table_schema(given)
    with _in_file("table", files[0]):
        if len(content) > MAX_BYTES:
            raise InvalidSpec(_("A table has at most %(n)d MB.") % {"n": MAX_BYTES >> 20})
        table = read_table(content, checked)
        if not table.cases or len(table.readers) < 2:
            raise InvalidSpec(_("There are no two readers with a case in this table."))
    return {"of": "table", "schema": given, "table": content.decode()}


def _storable(schema: Any) -> Any:
    """The schema as every database keeps it. Raises InvalidSpec."""
    try:
        given = rounded(schema)
        text = canonical_json(given).decode()
    except (ValueError, TypeError, RecursionError):  # NaN, half a character, a thousand brackets
        raise wrong_choice("schema", _("JSON that can be stored"), "…") from None
    if "\\u0000" in text:
        raise wrong_choice("schema", _("text"), _("a byte of zero"))
    return given


@contextmanager
def _in_file(which: str, name: str) -> Iterator[None]:
    try:
        yield
    except InvalidSpec as refusal:
        text = f"{name}: {refusal.detail}" if name else refusal.detail
        raise InvalidSpec(text, **{**refusal.facts, "file": which}) from None


def complete_table_spec(given: Mapping[str, Any]) -> Json:
    """The spec of a table's analysis with every default filled in. Raises InvalidSpec."""
    unknown = sorted(set(given) - {*ENTRIES, "version"})
    if unknown:
        raise wrong_choice("spec", ", ".join(ENTRIES), unknown[0])
    full = {"version": DEFAULTS["version"]} | {entry: DEFAULTS[entry] for entry in ENTRIES} | dict(given)
    if isinstance(full["version"], bool) or full["version"] not in range(1, DEFAULTS["version"] + 1):
        raise wrong_choice("version", f"1 … {DEFAULTS['version']}", full["version"])
    if full["strata"] not in ("centre", "none"):
        raise wrong_choice("strata", "centre, none", full["strata"])
    if full["intervals_over"] not in CHOICES["intervals_over"]:
        raise wrong_choice("intervals_over", ", ".join(CHOICES["intervals_over"]), full["intervals_over"])
    full["statistics"] = chosen_statistics(full["statistics"])
    return check_numbers(full)


class TableWork:
    """A frozen table at work: its parts by name, and the document that they make."""

    def __init__(self, inputs: Json, spec: Json) -> None:
        self.inputs, self.spec = inputs, spec
        self.schema = table_schema(inputs["schema"])
        self.table: Table = read_table(str(inputs["table"]).encode(), self.schema)
        ways = ways_of(upgraded(spec), self.table.patients())
        self.ways = replace(ways, interchangeable=self.schema.interchangeable)
        self.pooled = spec["strata"] == "none"

    def parts(self) -> dict[str, Part]:
        """No part depends on another or on their order."""
        parts: dict[str, Part] = {
            self._name(feature, arm): partial(self._feature, feature, arm)
            for feature in self.schema.features
            for arm in self.table.arms
        }
        return parts | {"accuracy": self._accuracy}

    def document(self, parts: Mapping[str, Json]) -> Json:
        """The whole result. No time stamp."""
        features = [parts[self._name(f, arm)] for f in self.schema.features for arm in self.table.arms]
        found: Json = {
            "engine": ENGINE,
            "of": "table",
            "spec": self.spec,
            "schema": dict(self.schema.given),
            "inputs_sha256": inputs_sha256(self.inputs),
            "went_in": self._went_in(),
            "features": features,
            **parts["accuracy"],
        }
        return found | {"figures": rounded(figures_of(found, form_of(self.schema)))}

    @staticmethod
    def _name(feature: TableFeature, arm: str) -> str:
        return f"feature:{feature.code}" + (f"/{arm}" if arm else "")

    def _feature(self, feature: TableFeature, arm: str) -> Json:
        statistics = self.spec.get("statistics")
        return table_feature(self.table, feature, arm, self.ways, pooled=self.pooled, statistics=statistics)

    def _went_in(self) -> Json:
        table = self.table
        truth = table.truth()
        known = "truth" in self.schema.column
        return {
            "title": self.schema.title,
            "cases": len(table.cases),
            "patients": len(set(table.patients())),
            "positive": int((truth == 1).sum()) if known else None,
            "negative": int((truth == 0).sum()) if known else None,
            "by_centre": {centre: len(own) for centre, own in table.centres().items()},
            "readers": None if self.schema.interchangeable else table.readers,
            "readings_per_case_at_most": len(table.readers),
            "arms": [arm for arm in table.arms if arm],
            "readings": len(table.cells),
            "cases_left_out": table.left_out,
        }

    def _accuracy(self) -> Json:
        nothing: Json = {"accuracy": None, "no_accuracy": None, "comparisons": []}
        if "truth" not in self.schema.column:
            return nothing | {"no_accuracy": "the table has no truth column"}
        if self.schema.interchangeable:
            return nothing | {"no_accuracy": NO_PERSONS}
        usable = [f for f in self.schema.features if f.scale.kind != "nominal"]
        accuracies = [Accuracy(self.table, feature, self.ways, pooled=self.pooled) for feature in usable]
        return {
            "accuracy": [entry for accuracy in accuracies for entry in accuracy.as_json()],
            "no_accuracy": None,
            "comparisons": arm_comparisons(accuracies, self.ways.level) if accuracies else [],
        }
