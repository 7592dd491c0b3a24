"""A result seen one arm at a time: each view has the entries of a study of one arm, whatever the result is of.

Figures, pages and tables read views; how a document nests its arms, and that a table's readers have names and not numbers,
is known here alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]
# what only a study has
_NO_STUDY: Json = {
    "intra": [], "comparisons": [], "masks": None, "mask_consensus": None, "mask_pairs": None, "pathology": None,
    "averages": None, "signs": None,
}  # fmt: skip


def arm_views(document: Mapping[str, Any]) -> list[Json]:
    """One view an arm, at least one. `arm` of each is {"number", "label"}; the label is "" where there is one arm."""
    if document.get("of") == "table":
        return _of_table(document)
    if "arms" in document:
        return [{**document, **entry} for entry in document["arms"]]
    return [{**document, "arm": {"number": 1, "label": ""}}]


def arm_comparisons(document: Mapping[str, Any]) -> list[Json]:
    """Arms compared, as `arms_compared` writes them; empty for one arm."""
    found: list[Json] = (
        document["comparisons"] if document.get("of") == "table" else document.get("arm_comparisons", [])
    )
    return found


def arm_labels(document: Mapping[str, Any]) -> dict[Any, str]:
    """What each arm is called, by what comparisons name it with."""
    if document.get("of") == "table":
        return {arm: _table_label(document, arm) for arm in document["went_in"]["arms"]}
    return {arm["number"]: arm["label"] for arm in document["went_in"].get("arms", [])}


def _of_table(document: Mapping[str, Any]) -> list[Json]:
    reference = document["schema"].get("reference_reader")
    names = [name for name in document["went_in"]["readers"] or [] if name != reference]
    went_in = {**document["went_in"], "readers": [{"number": name, "label": name} for name in names]}
    arms = document["went_in"]["arms"] or [None]
    return [
        {
            **document,
            **_NO_STUDY,
            "went_in": went_in,
            "arm": {"number": place, "label": "" if len(arms) == 1 else _table_label(document, arm)},
            "features": [part for part in document["features"] if part["arm"] == arm],
            "accuracy": [entry for entry in document["accuracy"] or [] if entry["arm"] == arm],
        }
        for place, arm in enumerate(arms, start=1)
    ]


def _table_label(document: Mapping[str, Any], arm: str) -> str:
    """Its own name; a number says what it is a number of."""
    is_number = arm.replace(".", "", 1).isdecimal()
    return f"{document['schema']['columns']['arm']} {arm}" if is_number else arm
