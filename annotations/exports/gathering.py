"""What an export holds, read in a constant number of queries: cases with their pictures, readings by their revisions.

Of a dataset version these are the revisions and scales that its manifest names, of a study the latest and today's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from annotations import mask_codec, pictures, store
from annotations.answers import Resolved, Spacing, resolve
from annotations.calibration import own_spacing
from annotations.features import FormSchema, form_schema
from annotations.models import (
    Case,
    DatasetVersion,
    Image,
    Pathology,
    Provenance,
    ReadingRevision,
    VersionCase,
)
from annotations.published_version import Published


@dataclass(slots=True)
class ExportedReading:
    """One reading as that revision says it. `reader` is the label of figures ("Reader 3", "reference")."""

    reader: str
    revision: str
    revision_sha256: str
    content: Mapping[str, Any]
    mask_payload: bytes | None
    submitted_at: str
    published: bool = False  # a reference reading: its aspect ratio is as published

    def mask(self) -> npt.NDArray[np.uint8] | None:
        return mask_codec.decode(self.mask_payload) if self.mask_payload else None

    def asked_back(self) -> list[dict[str, str]]:
        """The contradictions put back to the reader, in order, each with how it ended: kept, changed or open."""
        return [{"code": q["code"], "ended": q.get("ended") or "open"} for q in self.content["questions"]]

    def tie(self) -> dict[str, Any]:
        """What a manifest says of a reading in every form."""
        return {"reader": self.reader, "revision": self.revision, "asked_back": self.asked_back()}


@dataclass(slots=True)
class ExportedCase:
    """One case with its picture, the scale that counts and what was said of it."""

    public_id: str
    centre: int
    group: str
    number: int
    pathology: str
    image: Image
    spacing: Spacing | None
    readings: list[ExportedReading] = field(default_factory=list)

    def pixels(self) -> npt.NDArray[np.uint8]:
        return pictures.decode_png(store.read(self.image.file_sha256))

    def resolved(self, reading: ExportedReading, form: FormSchema, ask_prominent: str) -> dict[str, Resolved]:
        """Every feature worked out: derived, not applicable and why."""
        content = reading.content
        spacing = self.spacing or own_spacing(content)
        policy = "every_node" if reading.published else ask_prominent
        return resolve(form, content["answers"], spacing=spacing, ask_prominent=policy, node=not content["no_node"])


@dataclass(slots=True)
class Gathered:
    """An export's content, cases by centre, group and number. `since`, for the manifest alone: what changed after a version was
    published, each as ids of cases; the other files say what was published."""

    about: dict[str, Any]
    form: FormSchema
    ask_prominent: str
    cases: list[ExportedCase]
    since: dict[str, list[str]] | None = None

    def rows(self) -> Iterator[tuple[ExportedCase, ExportedReading]]:
        for case in self.cases:
            for reading in case.readings:
                yield case, reading

    def ties(self) -> list[dict[str, Any]]:
        """Every reading as a manifest ties it to its case."""
        return [{"case": case.public_id, **reading.tie()} for case, reading in self.rows()]


def gather_version(version: DatasetVersion) -> Gathered:
    """A dataset version with its reference readings and scales, as its manifest names them; also the cases left out since.

    Raises InputsChanged where a reading is no longer there as it is named.
    """
    members = VersionCase.objects.filter(version=version)
    cases = _cases(members.values_list("case_id", flat=True))
    published = Published(version, {key: case.public_id for key, case in cases.items()}, whole=True)
    for key, revision in published.references().items():
        cases[key].readings.append(_exported(revision, "reference", revision.made_at, published=True))
    scales = published.scales()
    for case in cases.values():
        case.spacing = scales.get(case.image.public_id)
    left_out = members.exclude(case__state=Case.State.INCLUDED).values_list("case__public_id", flat=True)
    rescaled = set(published.scales_changed_since)
    since = {
        "cases_left_out": sorted(left_out),
        "references_revised": published.references_revised_since,
        "scales_changed": sorted(case.public_id for case in cases.values() if case.image.public_id in rescaled),
    }
    about = {
        "kind": "dataset version",
        "dataset": version.dataset.slug,
        "title": version.dataset.title,
        "version": version.number,
        "version_id": version.public_id,
        "version_sha256": version.sha256,
        "licence": version.dataset.licence,
        "citation": version.dataset.citation,
        "synthetic": version.dataset.synthetic,
        "form_version": version.dataset.form_version,
    }
    return Gathered(about, form_schema(version.dataset.form_version), "every_node", _sorted(cases), since)


def gather_readings(
    case_pks: Iterable[int], labels: Mapping[int, str], *, about: dict[str, Any], form: str, ask_prominent: str
) -> Gathered:
    """Given readings (pk → reader's label) of given cases: what a closed study exports."""
    cases = _cases(case_pks)
    for case, exported in _readings(labels):
        if case in cases:
            cases[case].readings.append(exported)
    return Gathered(about, form_schema(form), ask_prominent, _sorted(cases))


def _cases(pks: Iterable[int]) -> dict[int, ExportedCase]:
    wanted = list(pks)
    rows = Case.objects.unscoped().filter(pk__in=wanted).select_related("centre").order_by("public_id")
    images = {i.case_id: i for i in Image.objects.unscoped().filter(case__in=wanted, modality="b_mode").order_by("-pk")}
    pathology = dict(Pathology.objects.filter(case__in=wanted).values_list("case_id", "status"))
    origin = {p.case_id: p for p in Provenance.objects.filter(case__in=wanted)}
    return {
        case.pk: ExportedCase(
            case.public_id,
            case.centre.number,
            origin[case.pk].group,
            origin[case.pk].number,
            pathology.get(case.pk, ""),
            images[case.pk],
            images[case.pk].spacing,
        )
        for case in rows
    }


def _sorted(cases: Mapping[int, ExportedCase]) -> list[ExportedCase]:
    for case in cases.values():
        case.readings.sort(key=lambda r: (r.reader != "reference", len(r.reader), r.reader))
    return sorted(cases.values(), key=lambda c: (c.centre, c.group, c.number, c.public_id))


def _readings(labels: Mapping[int, str]) -> Iterator[tuple[int, ExportedReading]]:
    """(case pk, reading) of each reading's latest revision."""
    latest: dict[int, ReadingRevision] = {}
    pks = list(labels)
    for start in range(0, len(pks), 5000):
        rows = ReadingRevision.objects.unscoped().filter(reading__in=pks[start : start + 5000])
        for revision in rows.select_related("reading").order_by("number"):
            latest[revision.reading_id] = revision
    for pk, revision in latest.items():
        yield revision.reading.case_id, _exported(revision, labels[pk], revision.reading.submitted_at)


def _exported(
    revision: ReadingRevision, reader: str, submitted: datetime | None, *, published: bool = False
) -> ExportedReading:
    return ExportedReading(
        reader,
        revision.public_id,
        revision.sha256,
        revision.content,
        bytes(revision.mask_payload) if revision.mask_payload else None,
        submitted.isoformat(timespec="seconds") if submitted else "",
        published,
    )
