"""The form of an upload."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class _Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class ArchivesField(forms.FileField):
    """One or more files in one field; cleaned to a list."""

    widget = _Files

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files: Sequence[Any] = data if isinstance(data, list | tuple) else [data]
        return [super(ArchivesField, self).clean(one, initial) for one in files or [None]]


class ImportForm(forms.Form):
    archives = ArchivesField(
        label=gettext_lazy("Archives"),
        help_text=gettext_lazy(
            "Center 1.zip and Center 2.zip, as published, or one zip that holds them: an export goes in as it is."
        ),
        widget=_Files(attrs={"accept": ".zip", "multiple": True}),
    )
    spacing = forms.FileField(
        label=gettext_lazy("Scales"),
        required=False,
        help_text=gettext_lazy("If known: a CSV with centre, group, number, mm_per_px, source."),
        widget=forms.FileInput(attrs={"accept": ".csv"}),
    )
    dataset = forms.SlugField(
        label=gettext_lazy("Dataset"),
        help_text=gettext_lazy("Its short name, such as lymphus. A new name makes a new dataset."),
    )
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200, required=False,
                            help_text=gettext_lazy("Of a new dataset, as pages show it."))  # fmt: skip
    synthetic = forms.BooleanField(
        label=gettext_lazy("Synthetic"),
        required=False,
        help_text=gettext_lazy("Made by a program: said wherever it is shown. Of a new dataset only."),
    )

    def clean_archives(self) -> list[UploadedFile]:
        files: list[UploadedFile] = self.cleaned_data["archives"]
        size = sum(f.size or 0 for f in files)
        if size > settings.MAX_UPLOAD_BYTES:
            raise forms.ValidationError(
                _(
                    "The archives are %(n)d MB together; at most %(limit)d MB are taken. Larger ones: manage.py import_lymphus."
                )
                % {"n": size >> 20, "limit": settings.MAX_UPLOAD_BYTES >> 20}
            )
        return files
