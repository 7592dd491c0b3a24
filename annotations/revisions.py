"""What a submitted reading said: append-only, each revision naming the hash of the one before.

Readers' submissions and imported reference readings pass through the same function, so that one engine can compare them.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from annotations.canonical import sha256_of
from annotations.models import Mask, Reading, ReadingRevision


def revision_content(reading: Reading, mask: Mask | None) -> dict[str, Any]:
    """All that the reading says now, as it is hashed: stored answers, score, call, remarks and the mask by its hash."""
    return {
        "form_version": reading.form_version,
        "answers": reading.answers,
        "score": reading.score,
        "call": reading.call,
        "remarks": reading.remarks,
        "no_node": reading.no_node,
        "calibration": reading.calibration,
        "questions": reading.questions,
        "mask_sha256": mask.sha256 if mask else "",
        "mask_image": mask.image.public_id if mask else "",
    }


def next_revision(reading: Reading, mask: Mask | None, previous: ReadingRevision | None, *,
                  by: AbstractBaseUser | None, reason: str = "") -> ReadingRevision:  # fmt: skip
    """The revision that follows `previous` (None: the first), not yet stored. SHA-256 is of {content, previous}."""
    content = revision_content(reading, mask)
    before = previous.sha256 if previous else ""
    return ReadingRevision(
        reading=reading,
        number=previous.number + 1 if previous else 1,
        content=content,
        mask_payload=mask.payload if mask else None,
        mask_sha256=mask.sha256 if mask else "",
        sha256=sha256_of({"previous": before, "content": content}),
        previous_sha256=before,
        reason=reason,
        made_by=by,  # type: ignore[misc]
    )


@transaction.atomic
def append_revision(reading: Reading, *, by: AbstractBaseUser | None, reason: str = "") -> ReadingRevision:
    """Store what the reading says now as its next revision.

    Two that append at once: the unique (reading, number) lets one win, the other raises IntegrityError and is undone.
    """
    mask = reading.masks.select_related("image").first()
    previous = ReadingRevision.objects.unscoped().filter(reading=reading).order_by("-number").first()
    revision = next_revision(reading, mask, previous, by=by, reason=reason)
    revision.save(force_insert=True)
    return revision
