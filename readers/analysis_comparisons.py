"""The part of the page of an analysis that asks which readers and arms are compared, and for the primary endpoint."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from annotations.analyses.spec import ENDPOINTS
from readers.analysis_choices import ENDPOINT_LABELS

FIRST_ROWS, MOST_ROWS = 1, 40
Json = dict[str, Any]


def add_comparison_fields(form: forms.Form, readers: list[tuple[int, str]], rows: int) -> None:
    """`one_0`, `two_0`, `planned_0`, … with the readers' numbers and names."""
    choices = [("", "—"), *((str(number), name) for number, name in readers)]
    for at in range(rows):
        names = {"n": at + 1}
        one, two = gettext("Comparison %(n)d: reader") % names, gettext("Comparison %(n)d: less reader") % names
        for name, label in ((f"one_{at}", one), (f"two_{at}", two)):
            widget = forms.Select(attrs={"aria-label": label})
            form.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False, widget=widget)
        form.fields[f"planned_{at}"] = forms.BooleanField(label=gettext("planned"), required=False)


def add_primary_fields(form: forms.Form, arms: list[Any], features: list[tuple[str, Any]], rows: int) -> None:
    """`primary`: of which comparison, or which endpoint of which arms; `primary_feature` of a comparison of readers."""
    choices: list[tuple[str, Any]] = [("", gettext("none"))]
    choices += [(f"comparison {at}", gettext("of comparison %(n)d") % {"n": at + 1}) for at in range(rows)]
    choices += [
        (f"{one.number} {two.number} {name}", f"{ENDPOINT_LABELS[name]}: {two.label} – {one.label}")
        for one, two in combinations(arms, 2)
        for name in ENDPOINTS
    ]
    form.fields["primary"] = forms.ChoiceField(label=_("Primary endpoint"), choices=choices, required=False)
    form.fields["primary_feature"] = forms.ChoiceField(
        label=_("its feature"), choices=[("", "—"), *features], required=False
    )


def comparisons_said(form: forms.Form, rows: int) -> tuple[list[Json], dict[int, int]]:
    """The comparisons as a spec has them, and of each filled row its place among them. Adds errors beside the fields."""
    found: list[Json] = []
    places: dict[int, int] = {}
    for at in range(rows):
        one, two = (form.cleaned_data.get(name) for name in (f"one_{at}", f"two_{at}"))
        if not one and not two:
            continue
        if not one or not two or one == two:
            form.add_error(f"two_{at}", _("A comparison is of two different readers."))
            continue
        places[at] = len(found)
        found.append({"readers": [int(one), int(two)], "planned": bool(form.cleaned_data.get(f"planned_{at}"))})
    return found, places


def primary_said(form: forms.Form, places: dict[int, int]) -> Json | None:
    """The primary endpoint as a spec has it. Adds an error beside the field that lacks something."""
    said = form.cleaned_data.get("primary") or ""
    if not said:
        return None
    first, *rest = said.split(" ")
    if first != "comparison":
        return {"arms": [int(first), int(rest[0])], "endpoint": rest[1]}
    feature = form.cleaned_data.get("primary_feature")
    if int(rest[0]) not in places:
        form.add_error("primary", _("This comparison names no readers."))
    elif not feature:
        form.add_error("primary_feature", _("Say which feature of that comparison."))
    else:
        return {"comparison": places[int(rest[0])], "feature": feature}
    return None
