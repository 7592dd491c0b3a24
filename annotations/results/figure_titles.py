"""The title of a stored figure in the language of the page, and its size; the figure itself keeps the English of its bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from annotations.analyses.arm_views import arm_views
from annotations.features import FormSchema
from annotations.results.figure_explained import figure_computed
from annotations.results.figure_size import figure_size

BLAND_ALTMAN, ROC = "bland-altman-", "roc-"


def figures_with_titles(document: Mapping[str, Any], form: FormSchema) -> list[dict[str, Any]]:
    """The document's figures with their place in it as `number`, a `title` to show, and `width` and `height` in px."""
    views = arm_views(document)
    labels = {view["arm"]["number"]: view["arm"]["label"] for view in views}
    return [
        {
            **f, "number": at, **dict(zip(("width", "height"), figure_size(f["spec"]), strict=True)),
            "title": ", ".join(part for part in (_title(f, form), labels.get(f["arm"], "")) if part),
        }
        for at, f in enumerate(document["figures"])
    ]  # fmt: skip


def shown_figure(figure: dict[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """One of them with what its button “How was this computed?” opens."""
    return figure | {"computed": figure_computed(document, figure["name"], figure["title"], figure["arm"])}


def _title(figure: Mapping[str, Any], form: FormSchema) -> str:
    name = str(figure["name"])
    if name.startswith(BLAND_ALTMAN):
        feature = form.feature(name.removeprefix(BLAND_ALTMAN)).label
        return _("Bland–Altman of each reader with the reference: %(feature)s") % {"feature": feature}
    if name.startswith(ROC):
        return _("ROC by reader: %(feature)s") % {"feature": form.feature(name.removeprefix(ROC)).label}
    titles = {
        "agreement": _("Agreement among readers, feature by feature"),
        "roc": _("ROC of the malignancy score by reader; marks: the call"),
        "masks": _("Dice of every mask with the reference; large marks: medians"),
    }
    return titles.get(name, str(figure["title"]))
