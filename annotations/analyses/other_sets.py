"""The reference sets of a dataset that are compared with the reference, as the readers of an analysis of a version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from annotations.analyses.spec import wrong_choice
from annotations.models import Case, DatasetVersion, ReferenceReading, ReferenceSet, Source, VersionCase
from annotations.payloads import is_storable


@dataclass(slots=True)
class OtherSet:
    """One set beside the reference: the keys of its readings."""

    id: str
    name: str
    number: int
    simulated: bool = False
    readings: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class OtherSets:
    """By number, those that have a reading to compare. `counted_once` readings are the reference's too, or those of a set of
    a lower number: compared with itself a reading agrees."""

    by_number: Mapping[int, OtherSet]
    counted_once: int


def included(version: DatasetVersion) -> QuerySet[VersionCase, int]:
    """Keys of the version's cases that nobody has left out since."""
    rows = VersionCase.objects.filter(version=version, case__state=Case.State.INCLUDED)
    return rows.values_list("case_id", flat=True)


def reference_sets(version: DatasetVersion) -> QuerySet[ReferenceSet]:
    """Those that an analysis of the version may name, by number. What readers say is seen through their study alone, which may
    be open: a set that took in a reading of theirs is none of them."""
    of_readers = ReferenceReading.objects.filter(reading__source__kind=Source.Kind.USER)
    sets = ReferenceSet.objects.filter(dataset=version.dataset_id).exclude(pk__in=of_readers.values("reference_set"))
    return sets.order_by("number")


def reference_of(version: DatasetVersion, asked: Any) -> ReferenceSet | None:
    """The set of that id; the version's own for None. Raises InvalidSpec."""
    if asked is None:
        return version.reference_set
    known = reference_sets(version)
    found = known.filter(public_id=asked).first() if isinstance(asked, str) and is_storable(asked) else None
    if found is None:
        raise wrong_choice("reference", ", ".join(own.public_id for own in known), asked)
    return found


def other_sets(version: DatasetVersion, reference: ReferenceSet | None) -> OtherSets:
    """Every other set that may be named, with its submitted readings of the version's cases."""
    members = ReferenceReading.objects.filter(case__in=included(version), reading__state="submitted")
    taken = set(members.filter(reference_set=reference).values_list("reading_id", flat=True)) if reference else set()
    rows = members.filter(reference_set__in=reference_sets(version)).exclude(reference_set=reference)
    found: dict[int, OtherSet] = {}
    counted_once = 0
    for public_id, name, number, reading, simulated in rows.order_by("reference_set__number", "pk").values_list(
        "reference_set__public_id", "reference_set__name", "reference_set__number", "reading_id",
        "reading__source__simulated",
    ):  # fmt: skip
        if reading in taken:
            counted_once += 1
            continue
        taken.add(reading)
        own = found.setdefault(number, OtherSet(public_id, name, number))
        own.readings.append(reading)
        own.simulated |= simulated
    return OtherSets(found, counted_once)
