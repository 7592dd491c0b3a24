"""An import as a job: asked for with uploads, read, reported, decided by a curator, written.

The uploads lie in the private work folder until the import is written or refused; then they are gone.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from annotations import bell, jobs
from annotations.datasets import publish_version
from annotations.import_records import report_of
from annotations.imports.accept import ArchiveChanged, ImportResult, accept_import
from annotations.imports.findings import printable
from annotations.imports.lymphus import LymphusReading, read_lymphus
from annotations.imports.zips import sha256_of_file
from annotations.models import Import
from annotations.problems import NotAllowedNow

log = logging.getLogger(__name__)
MAX_NAME = 120


def request_import(slug: str, archives: Iterable[UploadedFile], *, by: AbstractBaseUser, title: str = "", synthetic: bool = False,
                   spacing: UploadedFile | None = None) -> Import:  # fmt: skip
    """Keep the uploads and put the job in the queue. Nothing of them is opened here."""
    job = Import(dataset_slug=slug, dataset_title=title, synthetic=synthetic, requested_by=by)  # type: ignore[misc]
    folder = _folder(job)
    try:
        named = [("archive", file) for file in archives] + ([("spacing", spacing)] if spacing else [])
        job.uploads = [_keep(folder / str(n), kind, file) for n, (kind, file) in enumerate(named, 1)]
        with transaction.atomic():
            job.save(force_insert=True)
            bell.ring()
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return job


def decide_import(job: Import, *, accept: bool, publish: bool = False) -> None:
    """Accept: the job goes back into the queue to be written. Refuse: its uploads go. Raises NotAllowedNow."""
    reported = Import.objects.unscoped().filter(pk=job.pk, step=Import.Step.REPORTED, state=Import.State.DONE)
    with transaction.atomic():
        if accept:
            won = reported.update(
                step=Import.Step.WRITE, state=Import.State.WAITING, attempts=0, publish=publish, started_at=None,
                finished_at=None, progress_done=0, progress_total=0, progress_text="",
            )  # fmt: skip
            bell.ring()
        else:
            won = reported.update(step=Import.Step.REFUSED)
            transaction.on_commit(partial(_discard_uploads, job))
        if not won:
            raise NotAllowedNow(_("This import does not wait for a decision."))


def stop_import(job: Import) -> None:
    """Ask a waiting or running import to stop. Raises NotAllowedNow when it has ended."""
    if not jobs.request_cancel(job):
        raise NotAllowedNow(_("This import has ended already."))


def run_import(pk: int) -> bool:
    """Do what the row waits for: read and report, or write. False when another worker has it."""
    return jobs.run(Import, pk, _work)


def _work(held: jobs.Claim) -> None:
    job: Any = held.job
    reading = _read(held)
    if job.step == Import.Step.READ:
        held.write(report=report_of(job.dataset_slug, reading), step=Import.Step.REPORTED)
        return
    accept_import(
        reading, slug=job.dataset_slug, title=job.dataset_title, synthetic=job.synthetic, by=job.requested_by,
        progress=held.progress, also=partial(_finish, held),
    )  # fmt: skip
    _discard_uploads(job)


def _finish(held: jobs.Claim, result: ImportResult) -> None:
    """Inside the transaction of the import: a worker that lost its lease raises here, and all of it is undone."""
    job: Any = held.job
    said = result.as_json()
    if job.publish:
        said["version"] = publish_version(
            result.dataset, by=job.requested_by, note=_("Import %s") % job.public_id
        ).number
    held.write(result=said, step=Import.Step.WRITTEN)


def _read(held: jobs.Claim) -> LymphusReading:
    job: Any = held.job
    paths: dict[str, list[Path]] = {"archive": [], "spacing": []}
    for upload in job.uploads:
        path = Path(settings.WORK_ROOT) / upload["path"]
        if not path.is_file() or sha256_of_file(path) != upload["sha256"]:
            raise ArchiveChanged(_("%s is no longer what was uploaded. Upload it again.") % upload["name"])
        paths[upload["kind"]].append(path)
    return read_lymphus(paths["archive"], next(iter(paths["spacing"]), None), held.progress)


def _keep(folder: Path, kind: str, file: UploadedFile) -> dict[str, str]:
    """The upload under its own name (it may be the only thing that says which centre it is), made harmless."""
    name = printable((file.name or "").replace("\\", "/").rsplit("/", 1)[-1].lstrip("."))[-MAX_NAME:] or "archive.zip"
    folder.mkdir(parents=True)
    digest = hashlib.sha256()
    with (folder / name).open("xb") as kept:
        for chunk in file.chunks():
            digest.update(chunk)
            kept.write(chunk)
    path = (folder / name).relative_to(settings.WORK_ROOT)
    return {"kind": kind, "name": name, "sha256": digest.hexdigest(), "path": str(path)}


def _folder(job: Import) -> Path:
    return Path(settings.WORK_ROOT) / "imports" / job.public_id


def _discard_uploads(job: Import) -> None:
    shutil.rmtree(_folder(job), ignore_errors=True)
