"""What `manage.py import_lymphus` did, kept as the row that a curator's page makes: the report, and how it ended.

The flowchart of a dataset counts by these rows what was refused; a curator reads them beside the uploads. A dry run leaves none.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils import timezone

from annotations.imports.accept import ImportResult
from annotations.imports.findings import printable
from annotations.imports.lymphus import LymphusReading
from annotations.imports.standing import compare_with_stored
from annotations.models import Import


class ImportRecord:
    """One run of the command. Made before anything is written, so that its report says what was stored then."""

    def __init__(
        self,
        reading: LymphusReading,
        *,
        slug: str,
        title: str,
        synthetic: bool,
        paths: Sequence[str],
        spacing: str | None,
    ) -> None:
        files = [("archive", path) for path in paths] + ([("spacing", spacing)] if spacing else [])
        now = timezone.now()
        self._row = Import(
            dataset_slug=slug, dataset_title=title, synthetic=synthetic, step=Import.Step.WRITE, state=Import.State.DONE,
            report=report_of(slug, reading), attempts=1, started_at=now, finished_at=now,
            # names only: the files stay where they are, and their folder is nobody's business
            uploads=[{"kind": kind, "name": _name(path)} for kind, path in files],
        )  # fmt: skip

    def written(self, result: ImportResult) -> None:
        """Inside the transaction of the import: row and cases are there together, or neither."""
        self._row.step, self._row.result = Import.Step.WRITTEN, result.as_json()
        self._row.finished_at = timezone.now()
        self._row.save(force_insert=True)

    def published(self, number: int) -> None:
        result = {**(self._row.result or {}), "version": number}
        Import.objects.unscoped().filter(pk=self._row.pk).update(result=result, publish=True)

    def failed(self, sentence: str) -> None:
        """Nothing was written; the sentence says why."""
        self._row.state, self._row.error = Import.State.FAILED, sentence
        self._row.finished_at = timezone.now()
        self._row.save(force_insert=True)


def report_of(slug: str, reading: LymphusReading) -> dict[str, Any]:
    """The whole report as JSON, with what of it the dataset has already."""
    standing = compare_with_stored(slug, reading.cases)
    stored = {
        "new": len(standing.new),
        "unchanged": len(standing.unchanged),
        "changed": [c.as_json() for c in standing.changed],
    }
    return reading.as_json() | {"stored": stored}


def _name(path: str) -> str:
    return printable(Path(path).resolve().name) or "/"
