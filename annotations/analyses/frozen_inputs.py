"""The hash of frozen inputs, whatever they are of."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from annotations.canonical import sha256_of


def is_table(inputs: Mapping[str, Any]) -> bool:
    """Whether they are a table of ratings, and not readings of the database."""
    return inputs.get("of") == "table"


def inputs_sha256(inputs: Mapping[str, Any]) -> str:
    """Of a table: the hash of its bytes and of its schema. Of readings: of everything that was frozen."""
    if not is_table(inputs):
        return sha256_of(inputs)
    table = hashlib.sha256(str(inputs["table"]).encode()).hexdigest()
    return sha256_of({"table": table, "schema": inputs["schema"]})
