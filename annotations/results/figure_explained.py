"""“How was this computed?” of a whole picture: of all the figures that it is drawn from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from annotations.analyses.arm_views import arm_views
from annotations.results.cells import FigureCell
from annotations.results.explained import Explanation, statistic_of
from annotations.results.methods import method_in_words
from annotations.results.reasons import in_words

Json = Mapping[str, Any]
BLAND_ALTMAN, ROC = "bland-altman-", "roc"


def figure_computed(document: Json, name: str, title: str, arm: int | None = None) -> FigureCell | None:
    """What a picture's button opens; None where nothing of it is an estimate. `arm` is None where it shows every arm."""
    views = [view for view in arm_views(document) if arm in (None, view["arm"]["number"])]
    found = [estimate for view in views for estimate in _drawn_from(view, name)]
    if not found:
        return None
    return FigureCell(f"how-{name}-{arm or 0}", _("How was this computed?"), "", _explanation(found, title))


def _drawn_from(view: Json, name: str) -> Iterator[Json]:
    if name.startswith(BLAND_ALTMAN):
        parts = [part for part in view["features"] if part["code"] == name.removeprefix(BLAND_ALTMAN)]
        sides = [side for part in parts for side in part["against_reference"]]
        yield from (own["bland_altman"] for s in sides for own in s["by_centre"].values() if "bland_altman" in own)
    elif name == "masks":
        yield from (own["dice"] for part in view["masks"] or [] for own in part["by_centre"].values() if "dice" in own)
    elif name.startswith(ROC):
        yield from _areas(view, name.removeprefix(ROC).removeprefix("-"))


def _areas(view: Json, code: str) -> Iterator[Json]:
    if not code:
        readers = (view["pathology"] or {"readers": []})["readers"]
        yield from (own["auc"] for reader in readers for own in reader["by_centre"].values())
    for entry in view.get("accuracy") or []:
        if entry["code"] == code:
            yield from (reader["overall"]["auc"] for reader in entry["readers"] if "auc" in reader["overall"])


def _explanation(found: list[Json], title: str) -> Explanation:
    known = {statistic.name: statistic for e in found if (statistic := statistic_of(e["name"]))}
    pairs = [
        (_("From"), _counted(found)),
        (_("Interval"), _each(e["interval"] and _interval(e["interval"]) for e in found)),
        (_("Undefined"), _each(in_words(e["undefined"] or "") for e in found)),
        (_("Method"), _each(method_in_words(e["estimator"]) for e in found)),
    ]  # fmt: skip
    about = [(_("Assumes"), _each(_(s.assumes) for s in known.values())),
             (_("Source"), _each(s.reference for s in known.values()))]  # fmt: skip
    doi = next((s.doi for s in known.values() if s.doi), "")
    return Explanation(title, tuple(p for p in pairs if p[1]), (), doi, "", tuple(p for p in about if p[1]))


def _interval(interval: Json) -> str:
    return f"{100 * interval['level']:g} %, {method_in_words(interval['method'])}"


def _each(texts: Any) -> str:
    """Every text once."""
    return "; ".join(dict.fromkeys(text for text in texts if text))


def _counted(found: list[Json]) -> str:
    cases = [e["n"]["cases"] for e in found]
    said = ngettext("%(n)d figure", "%(n)d figures", len(found)) % {"n": len(found)}
    if min(cases) == max(cases):
        each = ngettext("%(n)d case each", "%(n)d cases each", cases[0]) % {"n": cases[0]}
    else:
        each = _("%(least)d to %(most)d cases each") % {"least": min(cases), "most": max(cases)}
    return f"{said}, {each}"
