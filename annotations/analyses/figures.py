"""The figures of a result as Vega-Lite specifications, stored with it: the page and the server draw the same ones.

Words are English here, whoever asks: the result's bytes may not depend on a person's language.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import override

from annotations.analyses.arm_views import arm_views
from annotations.analyses.figure_bland_altman import bland_altman_figures
from annotations.analyses.figure_forest import forest_figure
from annotations.analyses.figure_masks import masks_figure
from annotations.analyses.figure_roc import roc_figures
from annotations.features import FormSchema

Json = dict[str, Any]


def figures_of(document: Json, form: FormSchema) -> list[Json]:
    """[{"name", "title", "arm", "spec"}] of what the document holds, in the order of the page; `arm` is null where a figure
    shows every arm, or there is only one."""
    with override("en"):
        labels = {feature.code: str(feature.label) for feature in form.features}
    views = arm_views(document)
    found = [_of_arm(forest_figure(view, labels), view, views) for view in views]
    found += roc_figures(document, labels)
    for view in views:
        own = [*bland_altman_figures(view, labels), masks_figure(view)]
        found += [_of_arm(figure, view, views) for figure in own]
    return [figure for figure in found if figure]


def _of_arm(figure: Json, view: Json, views: list[Json]) -> Json:
    if not figure or len(views) == 1:
        return figure and figure | {"arm": None}
    arm = view["arm"]
    return {**figure, "title": f"{figure['title']}, {arm['label']}", "arm": arm["number"]}
