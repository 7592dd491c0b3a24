"""What a dataset version froze when it was published, read from its manifest: reference readings and scales. Analyses and
exports of the version say that, whatever was said or measured since.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from annotations.answers import Spacing
from annotations.models import DatasetVersion, Image, ReadingRevision, VersionCase
from annotations.problems import InputsChanged

# where a scale is from that the image no longer has; kept in analyses and exports, so the same bytes in every language
AS_PUBLISHED = gettext_noop("as published with the version")


class Published:
    """The manifest of one version beside what the database says now, for some of its cases (key → id). `whole`: the revisions
    with what they say and their masks."""

    def __init__(self, version: DatasetVersion, cases: Mapping[int, str], *, whole: bool = False) -> None:
        self.version, self.cases, self.whole = version, cases, whole
        ids = set(cases.values())
        self.entries = [entry for entry in version.manifest["cases"] if entry["case"] in ids]

    def references(self) -> dict[int, ReadingRevision]:
        """By the case's key, the revision of its reference reading that the manifest names. Raises InputsChanged where one is
        no longer there as it is named."""
        keys = {public_id: key for key, public_id in self.cases.items()}
        found = {}
        for case, named in self._named.items():
            row = self._revisions.get((named["reading"], named["revision"]))
            if row is None or row.sha256 != named["revision_sha256"]:
                raise InputsChanged(
                    _("The reference reading of case %(case)s is not as this version names it.") % {"case": case}
                )
            found[keys[case]] = row
        return found

    @property
    def references_revised_since(self) -> list[str]:
        """Ids of the cases whose reference reading says something newer by now."""
        last: dict[str, int] = {}
        for reading, number in self._revisions:
            last[reading] = max(number, last.get(reading, 0))
        return [case for case, named in self._named.items() if last.get(named["reading"], 0) > named["revision"]]

    def scales(self) -> dict[str, Spacing | None]:
        """The scale of each image, by its id; with its source where the image still has that scale."""
        return {
            image: now if _mm(now) == mm else (Spacing(mm[0], mm[1], AS_PUBLISHED) if mm else None)
            for image, mm in self._published_scales.items()
            for now in [self._scales_now.get(image)]
        }

    @property
    def scales_changed_since(self) -> list[str]:
        """Ids of the images that have another scale by now, or have one only now."""
        return [image for image, mm in self._published_scales.items() if _mm(self._scales_now.get(image)) != mm]

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
        """By reading and number, all revisions of the readings that the manifest names."""
        named = [reference["reading"] for reference in self._named.values()]
        found = {}
        for start in range(0, len(named), 5000):
            rows = ReadingRevision.objects.unscoped().filter(reading__public_id__in=named[start : start + 5000])
            for row in (rows if self.whole else rows.defer("content", "mask_payload")).select_related("reading"):
                found[row.reading.public_id, row.number] = row
        return found


def _mm(scale: Spacing | None) -> list[float] | None:
    return None if scale is None else [scale.row_mm, scale.col_mm]
