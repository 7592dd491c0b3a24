"""The forms of a study: making one in one page, adding a reader, and the second question before the lock."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.forms.boundfield import BoundWidget
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from annotations.models import DatasetVersion
from readers.case_choice import CaseRule, Extent, centres_of, extents, versions_for
from readers.models import Study
from readers.people import candidates_for, candidates_of, name_of, purposes_of_candidates

ALL, SAMPLE = "all", "sample"
_HEADINGS = {
    ("study",): _("Readers"),
    ("training",): _("Trainees"),
    ("study", "training"): _("Readers and trainees"),
}


@dataclass(frozen=True, slots=True)
class PeopleGroup:
    """Those of one role: a heading, what they read for, and their boxes to tick."""

    heading: str
    purposes: tuple[str, ...]
    choices: list[BoundWidget]


class People(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return name_of(obj)


class StudyForm(forms.ModelForm):
    """A whole study in one page. `rule` and `protocol` are what `create_study_by_rule` takes."""

    version = forms.ChoiceField(
        label=_("Dataset"), widget=forms.RadioSelect, error_messages={"required": _("Choose what is read.")}
    )
    take = forms.ChoiceField(
        label=_("Take"),
        widget=forms.RadioSelect,
        initial=ALL,
        choices=[(ALL, _("all cases that match")), (SAMPLE, _("a random sample of them"))],
    )
    sample_size = forms.IntegerField(label=_("Size of the sample"), min_value=1, required=False)
    centres = forms.TypedMultipleChoiceField(
        label=_("Only from"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: from every centre."),
    )
    without_marked = forms.BooleanField(
        label=_("Leave out marked images"),
        required=False,
        help_text=_("Images on which a curator saw arrows, calipers or text."),
    )
    readers = People(
        label=_("Who reads"),
        queryset=User.objects.none(),
        required=False,
        help_text=_("Studies take readers, training takes trainees. Readers can be added later, too."),
    )
    seed = forms.IntegerField(
        label=_("Seed"),
        required=False,
        min_value=0,
        max_value=2**63 - 1,
        help_text=_("Of the sample and of each reader's order. Empty: drawn now. It is kept and shown either way."),
    )

    class Meta:
        model = Study
        fields = ["title", "description", "purpose", "feedback", "ask_prominent", "score_style", "exposed_readers"]
        widgets = {
            "description": forms.Textarea(attrs={"rows": 2}),
            "purpose": forms.RadioSelect,
            "feedback": forms.RadioSelect,
            "ask_prominent": forms.RadioSelect,
            "score_style": forms.RadioSelect,
            "exposed_readers": forms.RadioSelect,
        }
        error_messages = {"title": {"required": _("A study has a title; readers see it on their worklist.")}}
        help_texts = {
            "description": _("One sentence for the readers. They see it before they have read: nothing that gives away."),
            "feedback": _("In a study feedback after each case spoils the cases for their reader; in training it is the point."),
            "exposed_readers": _("Readers who have been shown a case's pathology, reference or feedback."),
        }  # fmt: skip

    def __init__(self, *args: Any, lead: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.versions: dict[str, DatasetVersion] = {v.public_id: v for v in versions_for(lead)}
        known = extents(list(self.versions.values()))
        labels = [(public_id, _version_label(v, known[v.pk])) for public_id, v in self.versions.items()]
        fields: dict[str, Any] = self.fields
        fields["version"].choices = labels
        fields["version"].initial = labels[0][0] if labels else None
        fields["centres"].choices = centres_of(list(self.versions.values()))
        fields["readers"].queryset = candidates_for(lead)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("take") == SAMPLE and not cleaned.get("sample_size") and "sample_size" not in self.errors:
            self.add_error("sample_size", _("Say how many cases the sample has."))
        return cleaned

    @property
    def people(self) -> list[PeopleGroup]:
        """Who can be ticked, by role; those of the chosen purpose first, then those who do both."""
        reads = purposes_of_candidates()
        boxes: dict[tuple[str, ...], list[BoundWidget]] = {}
        for box in self["readers"].subwidgets:
            boxes.setdefault(reads[int(str(box.data["value"]))], []).append(box)
        chosen = self["purpose"].value()
        order = sorted(boxes, key=lambda purposes: (chosen not in purposes, len(purposes)))
        return [PeopleGroup(str(_HEADINGS[purposes]), purposes, boxes[purposes]) for purposes in order]

    @property
    def rule(self) -> CaseRule:
        said = self.cleaned_data
        return CaseRule(
            sample_size=said["sample_size"] if said["take"] == SAMPLE else None,
            centres=tuple(sorted(said["centres"])),
            without_marked=said["without_marked"],
            seed=secrets.randbelow(10**9) if said["seed"] is None else said["seed"],
        )

    @property
    def protocol(self) -> dict[str, Any]:
        said = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return said | {
            "dataset_version": self.versions[self.cleaned_data["version"]],
            "readers": list(self.cleaned_data["readers"]),
        }


class AddReaderForm(forms.Form):
    reader = forms.ModelChoiceField(
        label=_("Reader"),
        queryset=User.objects.none(),
        error_messages={"required": _("Choose who is to read.")},
    )

    def __init__(self, *args: Any, study: Study, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["reader"]
        field.queryset = candidates_of(study)
        field.label_from_instance = name_of


class LockForm(forms.Form):
    """The second question. `submitted` is the count the lead was shown: if it has changed, it is asked again."""

    sure = forms.BooleanField(
        label=_("I know that this is final."),
        error_messages={"required": _("Tick this to say that you mean it.")},
    )
    submitted = forms.IntegerField(widget=forms.HiddenInput)


def _version_label(version: DatasetVersion, extent: Extent) -> str:
    cases = ngettext("%(n)d case", "%(n)d cases", extent.cases) % {"n": extent.cases}
    parts = [str(version), cases, *(f"{name}: {count}" for name, count in extent.by_centre)]
    if extent.marked:
        parts.append(ngettext("%(n)d marked", "%(n)d marked", extent.marked) % {"n": extent.marked})
    if version.dataset.synthetic:
        parts.append(str(_("synthetic images")))
    return " · ".join(parts)
