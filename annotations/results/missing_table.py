"""Missing data: how many each side was asked and answered, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from annotations.features import FormSchema

COLUMNS = ("value", "cannot_assess", "not_applicable", "open")


@dataclass(frozen=True, slots=True)
class MissingRow:
    label: str
    cells: tuple[tuple[str, int, int, int, int], ...]  # side, values, cannot assess, not applicable, readings


def missing_rows(document: Mapping[str, Any], form: FormSchema) -> list[MissingRow]:
    """A row a feature, with the sides in their order, the reference last."""
    return [
        MissingRow(
            str(form.feature(part["code"]).label),
            tuple(
                (a["side"], a["value"], a["cannot_assess"], a["not_applicable"] + a["open"], a["readings"])
                for a in part["answered"]
            ),
        )
        for part in document["features"]
    ]
