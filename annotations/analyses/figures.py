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
    found = roc_figures(document, labels)
    for view in views:
        own = [forest_figure(view, labels), *bland_altman_figures(view, labels), masks_figure(view)]
        arm = view["arm"]["number"] if len(views) > 1 else None
        label = f", {view['arm']['label']}" if len(views) > 1 else ""
        found += [{**figure, "title": figure["title"] + label, "arm": arm} for figure in own if figure]
    return found
