"""What the page of a study asks before an analysis."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from annotations.analyses.spec import DEFAULTS, LIMITS


class AnalyseForm(forms.Form):
    """Left empty, each is the default."""

    seed = forms.IntegerField(
        label=_("Seed"), required=False, min_value=int(LIMITS["seed"][0]), max_value=int(LIMITS["seed"][1]),
        widget=forms.NumberInput(attrs={"placeholder": DEFAULTS["seed"]}),
    )  # fmt: skip
    resamples = forms.IntegerField(
        label=_("Resamples"), required=False, min_value=int(LIMITS["resamples"][0]), max_value=int(LIMITS["resamples"][1]),
        widget=forms.NumberInput(attrs={"placeholder": DEFAULTS["resamples"]}),
    )  # fmt: skip

    @property
    def spec(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value is not None}
