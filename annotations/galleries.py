"""A gallery: which cases the facets of an address choose, and how many each value of a facet would show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from annotations.case_rows import CaseRow
from annotations.curation import MARKINGS
from annotations.features import FormSchema, Text
from annotations.models import Pathology

NOT_GIVEN = "not_given"
DIAMETER = "max_diameter_mm"
# facets that tell a pathology, or an answer of the reference, of every case they choose
TELLS_PATHOLOGY = "cytology"


@dataclass(frozen=True, slots=True)
class Facet:
    """`values`: code → label, in order. `of` says which of them a case has; markings may be several."""

    code: str
    label: Text
    group: str
    values: Mapping[str, Text]
    of: Callable[[CaseRow], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What an address asks for: values by facet, and limits of the longest diameter in mm, both included."""

    values: Mapping[str, frozenset[str]]
    low_mm: float | None = None
    high_mm: float | None = None

    @property
    def tells(self) -> set[str]:
        """What the choice alone gives away of every case it takes: "pathology", "reference"."""
        told = {"pathology"} if TELLS_PATHOLOGY in self.values else set()
        about_reference = self.values.keys() - {TELLS_PATHOLOGY, "centre", "markings", "state", "scale"}
        return told | ({"reference"} if about_reference or self.has_range else set())

    @property
    def has_range(self) -> bool:
        return self.low_mm is not None or self.high_mm is not None

    def pairs(self, without: tuple[str, str] | None = None) -> list[tuple[str, str]]:
        """As an address writes it, in a settled order; `without` leaves one pair (or a whole name, "*") out."""
        named = [(code, value) for code in self.values for value in sorted(self.values[code])]
        limits = [("from", self.low_mm), ("to", self.high_mm)]
        named += [(name, f"{mm:g}") for name, mm in limits if mm is not None]
        return [p for p in named if p != without and not (without and without == (p[0], "*"))]

    def query(self, without: tuple[str, str] | None = None) -> str:
        return urlencode(self.pairs(without))


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: Text
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class CountedFacet:
    code: str
    label: Text
    options: tuple[Option, ...]

    @property
    def chosen(self) -> bool:
        return any(option.chosen for option in self.options)


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """`code` is "" for what is not of the form."""

    code: str
    label: Text
    facets: tuple[CountedFacet, ...]

    @property
    def chosen(self) -> bool:
        return any(facet.chosen for facet in self.facets)


@dataclass(frozen=True, slots=True)
class Gallery:
    """`rows`: the chosen cases · `in_all`: how many there are · `outside`: match but for their diameter."""

    rows: tuple[CaseRow, ...]
    outside: tuple[CaseRow, ...]
    in_all: int
    groups: tuple[FacetGroup, ...]
    chosen: Chosen

    @property
    def tells(self) -> set[str]:
        """What choice and counts give away of the cases shown. Where all have one cytology its count says so of each; the
        counts beside a single case are its answers."""
        told = self.chosen.tells
        if len({row.status for row in self.rows}) == 1:
            told.add("pathology")
        return told | ({"reference"} if len(self.rows) == 1 else set())


def facets_of(schema: FormSchema, centres: Iterable[tuple[int, str]]) -> list[Facet]:
    """The facets of a dataset in the order they stand."""
    markings: dict[str, Text] = {"none": _("none recorded"), **MARKINGS}
    cytology: dict[str, Text] = {**dict(Pathology.Status.choices), NOT_GIVEN: _("Not known")}
    facets = [
        Facet("centre", _("Centre"), "", {str(n): name for n, name in centres}, lambda r: [str(r.centre_number)]),
        Facet("cytology", _("Cytology"), "", cytology, lambda r: [r.status or NOT_GIVEN]),
        Facet("markings", _("Markings"), "", markings, lambda r: r.markings or ["none"]),
        Facet("state", _("State"), "", {"included": _("In"), "excluded": _("Left out")}, lambda r: [r.state]),
        Facet("scale", _("Scale"), "", {"known": _("Known"), "unknown": _("Unknown")},
              lambda r: ["known" if r.scaled else "unknown"]),
    ]  # fmt: skip
    for feature in schema.categorical:
        values: dict[str, Text] = {v.code: v.label for v in feature.values}
        facets.append(
            Facet(
                feature.code, feature.label, feature.group, values | {NOT_GIVEN: _("Not given")}, _answer(feature.code)
            )
        )
    return facets


