"""A table of ratings and its schema become one canonical document, as an analysis of a study does."""

from __future__ import annotations

import hashlib
from typing import Any

from annotations.analyses import ENGINE
from annotations.analyses.question import ways_of
from annotations.analyses.spec import DEFAULTS, check_numbers, wrong_choice
from annotations.analyses.tables.accuracy import NO_PERSONS, Accuracy, arm_comparisons
from annotations.analyses.tables.agreement import table_feature
from annotations.analyses.tables.reading import Table, read_table
from annotations.analyses.tables.schema import table_schema
from annotations.canonical import canonical_json, rounded, sha256_of
from annotations.problems import InvalidSpec

Json = dict[str, Any]
ENTRIES = ("level", "resamples", "seed", "strata")


def analyse_table(content: bytes, schema: Any, spec: dict[str, Any]) -> bytes:
    """The result's bytes: the same table, schema and spec give the same. Raises InvalidSpec."""
    found = table_schema(schema)
    table = read_table(content, found)
    if not table.cases or len(table.readers) < 2:
        raise InvalidSpec("There are no two readers with a case in this table.")
    full = _complete(spec)
    ways = ways_of(full, table.patients())
    ways = type(ways)(ways.level, ways.resamples, ways.seed, ways.patients, found.interchangeable)
    pooled = full["strata"] == "none"
    document = {
        "engine": ENGINE,
        "of": "table",
        "spec": full,
        "schema": dict(found.given),
        "inputs_sha256": sha256_of({"table": hashlib.sha256(content).hexdigest(), "schema": dict(found.given)}),
        "went_in": _went_in(table),
        "features": [
            table_feature(table, feature, arm, ways, pooled=pooled) for feature in found.features for arm in table.arms
        ],
        **_accuracy(table, ways, pooled, full["level"]),
    }
    return canonical_json(rounded(document))


def _complete(given: dict[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(given) - {*ENTRIES, "version"})
    if unknown:
        raise wrong_choice("spec", ", ".join(ENTRIES), unknown[0])
    full = {"version": DEFAULTS["version"]} | {entry: DEFAULTS[entry] for entry in ENTRIES} | given
    if full["strata"] not in ("centre", "none"):
        raise wrong_choice("strata", "centre, none", full["strata"])
    return check_numbers(full)


def _went_in(table: Table) -> Json:
    truth = table.truth()
    known = "truth" in table.schema.column
    return {
        "title": table.schema.title,
        "cases": len(table.cases),
        "patients": len(set(table.patients())),
        "positive": int((truth == 1).sum()) if known else None,
        "negative": int((truth == 0).sum()) if known else None,
        "by_centre": {centre: len(own) for centre, own in table.centres().items()},
        "readers": None if table.schema.interchangeable else table.readers,
        "readings_per_case_at_most": len(table.readers),
        "arms": [arm for arm in table.arms if arm],
        "readings": len(table.cells),
        "cases_left_out": table.left_out,
    }


def _accuracy(table: Table, ways: Any, pooled: bool, level: float) -> Json:
    nothing: Json = {"accuracy": None, "no_accuracy": None, "comparisons": []}
    if "truth" not in table.schema.column:
        return nothing | {"no_accuracy": "the table has no truth column"}
    if table.schema.interchangeable:
        return nothing | {"no_accuracy": NO_PERSONS}
    usable = [f for f in table.schema.features if f.scale.kind != "nominal"]
    accuracies = [Accuracy(table, feature, ways, pooled=pooled) for feature in usable]
    return {
        "accuracy": [entry for accuracy in accuracies for entry in accuracy.as_json()],
        "no_accuracy": None,
        "comparisons": arm_comparisons(accuracies, level) if accuracies else [],
    }
