"""What a page asks before the analysis of a study or a dataset version: every entry of a spec, each at its default until it is
changed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from annotations.analyses.spec import DEFAULTS, LIMITS, VERSION
from annotations.features import FormSchema
from annotations.problems import InvalidSpec
from readers import analysis_choices as choices
from readers.analysis_comparisons import (
    FIRST_ROWS,
    MOST_ROWS,
    add_comparison_fields,
    add_primary_fields,
    comparisons_said,
    primary_said,
)
from readers.analysis_subjects import Subject

# what is said as it stands; the rest is put into words below
AS_SAID = ("masks", "pathology", "revisions", "cannot_assess", "strata", "weights", "resamples", "seed",
           "intervals_over")  # fmt: skip
FOLDED = ("revisions", "reference", "statistics", "weights", "intervals_over", "level", "resamples", "seed",
          "nsd_tolerance_mm", "primary", "primary_feature")  # fmt: skip
# nothing of these can be asked where there is no reading but the reference
OF_READERS = ("readers", "arms", "masks", "pathology", "cannot_assess", "strata", "revisions", "statistics", "weights",
              "intervals_over", "resamples", "seed", "nsd_tolerance_mm")  # fmt: skip


class AnalyseForm(forms.Form):
    """Of one subject. `spec` is what REST would be sent for the same choices."""

    features = choices.Several(
        label=_("Features"), error_messages={"required": _("Tick what is compared: one feature at least.")}
    )
    masks = forms.BooleanField(label=_("Masks"), required=False, initial=DEFAULTS["masks"])
    pathology = forms.BooleanField(
        label=_("Accuracy against the pathology"), required=False, initial=DEFAULTS["pathology"]
    )
    readers = choices.Numbers(label=_("Readers"), error_messages={"required": _("Tick whose readings go in.")})
    arms = choices.Numbers(label=_("Arms"), error_messages={"required": _("Tick which arms go in.")})
    cannot_assess = forms.ChoiceField(
        label=_("“Cannot assess”"), widget=forms.RadioSelect, initial=DEFAULTS["cannot_assess"],
        choices=[("exclude", _("leaves the pair out; with an own category beside it")),
                 ("own_category", _("is a category of its own"))],
    )  # fmt: skip
    strata = choices.strata_field()
    revisions = forms.ChoiceField(
        label=_("Readings opened again"), widget=forms.RadioSelect, initial=DEFAULTS["revisions"],
        choices=[("latest", _("what they say now")), ("first", _("what they said first"))],
    )  # fmt: skip
    reference = forms.ChoiceField(label=_("Reference"), required=False)
    statistics = choices.statistics_field()
    weights = forms.ChoiceField(
        label=_("Weights of ordinal features"), widget=forms.RadioSelect, initial=DEFAULTS["weights"],
        choices=[("quadratic", _("quadratic")), ("linear", _("linear"))],
    )  # fmt: skip
    intervals_over = choices.over_field()
    level = choices.level_field()
    resamples = choices.resamples_field()
    seed = choices.seed_field()
    nsd_tolerance_mm = forms.FloatField(
        label=_("Tolerance of NSD, mm"), initial=DEFAULTS["nsd_tolerance_mm"], min_value=LIMITS["nsd_tolerance_mm"][0],
        max_value=LIMITS["nsd_tolerance_mm"][1],
        help_text=_("How far two outlines may be apart and still count as one surface."),
    )  # fmt: skip

    def __init__(self, *args: Any, subject: Subject, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subject, self.schema = subject, subject.form
        fields: dict[str, Any] = self.fields
        _offer(fields["features"], _grouped(self.schema), list(self.schema.codes))
        fields["reference"].choices = subject.references
        # of a version one of them is the reference: two others are three
        self.rows = 0 if subject.of_version and len(subject.readers) < 3 else self._rows_asked()
        if subject.readers:
            self._ask_of_readers(fields)
        else:
            for name in (*OF_READERS, *(["reference"] if len(subject.references) < 2 else [])):
                del fields[name]

    def _ask_of_readers(self, fields: dict[str, Any]) -> None:
        readers, arms = self.subject.readers, self.subject.arms
        _offer(fields["readers"], readers, [number for number, _name in readers])
        if self.subject.of_version:
            fields["readers"].label = _("Readings compared")
            fields["readers"].help_text = _("The set that is the reference is not compared with itself.")
            fields["pathology"].label = _("Features, scores and calls against the pathology")
        _offer(fields["arms"], [(arm.number, arm.label) for arm in arms], [arm.number for arm in arms])
        if len(arms) < 2:
            del fields["arms"]
        if self.rows:
            add_comparison_fields(self, readers, self.rows)
            add_primary_fields(self, arms, [(f.code, f.label) for f in self.schema.categorical], self.rows)

    def _rows_asked(self) -> int:
        """How many comparisons the page offers; one more when its button for that was pressed."""
        said = self.data.get("rows", "")
        rows = int(said) if said.isdecimal() and len(said) < 4 else FIRST_ROWS
        return max(FIRST_ROWS, min(MOST_ROWS, rows + ("more" in self.data)))

    @property
    def comparison_rows(self) -> list[tuple[Any, Any, Any]]:
        return [(self[f"one_{at}"], self[f"two_{at}"], self[f"planned_{at}"]) for at in range(self.rows)]

    @property
    def unfolded(self) -> bool:
        """Whether something in the part that is folded away at first is refused, or was being filled in."""
        own = (*FOLDED, *(f"{name}_{at}" for at in range(self.rows) for name in ("one", "two", "planned")))
        return any(name in self.errors for name in own) or "more" in self.data

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("readers") is not None:
            reference = self.subject.number_of.get(said.get("reference") or "")
            said["readers"] = [number for number in said["readers"] if number != reference]
            if not said["readers"]:
                self.add_error("readers", _("Tick whose readings go in."))
        said["comparisons"], places = comparisons_said(self, self.rows)
        said["primary"] = primary_said(self, places)
        return said

    @property
    def spec(self) -> dict[str, Any]:
        """Of a valid form."""
        said = self.cleaned_data
        return {
            "version": VERSION,
            **{entry: said.get(entry, DEFAULTS[entry]) for entry in AS_SAID},
            "features": said["features"],
            "readers": said.get("readers"),
            "arms": said.get("arms"),
            "reference": said.get("reference") or None,
            "statistics": said.get("statistics"),
            "level": choices.level_of(said["level"]),
            "nsd_tolerance_mm": said.get("nsd_tolerance_mm", DEFAULTS["nsd_tolerance_mm"]),
            "comparisons": said["comparisons"],
            "primary": said["primary"],
        }

    def refuse(self, refusal: InvalidSpec) -> None:
        """What the verb refuses, beside the field it is about."""
        entry = refusal.facts.get("entry", "")
        field = "two_0" if entry == "comparisons" else entry
        self.add_error(field if field in self.fields else None, refusal.detail)


def _offer(field: forms.MultipleChoiceField, offered: Any, ticked: list[Any]) -> None:
    field.choices, field.initial = offered, ticked


def _grouped(schema: FormSchema) -> list[tuple[Any, list[tuple[str, Any]]]]:
    return [
        (group.label, [(f.code, f.label) for f in schema.features if f.group == group.code]) for group in schema.groups
    ]
