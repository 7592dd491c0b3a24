"""Freeze what goes into an analysis: revisions and their hashes, masks, pathology, spacing, exclusions, form version.

What a reader said is named by the revision that says it; a later reopening makes another revision and leaves this one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotations.models import Case, Image, Pathology, ReadingRevision, ReferenceReading, ReferenceSet, Source


@dataclass(frozen=True, slots=True)
class ReaderInput:
    """A source of readings as figures call it. `number` orders the readers and picks their mark."""

    source: Source
    label: str
    number: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a study's design a reading was made."""

    arm: int = 1
    period: int = 1


def freeze(
    *,
    form_version: str,
    ask_prominent: str,
    dataset_version: Mapping[str, str],
    reference_set: ReferenceSet | None,
    readers: Sequence[ReaderInput],
    case_pks: Iterable[int],
    readings: Mapping[int, Place],
    arms: Sequence[Mapping[str, Any]],
    revisions: str,
    notes: Mapping[str, Any],
) -> dict[str, Any]:
    """The inputs as plain JSON, cases by id, readers by number. Constant number of queries (chunks of 5,000 readings).

    `readings` are keys and their places; `arms` their numbers and labels; `revisions` is "latest" or "first".
    """
    cases = list(
        Case.objects.unscoped().filter(pk__in=list(case_pks)).select_related("centre", "patient").order_by("public_id")
    )
    by_case = _revisions(readings, first=revisions == "first")
    references = _references(reference_set, cases)
    images = {i.case_id: i for i in Image.objects.unscoped().filter(case__in=cases, modality="b_mode").order_by("-pk")}
    pathology = dict(Pathology.objects.filter(case__in=cases).values_list("case_id", "status"))
    numbers = {reader.source.pk: reader.number for reader in readers}
    return {
        "form_version": form_version,
        "ask_prominent": ask_prominent,
        "dataset_version": dict(dataset_version),
        "reference_set": reference_set and reference_set.public_id,
        "readers": [
            {"id": r.source.public_id, "label": r.label, "number": r.number, "simulated": r.source.simulated}
            for r in sorted(readers, key=lambda r: r.number)
        ],
        "arms": [dict(arm) for arm in arms],
        "cases": [
            {
                "id": case.public_id,
                "centre": case.centre.number,
                "patient": case.patient.public_id,
                "state": case.state,
                "pathology": pathology.get(case.pk),
                **_image_facts(images[case.pk]),
                "reference": references.get(case.pk),
                "readings": sorted(
                    (
                        {"reader": numbers[source], **facts}
                        for source, facts in by_case.get(case.pk, ())
                        if source in numbers
                    ),
                    key=lambda r: (r["reader"], r["arm"], r["period"], r["replicate"], r["opinion"]),
                ),
            }
            for case in cases
            if case.pk in images
        ],
        "notes": dict(notes),
    }


def _image_facts(image: Image) -> dict[str, Any]:
    spacing = image.spacing
    return {
        "image": {"id": image.public_id, "width": image.width, "height": image.height, "sha256": image.pixel_sha256},
        "spacing": spacing and {"row_mm": spacing.row_mm, "col_mm": spacing.col_mm, "source": spacing.source},
    }


def _facts(revision: ReadingRevision) -> dict[str, Any]:
    return {"revision": revision.public_id, "sha256": revision.sha256, "mask": revision.mask_sha256 or None}


def _revisions(places: Mapping[int, Place], *, first: bool) -> dict[int, list[tuple[int, dict[str, Any]]]]:
    """Case key → (source key, what is frozen of that reading)."""
    taken: dict[int, ReadingRevision] = {}
    keys = list(places)
    for start in range(0, len(keys), 5000):
        rows = ReadingRevision.objects.unscoped().filter(reading__in=keys[start : start + 5000])
        order = "-number" if first else "number"  # the last of the loop is the one that stays
        for revision in rows.select_related("reading").defer("content", "mask_payload").order_by(order):
            taken[revision.reading_id] = revision
    by_case: dict[int, list[tuple[int, dict[str, Any]]]] = defaultdict(list)
    for revision in taken.values():
        reading, place = revision.reading, places[revision.reading_id]
        where = {"arm": place.arm, "period": place.period, "opinion": reading.opinion, "replicate": reading.replicate}
        by_case[reading.case_id].append((reading.source_id, where | _facts(revision)))
    return by_case


def _references(reference_set: ReferenceSet | None, cases: list[Case]) -> dict[int, dict[str, Any]]:
    if reference_set is None:
        return {}
    chosen = dict(
        ReferenceReading.objects.filter(reference_set=reference_set, case__in=cases).values_list(
            "reading_id", "case_id"
        )
    )
    rows = (
        ReadingRevision.objects.unscoped()
        .filter(reading__in=chosen)
        .defer("content", "mask_payload")
        .order_by("number")
    )
    return {chosen[revision.reading_id]: _facts(revision) for revision in rows}
