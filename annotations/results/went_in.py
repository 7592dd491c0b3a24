"""What went into the analysis of a dataset version, in words: its cases, its reference, what changed since, who is compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from annotations.results.reasons import in_words

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WentIn:
    """`pairs` are (word, what it says); `since` sentences on what changed after the version was published; `absent` why what
    another analysis says is not said here."""

    pairs: tuple[tuple[str, str], ...]
    since: tuple[str, ...]
    absent: tuple[str, ...]


def went_in_of(document: Json) -> WentIn | None:
    """None of a study or a table, whose pages say it elsewhere."""
    if document.get("of") != "version":
        return None
    return WentIn(
        tuple(_pairs(document)), tuple(_since(document["went_in"]["notes"])), tuple(map(in_words, document["absent"]))
    )


def _pairs(document: Json) -> Iterator[tuple[str, str]]:
    found = document["went_in"]
    cases = found["cases"]
    centres = [_("centre %(n)s: %(cases)d") % {"n": n, "cases": own} for n, own in found["by_centre"].items()]
    yield _("Cases"), ", ".join([str(cases), *centres])
    if found["patients"] != cases:
        yield _("Patients"), str(found["patients"])
    unknown = cases - found["malignant"] - found["benign"]
    said = _("%(benign)d benign, %(malignant)d malignant") % found
    yield _("Pathology"), said + (", " + _("%(n)d unknown") % {"n": unknown} if unknown else "")
    yield _("Scale known"), _of(found["scaled"], cases)
    yield _("Reference readings"), _of(found["references"], cases)
    for reader in found["readers"]:
        number = str(reader["number"])
        yield _("Reader %(n)s") % {"n": number}, f"{reader['label']}, {_of(_readings(document, number), cases)}"


def _of(some: int, every: int) -> str:
    return _("%(n)d of %(all)d") % {"n": some, "all": every}


def _readings(document: Json, side: str) -> int:
    answered = document["features"][0]["answered"]
    return next((own["readings"] for own in answered if own["side"] == side), 0)


def _since(notes: Json) -> Iterator[str]:
    if n := notes["cases_left_out_since"]:
        yield ngettext(
            "%(n)d case was left out of the dataset after the version was published, and is not in here.",
            "%(n)d cases were left out of the dataset after the version was published, and are not in here.",
            n,
        ) % {"n": n}
    if n := notes["references_revised_since"]:
        yield ngettext(
            "%(n)d reference reading says something else by now: here it counts as it was published.",
            "%(n)d reference readings say something else by now: here they count as they were published.",
            n,
        ) % {"n": n}
    if n := notes["scales_changed_since"]:
        yield ngettext(
            "%(n)d image has another scale by now: here it has that of the version.",
            "%(n)d images have another scale by now: here they have those of the version.",
            n,
        ) % {"n": n}
    if n := notes["readings_counted_once"]:
        yield ngettext(
            "%(n)d reading is in several reference sets: it counts once, and is not compared with itself.",
            "%(n)d readings are in several reference sets: each counts once, and is not compared with itself.",
            n,
        ) % {"n": n}
