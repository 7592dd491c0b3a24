"""What a dataset version froze when it was published, read from its manifest: reference readings and scales."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from annotations.analyses.freezing import Reference, facts_of
from annotations.analyses.material import InputsChanged
from annotations.answers import Spacing
from annotations.models import DatasetVersion, Image, ReadingRevision, ReferenceReading, VersionCase

# where a scale is from that the image no longer has; frozen into analyses, so the same bytes in every language
AS_PUBLISHED = gettext_noop("as published with the version")


class Published:
    """The manifest of one version beside what the database says now, for some of its cases (key → id)."""

    def __init__(self, version: DatasetVersion, cases: Mapping[int, str]) -> None:
        self.version, self.cases = version, cases
        ids = set(cases.values())
        self.entries = [entry for entry in version.manifest["cases"] if entry["case"] in ids]

    def reference(self) -> Reference:
        """The version's own reference readings, each in the revision that the manifest names. Raises InputsChanged where one
        is no longer there as it is named."""
        keys = {public_id: key for key, public_id in self.cases.items()}
        of_case = {}
        for case, named in self._named.items():
            row = self._revisions.get((named["reading"], named["revision"]))
            if row is None or row.sha256 != named["revision_sha256"]:
                raise InputsChanged(
                    _("The reference reading of case %(case)s is not as this version names it.") % {"case": case}
                )
            of_case[keys[case]] = facts_of(row)
        return Reference(self.version.reference_set.public_id if self.version.reference_set else None, of_case)

    @property
    def references_revised_since(self) -> int:
        """How many of those readings say something newer by now."""
        published = {named["reading"]: named["revision"] for named in self._named.values()}
        newer = {reading for reading, number in self._revisions if number > published.get(reading, number)}
        return len(newer)

    def scales(self) -> dict[str, Spacing | None]:
        """The scale of each image, by its id; with its source where the image still has that scale."""
        return {
            image: now if _mm(now) == mm else (Spacing(mm[0], mm[1], AS_PUBLISHED) if mm else None)
            for image, mm in self._published_scales.items()
            for now in [self._scales_now.get(image)]
        }

    @property
    def scales_changed_since(self) -> int:
        """How many images have another scale by now, or have one only now."""
        return sum(_mm(self._scales_now.get(image)) != mm for image, mm in self._published_scales.items())

    @cached_property
    def _named(self) -> dict[str, dict[str, Any]]:
        return {entry["case"]: entry["reference"] for entry in self.entries if entry["reference"]}

    @cached_property
    def _published_scales(self) -> dict[str, list[float] | None]:
        return {image["image"]: image["spacing_mm"] for entry in self.entries for image in entry["images"]}

    @cached_property
    def _scales_now(self) -> dict[str, Spacing | None]:
        members = VersionCase.objects.filter(version=self.version).values("case")
        return {image.public_id: image.spacing for image in Image.objects.unscoped().filter(case__in=members)}

    @cached_property
    def _revisions(self) -> dict[tuple[str, int], ReadingRevision]:
        """By reading and number, all revisions of the readings of the version's own set."""
        members = ReferenceReading.objects.filter(reference_set=self.version.reference_set_id)
        rows = ReadingRevision.objects.unscoped().filter(reading__in=members.values("reading"))
        return {
            (row.reading.public_id, row.number): row
            for row in rows.select_related("reading").defer("content", "mask_payload")
        }


def _mm(scale: Spacing | None) -> list[float] | None:
    return None if scale is None else [scale.row_mm, scale.col_mm]
