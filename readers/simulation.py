"""Simulated readers read their worklists: through the same verbs as a page, marked as simulated wherever they are shown."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from annotations import mask_codec
from annotations.demo_readers import SimulatedReader, say
from annotations.features import FormSchema, form_schema
from annotations.models import Pathology, ReferenceReading, Source
from readers.assignments import save, submit
from readers.models import Assignment, Study


def mark_simulated(user: Any, name: str) -> Source:
    """The user's source of readings, marked for good as simulated."""
    source, _ = Source.objects.get_or_create(user=user, defaults={"kind": "user", "name": name, "simulated": True})
    return source


def read_worklists(
    study: Study,
    readers: Mapping[int, SimulatedReader],
    *,
    seed: int,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Each simulated reader (by number in the study) reads and submits every case; returns how many readings."""
    form = form_schema(study.form_version)
    assignments = list(
        Assignment.objects.unscoped()
        .filter(study=study)
        .select_related("study", "case", "reader", "arm")
        .order_by("pk")
    )
    numbers = {place.user_id: place.number for place in study.places.all()}
    references = _references(study)
    for at, assignment in enumerate(assignments):
        reader = readers[numbers[assignment.reader_id]]
        # a stream a reading: the order of work changes nothing
        rng = np.random.default_rng(np.random.SeedSequence([seed, reader.number, assignment.position]))
        _read(assignment, reader, form, references[assignment.case_id], rng)
        if progress:
            progress(at + 1, len(assignments))
    return len(assignments)


def _read(
    assignment: Assignment, reader: SimulatedReader, form: FormSchema, reference: Any, rng: np.random.Generator
) -> None:
    answers, mask, malignant, scaled = reference
    said = say(reader, form, answers, mask, malignant, rng, scaled=scaled)
    body = {
        "write_id": f"simulated-{assignment.public_id}",
        "form_version": form.version,
        "answers": said["answers"],
        "score": said["score"],
        "call": said["call"],
        "remarks": "",
        "no_node": False,
        "mask": {"data": base64.b64encode(mask_codec.encode(said["mask"])).decode()},
        "mask_sha256": mask_codec.mask_sha256(said["mask"]),
    }
    reading = save(assignment, body, expected_version=0)
    submit(
        assignment,
        expected_version=reading.version,
        mask_sha256=body["mask_sha256"],
        key=f"submit-{assignment.public_id}",
    )


def _references(study: Study) -> dict[int, tuple[Any, Any, bool, bool]]:
    """Case → reference answers, mask, whether malignant, whether the image's scale is known."""
    rows = ReferenceReading.objects.filter(reference_set=study.reference_set).select_related("reading")
    malignant = set(Pathology.objects.filter(status="malignant").values_list("case_id", flat=True))
    found = {}
    for row in rows.prefetch_related("reading__masks__image"):
        mask = row.reading.masks.all()[0]
        image = mask.image
        pixels = mask_codec.decode(bytes(mask.payload))
        found[row.case_id] = (row.reading.answers, pixels, row.case_id in malignant, image.spacing is not None)
    return found
