"""What of a reading is new, already there, or there with other content."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from annotations.imports.findings import Key, printable
from annotations.imports.lymphus import LymphusCase
from annotations.models import Provenance


@dataclass(frozen=True, slots=True)
class Change:
    """A stored case whose row or files now say something else. `differs`: columns, or "image", "mask"."""

    key: Key
    file: str
    row: int
    differs: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "case": str(self.key),
            "file": self.file,
            "row": self.row,
            "differs": [printable(d) for d in self.differs],
        }


@dataclass(frozen=True, slots=True)
class Standing:
    new: list[LymphusCase] = field(default_factory=list)
    unchanged: list[LymphusCase] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)


def compare_with_stored(slug: str, cases: Iterable[LymphusCase]) -> Standing:
    """Each case against the dataset of that slug (which need not exist yet)."""
    stored = {
        Key(p.centre_number, p.group, p.number): p
        for p in Provenance.objects.filter(case__dataset__slug=slug).only(
            "centre_number", "group", "number", "content_sha256", "raw_values", "files"
        )
    }
    standing = Standing()
    for case in cases:
        known = stored.get(case.key)
        if known is None:
            standing.new.append(case)
        elif known.content_sha256 == case.content_sha256:
            standing.unchanged.append(case)
        else:
            standing.changed.append(Change(case.key, case.row.file, case.row.row, _differs(known, case)))
    return standing


def _differs(known: Provenance, case: LymphusCase) -> tuple[str, ...]:
    headers = [h for h in {**known.raw_values, **case.row.raw} if known.raw_values.get(h) != case.row.raw.get(h)]
    roles = [
        r
        for r in ("image", "mask")
        if known.files.get(r, {}).get("sha256") != case.pictures.files.get(r, {}).get("sha256")
    ]
    return (*headers, *roles)
