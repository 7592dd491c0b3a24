"""What a spec may choose, in words: the one place where the pages that ask for an analysis have them from."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from annotations.analyses.coefficients import STATISTICS
from annotations.analyses.spec import DEFAULTS, LIMITS
from annotations.features import Text

STATISTIC_LABELS: dict[str, Text] = {
    "percent": _("percent agreement"),
    "specific": _("positive and negative agreement, agreement on each category"),
    "ac1": _("Gwet’s AC1"),
    "ac2": _("Gwet’s AC2 (ordinal features)"),
    "alpha": _("Krippendorff’s α"),
    "weighted": _("weighted κ (ordinal features)"),
    "bland_altman": _("Bland–Altman"),
    "assessability": _("agreement on assessability"),
}
ENDPOINT_LABELS: dict[str, Text] = {
    "auc": _("AUC"),
    "sensitivity": _("sensitivity"),
    "specificity": _("specificity"),
}
OVER = [
    ("cases", _("these readers, cases like these")),
    ("readers", _("readers like these, these cases")),
    ("both", _("readers and cases like these")),
]
STRATA = [("centre", _("by centre, and stratified over the centres")), ("none", _("all cases pooled"))]


class Several(forms.MultipleChoiceField):
    """Boxes, all ticked at first. The value is None where all are: that is how a spec says “all”."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> Any:
        chosen = super().clean(value)
        codes = [str(code) for code, _label in _flat(self.choices)]
        return None if set(chosen) == set(codes) else [code for code in codes if code in chosen]


class Numbers(Several):
    """The same of whole numbers."""

    def clean(self, value: Any) -> Any:
        chosen = super().clean(value)
        return None if chosen is None else [int(number) for number in chosen]


def statistics_field() -> Several:
    """Ticked are those that are computed beside the headlines."""
    return Several(
        label=_("Statistics"),
        choices=[(name, STATISTIC_LABELS[name]) for name in STATISTICS],
        initial=list(STATISTICS),
        required=False,
        help_text=_(
            "Beside what always is there: Fleiss’ κ and Cohen’s κ of categories, ICC(2,1) and CCC of measurements."
        ),
    )


def strata_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Centres"), choices=STRATA, initial=DEFAULTS["strata"], widget=forms.RadioSelect
    )  # fmt: skip


def over_field() -> forms.ChoiceField:
    """Whom the intervals of agreement among readers are of."""
    return forms.ChoiceField(
        label=_("Intervals among readers hold for"), choices=OVER, initial=DEFAULTS["intervals_over"], widget=forms.RadioSelect,
        help_text=_("Readers like these: each reader is left out in turn, which takes five at least."),
    )  # fmt: skip


def level_field() -> forms.DecimalField:
    """In per cent; a spec has it as a part of one: see `level_of`."""
    low, high = (Decimal(str(limit)) * 100 for limit in LIMITS["level"])
    initial = (Decimal(str(DEFAULTS["level"])) * 100).normalize()
    return forms.DecimalField(
        label=_("Level of the intervals, %"), initial=initial, min_value=low, max_value=high
    )  # fmt: skip


def level_of(per_cent: Decimal) -> float:
    return float(per_cent / 100)


def whole_number_field(entry: str, label: Any, help_text: Any) -> forms.IntegerField:
    low, high = LIMITS[entry]
    return forms.IntegerField(
        label=label, initial=DEFAULTS[entry], min_value=int(low), max_value=int(high), help_text=help_text
    )


def resamples_field() -> forms.IntegerField:
    return whole_number_field("resamples", _("Resamples"), _("Of every bootstrap: 200 to 20,000."))


def seed_field() -> forms.IntegerField:
    return whole_number_field("seed", _("Seed"), _("The same seed and readings give the same bytes."))


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    """Choices without their groups."""
    found: list[tuple[Any, Any]] = []
    for value, label in choices:
        found += _flat(label) if isinstance(label, list | tuple) else [(value, label)]
    return found
