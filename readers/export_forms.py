"""What is exported, and in which form: only what this person may have is offered."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from annotations.models import DatasetVersion, Export
from annotations.querysets import sees_cases
from readers.models import Study


class ExportForm(forms.Form):
    """`chosen` is the study or dataset version that was picked."""

    subject = forms.ChoiceField(label=_("What"))
    format = forms.ChoiceField(label=_("Form"), choices=Export.Format.choices)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        studies = list(Study.objects.exportable_by(user).order_by("-locked_at", "-pk"))
        versions: list[DatasetVersion] = []
        if sees_cases(user):
            listed = DatasetVersion.objects.visible_to(user).select_related("dataset").defer("manifest")
            versions = list(listed.order_by("dataset__title", "-number", "pk"))
        self._subjects: dict[str, Study | DatasetVersion] = {f"study:{s.public_id}": s for s in studies}
        self._subjects |= {f"version:{v.public_id}": v for v in versions}
        groups = []
        if studies:
            groups.append((_("Readings of a closed study"), [(f"study:{s.public_id}", s.title) for s in studies]))
        if versions:
            groups.append(
                (_("Dataset with reference readings"), [(f"version:{v.public_id}", str(v)) for v in versions])
            )
        field: Any = self.fields["subject"]
        field.choices = groups

    @property
    def offers(self) -> bool:
        return bool(self._subjects)

    @property
    def chosen(self) -> Study | DatasetVersion:
        return self._subjects[self.cleaned_data["subject"]]
