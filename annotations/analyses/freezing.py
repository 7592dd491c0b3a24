"""Freeze what goes into an analysis: revisions and their hashes, masks, pathology, spacing, exclusions, form version.

What a reader said is named by the revision that says it; a later reopening makes another revision and leaves this one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from annotations.answers import Spacing
from annotations.models import Case, Image, Pathology, ReadingRevision, ReferenceReading, ReferenceSet

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReaderInput:
    """Whose readings are compared, as figures call them: a study's reader, or a reference set behind which several sources may
    stand. `number` orders the readers and picks their mark."""

    id: str
    label: str
    number: int
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Whose a reading is, by number, and where in a study's design it was made."""

    reader: int
    arm: int = 1
    period: int = 1


@dataclass(frozen=True, slots=True)
class Reference:
    """The set whose readings are the reference, and what is frozen of each, by the case's key."""

    id: str | None = None
    of_case: Mapping[int, Facts] = field(default_factory=dict)


def freeze(
    *,
    form_version: str,
    ask_prominent: str,
    dataset_version: Mapping[str, str],
    reference: Reference,
    readers: Sequence[ReaderInput],
    case_pks: Iterable[int],
    readings: Mapping[int, Place],
    arms: Sequence[Mapping[str, Any]],
    revisions: str,
    notes: Mapping[str, Any],
    scales: Mapping[str, Spacing | None] | None = None,
) -> dict[str, Any]:
    """The inputs as plain JSON, cases by id, readers by number. Constant number of queries (chunks of 5,000 readings).

    `readings` are keys and their places; `arms` their numbers and labels; `revisions` is "latest" or "first"; `scales` by the
    image's id stand for those that the images have now.
    """
    cases = list(
        Case.objects.unscoped().filter(pk__in=list(case_pks)).select_related("centre", "patient").order_by("public_id")
    )
    by_case = _revisions(readings, first=revisions == "first")
    images = {i.case_id: i for i in Image.objects.unscoped().filter(case__in=cases, modality="b_mode").order_by("-pk")}
    pathology = dict(Pathology.objects.filter(case__in=cases).values_list("case_id", "status"))
    known = {reader.number for reader in readers}
    return {
        "form_version": form_version,
        "ask_prominent": ask_prominent,
        "dataset_version": dict(dataset_version),
        "reference_set": reference.id,
        "readers": [
            {"id": r.id, "label": r.label, "number": r.number, "simulated": r.simulated}
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
                **_image_facts(images[case.pk], scales),
                "reference": reference.of_case.get(case.pk),
                "readings": sorted(
                    (facts for facts in by_case.get(case.pk, ()) if facts["reader"] in known),
                    key=lambda r: (r["reader"], r["arm"], r["period"], r["replicate"], r["opinion"]),
                ),
            }
            for case in cases
            if case.pk in images
        ],
        "notes": dict(notes),
    }


def latest_of(reference_set: ReferenceSet | None, case_pks: Iterable[int]) -> Reference:
    """The set's readings of those cases as they say now."""
    if reference_set is None:
        return Reference()
    members = ReferenceReading.objects.filter(reference_set=reference_set, case__in=list(case_pks))
    chosen = dict(members.values_list("reading_id", "case_id"))
    rows = ReadingRevision.objects.unscoped().filter(reading__in=chosen).defer("content", "mask_payload")
    return Reference(
        reference_set.public_id,
        {chosen[revision.reading_id]: facts_of(revision) for revision in rows.order_by("number")},
    )


def _image_facts(image: Image, scales: Mapping[str, Spacing | None] | None) -> Facts:
    spacing = image.spacing if scales is None else scales.get(image.public_id)
    return {
        "image": {"id": image.public_id, "width": image.width, "height": image.height, "sha256": image.pixel_sha256},
        "spacing": spacing and {"row_mm": spacing.row_mm, "col_mm": spacing.col_mm, "source": spacing.source},
    }


def facts_of(revision: ReadingRevision) -> Facts:
    """What is frozen of a revision."""
    return {"revision": revision.public_id, "sha256": revision.sha256, "mask": revision.mask_sha256 or None}


def _revisions(places: Mapping[int, Place], *, first: bool) -> dict[int, list[Facts]]:
    """Case key → what is frozen of each of its readings."""
    taken: dict[int, ReadingRevision] = {}
    keys = list(places)
    for start in range(0, len(keys), 5000):
        rows = ReadingRevision.objects.unscoped().filter(reading__in=keys[start : start + 5000])
        order = "-number" if first else "number"  # the last of the loop is the one that stays
        for revision in rows.select_related("reading").defer("content", "mask_payload").order_by(order):
            taken[revision.reading_id] = revision
    by_case: dict[int, list[Facts]] = defaultdict(list)
    for revision in taken.values():
        reading, place = revision.reading, places[revision.reading_id]
        who: Facts = {"reader": place.reader, "arm": place.arm, "period": place.period}
        which = {"opinion": reading.opinion, "replicate": reading.replicate}
        by_case[reading.case_id].append(who | which | facts_of(revision))
    return by_case
