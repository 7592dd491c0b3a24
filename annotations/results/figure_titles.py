"""The title of a stored figure in the language of the page; the figure itself keeps the English of its bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from annotations.features import FormSchema

BLAND_ALTMAN = "bland-altman-"


def figures_with_titles(document: Mapping[str, Any], form: FormSchema) -> list[dict[str, Any]]:
    """The document's figures with their place in it as `number` and a `title` to show."""
    return [{**f, "number": at, "title": _title(f, form)} for at, f in enumerate(document["figures"])]


def _title(figure: Mapping[str, Any], form: FormSchema) -> str:
    name = str(figure["name"])
    if name.startswith(BLAND_ALTMAN):
        feature = form.feature(name.removeprefix(BLAND_ALTMAN)).label
        return _("Bland–Altman of each reader with the reference, by centre: %(feature)s") % {"feature": feature}
    titles = {
        "agreement": _("Agreement among readers, feature by feature"),
        "roc": _("ROC of the malignancy score by reader and centre; dots: the call"),
        "masks": _("Dice of every mask with the reference; diamonds: medians"),
    }
    return titles.get(name, str(figure["title"]))
