"""Agreement feature by feature, among the readers or of each with the reference reading, with its forest plot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from annotations.analyses.headline import against, among
from annotations.features import Feature, FormSchema
from annotations.results.explained import Explanation, explain
from annotations.results.numbers import number, percent, with_interval
from annotations.results.reasons import in_words
from annotations.results.scale import Mark, Scale, mark_of, scale_for
from annotations.results.sides import long

Json = Mapping[str, Any]
OVERALL = "overall"
ROW_PX, READER_PX = 22, 11


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure: its words, why it is undefined, and what its popover says."""

    id: str
    text: str
    short: str
    undefined: str
    explanation: Explanation
    beside: tuple[tuple[str, str], ...]
    one: str
    two: str
    apart: int | None


@dataclass(frozen=True, slots=True)
class Row:
    code: str
    label: str
    statistic: str
    n: int
    agree: str
    cells: tuple[Cell, ...]
    marks: tuple[Mark, ...]
    height: int


@dataclass(frozen=True, slots=True)
class Table:
    """`groups` are (label, rows); `sides` the readers' numbers, or one "" for the readers together."""

    scale: Scale
    groups: tuple[tuple[str, tuple[Row, ...]], ...]
    sides: tuple[str, ...]
    overall_is: str


def among_readers(document: Json, form: FormSchema, of: str) -> Table:
    """Fleiss' kappa or ICC(2,1) of all readers, with percent agreement, alpha and AC1 beside."""
    figures = {part["code"]: figures_at(part["among_readers"], of) for part in document["features"]}
    scale = scale_for(figures[part["code"]][among(part, figures[part["code"]])] for part in document["features"])
    rows = {}
    for part in document["features"]:
        found = figures[part["code"]]
        name = among(part, found)
        label = str(form.feature(part["code"]).label)
        levels = _levels(form.feature(part["code"]))
        cell = _cell(f"a-{part['code']}", found, name, label, document, levels, apart=_apart_of_any(part))
        mark = mark_of(found[name], scale, y=ROW_PX / 2, shape=_shape(name))
        agree = percent(found["percent"]["value"]) if "percent" in found else ""
        row = Row(part["code"], label, statistic_of(name, found[name]), found[name]["n"]["cases"], agree, (cell,),
                  (mark,) if mark else (), ROW_PX)  # fmt: skip
        rows[part["code"]] = row
    return Table(scale, _grouped(form, rows), ("",), _overall_is(document))


def with_reference(document: Json, form: FormSchema, of: str) -> Table:
    """Each reader's Cohen's kappa or CCC with the reference reading, one mark a reader."""
    sides = [str(reader["number"]) for reader in document["went_in"]["readers"]]
    parts = document["features"]
    figures = {p["code"]: [figures_at(side, of) for side in p["against_reference"]] for p in parts}
    scale = scale_for(found[against(part, found)] for part in parts for found in figures[part["code"]])
    rows = {}
    height = max(ROW_PX, READER_PX * len(sides) + 4)
    for part in parts:
        label, name = str(form.feature(part["code"]).label), against(part, figures[part["code"]][0])
        cells, marks, levels = [], [], _levels(form.feature(part["code"]))
        for at, (side, found) in enumerate(zip(sides, figures[part["code"]], strict=True)):
            title = _("%(feature)s, %(reader)s and the reference") % {"feature": label, "reader": long(side)}
            apart = _apart_of_pair(part, side)
            cells.append(
                _cell(
                    f"r-{part['code']}-{side}",
                    found,
                    name,
                    title,
                    document,
                    levels,
                    one=side,
                    two="reference",
                    apart=apart,
                )
            )
            y = 2 + READER_PX * (at + 0.5) + (height - 4 - READER_PX * len(sides)) / 2
            marks.append(mark_of(found[name], scale, y=y, shape=_shape(name), number=at % 8 + 1))
        n = max(found[name]["n"]["cases"] for found in figures[part["code"]])
        rows[part["code"]] = Row(part["code"], label, statistic_of(name, figures[part["code"]][0][name]), n, "", tuple(cells),
                                 tuple(m for m in marks if m), height)  # fmt: skip
    return Table(scale, _grouped(form, rows), tuple(sides), _overall_is(document))


def has_among(document: Json) -> bool:
    """Whether readers were compared with each other."""
    return any(part["among_readers"] for part in document["features"])


