"""Store what was read. Image files first, each under the name of its content; then every row in one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from annotations import store
from annotations.imports.greys import read_grey
from annotations.imports.insert import StoredFile, insert_cases
from annotations.imports.lymphus import LymphusCase, LymphusReading, Progress
from annotations.imports.standing import Change, Standing, compare_with_stored
from annotations.models import Dataset, Image
from annotations.pictures import encode_png, pixel_sha256
from annotations.problems import Problem

# PNG is packed outside the interpreter's lock: two threads use the two cores, and hold two pictures
THREADS = 2


class ArchiveChanged(Problem):
    """A picture is no longer what was read and reported: nothing is written."""

    code = "archive_changed"
    status = 409


class NothingToImport(Problem):
    code = "nothing_to_import"


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did to a dataset."""

    dataset: Dataset
    added: int
    unchanged: int
    changed: tuple[Change, ...]
    left_out: int
    scales_added: int

    @property
    def nothing_changed(self) -> bool:
        return not self.added and not self.scales_added

    def sentence(self) -> str:
        """What happened, for a person."""
        facts = {
            "added": self.added,
            "same": self.unchanged,
            "changed": len(self.changed),
            "out": self.left_out,
            "scales": self.scales_added,
            "slug": self.dataset.slug,
        }
        if self.nothing_changed:
            said = _("Nothing changed in %(slug)s: %(same)d cases were there already.")
        else:
            said = _("%(added)d cases added to %(slug)s; %(same)d were there already, %(out)d left out.")
        if self.changed:
            said += " " + _("%(changed)d are there with other content and stay as they are.")
        if self.scales_added:
            said += " " + _("%(scales)d scales added.")
        return said % facts

    def as_json(self) -> dict[str, Any]:
        return {
            "dataset": self.dataset.slug, "added": self.added, "unchanged": self.unchanged, "left_out": self.left_out,
            "scales_added": self.scales_added, "changed": [c.as_json() for c in self.changed], "sentence": self.sentence(),
        }  # fmt: skip


def accept_import(
    reading: LymphusReading,
    *,
    slug: str,
    title: str = "",
    synthetic: bool = False,
    by: AbstractBaseUser | None = None,
    progress: Progress | None = None,
    also: Callable[[ImportResult], None] | None = None,
) -> ImportResult:
    """Write the cases of a reading into the dataset of that slug, which is made if need be.

    All or nothing, in one transaction; `also(result)` runs inside it. Cases are inserted in shuffled order. A case that is
    there already is left as it is; one that is there with other content is told in the result and left as it is too.
    Raises NothingToImport, ArchiveChanged.
    """
    if not reading.cases:
        raise NothingToImport(_("No case could be read, so nothing was written."))
    files = _store_images(compare_with_stored(slug, reading.cases), progress or (lambda *_args: None))
    with transaction.atomic():
        dataset = _locked_dataset(slug, title, synthetic)
        # asked again under the lock: another import may have come first, and its cases are then unchanged ones
        standing = compare_with_stored(slug, reading.cases)
        new = list(standing.new)
        secrets.SystemRandom().shuffle(new)  # a row's number must not tell its group
        insert_cases(dataset, new, files, by=by)
        result = ImportResult(
            dataset,
            len(new),
            len(standing.unchanged),
            tuple(standing.changed),
            reading.left_out,
            _add_scales(dataset, standing, by),
        )
        if also is not None:
            also(result)
    return result


def _store_images(standing: Standing, progress: Progress) -> dict[str, StoredFile]:
    """Encode and keep the image of every new case. A file that no row will name costs room, and nothing else."""
    files: dict[str, StoredFile] = {}
    total = len(standing.new)
    with ThreadPoolExecutor(THREADS) as pool:
        for done, (sha256, file) in enumerate(pool.map(_store_image, standing.new), 1):
            files[sha256] = file
            progress(done, total, _("Storing image %(n)d of %(all)d") % {"n": done, "all": total})
    return files


def _store_image(case: LymphusCase) -> tuple[str, StoredFile]:
    pixels, _remarks = read_grey(case.image.read(), case.image.name)
    if pixel_sha256(pixels) != case.pictures.pixel_sha256:
        raise ArchiveChanged(
            _("%s changed while it was imported. Nothing was written.") % case.archive.shown(case.image)
        )
    content = encode_png(pixels)
    return case.pictures.pixel_sha256, StoredFile(store.put(content), len(content))


def _locked_dataset(slug: str, title: str, synthetic: bool) -> Dataset:
    """The dataset, its row locked until the transaction ends: an UPDATE locks on both databases, a SELECT does not."""
    datasets = Dataset.objects.unscoped()
    dataset, _made = datasets.get_or_create(slug=slug, defaults={"title": title or slug, "synthetic": synthetic})
    datasets.filter(pk=dataset.pk).update(title=F("title"))
    return dataset


def _add_scales(dataset: Dataset, standing: Standing, by: AbstractBaseUser | None) -> int:
    """A scale that came later, for images that have none and belong to no published version."""
    added = 0
    unscaled = Image.objects.unscoped().filter(case__dataset=dataset, spacing_row_mm=None, case__memberships=None)
    for case in standing.unchanged:
        if case.spacing is None:
            continue
        key = case.key
        mine = unscaled.filter(
            case__provenance__centre_number=key.centre,
            case__provenance__group=key.group,
            case__provenance__number=key.number,
        ).values("pk")
        added += Image.objects.unscoped().filter(pk__in=list(mine.values_list("pk", flat=True))).update(
            spacing_row_mm=case.spacing.row_mm, spacing_col_mm=case.spacing.col_mm, spacing_source=case.spacing.source,
            spacing_by=by, spacing_at=timezone.now(),
        )  # fmt: skip
    return added
