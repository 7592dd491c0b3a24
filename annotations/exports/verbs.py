"""Ask for an export of a dataset version, and do one that waits."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from annotations import bell, jobs
from annotations.exports.forms import FORMS, write_export
from annotations.exports.gathering import Gathered, gather_version
from annotations.models import DatasetVersion, Export
from annotations.problems import InvalidSpec

# what gathers a subject: "dataset_version" here; floor 2 adds "study" when it is loaded
GATHERERS: dict[str, Callable[[str], Gathered]] = {}


@transaction.atomic
def request_export(version: DatasetVersion, form: str, *, by: Any) -> Export:
    """Ask for an export of a version as a job. Raises InvalidSpec."""
    if form not in FORMS:
        raise InvalidSpec(
            _("“%(form)s” is none of %(known)s.") % {"form": form, "known": ", ".join(FORMS)}, entry="format"
        )
    export = Export.objects.create(format=form, subject={"dataset_version": version.public_id}, requested_by=by)
    bell.ring()
    return export


def export_path(export: Export) -> Path:
    """Where the finished file lies: below the private work folder, named by the job."""
    return Path(settings.WORK_ROOT) / "exports" / f"{export.public_id}.zip"


def run_export(pk: int) -> bool:
    """Write the export of that row if it waits. False: another worker has it, or it has ended."""
    return jobs.run(Export, pk, _work)


def _work(held: jobs.Claim) -> None:
    export = held.job
    assert isinstance(export, Export)
    ((kind, public_id),) = export.subject.items()
    held.progress(0, 2, _("Reading the readings"), now=True)
    gathered = GATHERERS[kind](public_id)
    held.progress(1, 2, _("Writing the files"), now=True)
    path = export_path(export)
    write_export(gathered, export.format, path)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    held.write(
        file_name=f"lymphus-{gathered.about['dataset']}-{kind.replace('_', '-')}-{public_id}-{export.format}.zip",
        file_sha256=sha256,
        file_size=path.stat().st_size,
        progress_done=2,
        progress_total=2,
        progress_text="",
    )


def _gather_version(public_id: str) -> Gathered:
    return gather_version(DatasetVersion.objects.unscoped().select_related("dataset").get(public_id=public_id))


GATHERERS["dataset_version"] = _gather_version