def has_reference(document: Json) -> bool:
    """Whether anything was compared with a reference."""
    return any(part["against_reference"] for part in document["features"])


def statistic_of(name: str, estimate: Json) -> str:
    """What a headline is called; interchangeable readers have the one-way ICC."""
    if name == "icc" and estimate["estimator"].startswith("ICC(1)"):
        return "ICC(1,1)"
    return words_of_statistics()[name]


def figures_at(found: Json, of: str) -> Json:
    """The figures over the centres, or those of one centre."""
    figures: Json = found[OVERALL] if of == OVERALL else found["by_centre"][of]
    return figures


def words_of_statistics() -> dict[str, str]:
    """What each statistic is called, in the language of the request."""
    return {
        "icc": "ICC(2,1)", "fleiss": _("Fleiss κ"), "kappa": _("Cohen κ"), "ccc": _("Lin CCC"), "ac1": _("Gwet AC1"),
        "ac2": _("Gwet AC2"),
        "alpha": _("Krippendorff α"), "percent": _("Agree"), "positive": _("Positive agreement"),
        "negative": _("Negative agreement"), "alpha_with_cannot_assess": _("α, “cannot assess” as a category"),
        "alpha_without_cannot_assess": _("α, without “cannot assess”"), "weighted_kappa": _("Weighted κ"),
        "weighted_fleiss": _("Weighted Fleiss κ"), "assessability": _("Agree on assessability"), "bland_altman": _("Bias"),
    }  # fmt: skip


def _cell(id: str, found: Json, name: str, title: str, document: Json, levels: Mapping[str, str], *, one: str = "", two: str = "",
          apart: int | None = None) -> Cell:  # fmt: skip
    estimate = found[name]
    words = words_of_statistics()
    beside = [
        (words.get(other, _specific(other, levels)), _beside(other, e)) for other, e in found.items() if other != name
    ]
    extra = found["bland_altman"]["extra"] if "bland_altman" in found else {}
    if "loa_low" in extra:  # one centre's: limits over several are not combined
        beside.append((_("Limits of agreement"), f"{number(extra['loa_low'])} … {number(extra['loa_high'])}"))
    title = f"{words[name]}, {title}"
    return Cell(
        id, with_interval(estimate, most=1.0), number(estimate["value"]) or "—", in_words(estimate["undefined"] or ""),
        explain(estimate, title, seed=document["spec"]["seed"]), tuple(beside), one, two, apart,
    )  # fmt: skip


def _beside(name: str, estimate: Json) -> str:
    if estimate["value"] is None:
        return in_words(estimate["undefined"])
    # a bias has a unit and no end; all else ends at 1
    return with_interval(estimate) if name == "bland_altman" else with_interval(estimate, most=1.0)


def _specific(key: str, levels: Mapping[str, str]) -> str:
    code = key.removeprefix("specific:")
    return _("Agreement on “%(level)s”") % {"level": levels.get(code, code)}


def _levels(feature: Feature) -> dict[str, str]:
    """What the categories are called; "cannot assess" is one where the spec says so."""
    return {value.code: str(value.label) for value in feature.values} | {"cannot_assess": _("cannot assess")}


def _shape(name: str) -> str:
    return "diamond" if name in ("icc", "ccc") else "square"


def _apart_of_pair(part: Json, side: str) -> int | None:
    if part["pairs"] is None:
        return None
    return next(len(cell["apart"]) for cell in part["pairs"]["cells"] if cell["readers"] == [side, "reference"])


def _apart_of_any(part: Json) -> int | None:
    if part["pairs"] is None:
        return None
    return len(
        {case for cell in part["pairs"]["cells"] if "reference" not in cell["readers"] for case in cell["apart"]}
    )


def _grouped(form: FormSchema, rows: Mapping[str, Row]) -> tuple[tuple[str, tuple[Row, ...]], ...]:
    found = []
    for group in form.groups:
        own = tuple(rows[f.code] for f in form.features if f.group == group.code and f.code in rows)
        if own:
            found.append((str(group.label), own))
    return tuple(found)


def _overall_is(document: Json) -> str:
    first = next(iter(document["features"]), None)
    found = first and next((part for part in (first["among_readers"], *first["against_reference"]) if part), None)
    return str(found["overall_is"]) if found else ""