def _answer(code: str) -> Callable[[CaseRow], Sequence[str]]:
    return lambda row: [str(row.answers.get(code, NOT_GIVEN))]


def read_choice(facets: Iterable[Facet], query: Any) -> Chosen:
    """The choice of an address (a QueryDict). What it names that does not exist is left aside."""
    values = {f.code: frozenset(query.getlist(f.code)) & f.values.keys() for f in facets}
    return Chosen({code: said for code, said in values.items() if said}, _mm(query.get("from")), _mm(query.get("to")))


def _mm(text: str | None) -> float | None:
    try:
        value = float((text or "").replace(",", "."))
    except ValueError:
        return None
    return value if 0 <= value <= 1000 else None


def make_gallery(rows: Sequence[CaseRow], schema: FormSchema, facets: Sequence[Facet], chosen: Chosen) -> Gallery:
    """Choose and count. A value's count is of the cases that meet every other facet's choice: what a press would show."""
    counts: dict[str, Counter[str]] = {facet.code: Counter() for facet in facets}
    shown, outside = [], []
    for row in rows:
        failed = [f.code for f in facets if f.code in chosen.values and not chosen.values[f.code] & set(f.of(row))]
        in_range = _in_range(row, chosen)
        if not in_range and not failed:
            outside.append(row)
        if in_range and not failed:
            shown.append(row)
        if not in_range or len(failed) > 1:
            continue
        for facet in facets:
            if not failed or facet.code == failed[0]:
                counts[facet.code].update(facet.of(row))
    return Gallery(tuple(shown), tuple(outside), len(rows), _grouped(schema, facets, counts, chosen), chosen)


def _in_range(row: CaseRow, chosen: Chosen) -> bool:
    if not chosen.has_range:
        return True
    mm = row.answers.get(DIAMETER)
    return mm is not None and (chosen.low_mm or 0) <= mm <= (chosen.high_mm if chosen.high_mm is not None else mm)


def _grouped(
    schema: FormSchema, facets: Sequence[Facet], counts: Mapping[str, Counter[str]], chosen: Chosen
) -> tuple[FacetGroup, ...]:
    groups: list[tuple[str, Text]] = [("", ""), *((g.code, g.label) for g in schema.groups)]
    counted = [(f.group, _counted(f, counts[f.code], chosen.values.get(f.code, frozenset()))) for f in facets]
    made = [FacetGroup(code, label, tuple(c for g, c in counted if g == code)) for code, label in groups]
    return tuple(group for group in made if group.facets)


def _counted(facet: Facet, counts: Counter[str], chosen: frozenset[str]) -> CountedFacet:
    """Values that stand for a gap are listed only where there is one."""
    listed = [v for v in facet.values if v != NOT_GIVEN or counts[v] or v in chosen]
    return CountedFacet(
        facet.code, facet.label, tuple(Option(v, facet.values[v], counts[v], v in chosen) for v in listed)
    )


@dataclass(frozen=True, slots=True)
class Chip:
    """One choice made, and the address without it."""

    label: str
    query: str


def chips_of(gallery: Gallery) -> list[Chip]:
    chips = [
        Chip(f"{facet.label}: {option.label}" if facet.code != "centre" else str(option.label),
             gallery.chosen.query((facet.code, option.value)))
        for group in gallery.groups for facet in group.facets for option in facet.options if option.chosen
    ]  # fmt: skip
    for name, mm, words in (
        ("from", gallery.chosen.low_mm, _("from %g mm")),
        ("to", gallery.chosen.high_mm, _("to %g mm")),
    ):
        if mm is not None:
            chips.append(Chip(words % mm, gallery.chosen.query((name, "*"))))
    return chips
