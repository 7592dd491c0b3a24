"""What the page “Analyse a table” asks: two files, and how the intervals are had."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from annotations.analyses.tables.work import MAX_BYTES
from annotations.problems import InvalidSpec
from readers import analysis_choices as choices

SAME = ("strata", "statistics", "intervals_over", "resamples", "seed")  # as a spec has them


class TableForm(forms.Form):
    """`content`, `parsed`, `names` and `spec` are what the verb takes."""

    table = forms.FileField(
        label=_("Table"), widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        help_text=_("A CSV in UTF-8 with headings: a line a reading, or a line a case with a column a reader."),
        error_messages={"required": _("Choose the CSV of ratings."), "empty": _("This file is empty.")},
    )  # fmt: skip
    schema = forms.FileField(
        label=_("Schema"), widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        help_text=_("JSON that says what its columns are, see below."),
        error_messages={"required": _("Choose the schema of the table."), "empty": _("This file is empty.")},
    )  # fmt: skip
    title = forms.CharField(
        label=_("Title"), max_length=200, required=False, help_text=_("Left empty: the schema’s own.")
    )  # fmt: skip
    strata = choices.strata_field()
    statistics = choices.statistics_field()
    intervals_over = choices.over_field()
    level = choices.level_field()
    resamples = choices.resamples_field()
    seed = choices.seed_field()

    def clean_table(self) -> UploadedFile:
        return _not_larger(self.cleaned_data["table"])

    def clean_schema(self) -> UploadedFile:
        file = _not_larger(self.cleaned_data["schema"])
        self.parsed = parsed_schema(file)
        return file

    @property
    def unfolded(self) -> bool:
        return any(name in self.errors for name in (*SAME, "level"))

    @property
    def names(self) -> tuple[str, str]:
        return str(self.cleaned_data["table"].name), str(self.cleaned_data["schema"].name)

    @property
    def content(self) -> bytes:
        self.cleaned_data["table"].seek(0)
        return bytes(self.cleaned_data["table"].read())

    @property
    def spec(self) -> dict[str, Any]:
        """Of a valid form."""
        said = self.cleaned_data
        same = {entry: said[entry] for entry in SAME}
        return same | {"level": choices.level_of(said["level"])}

    def refuse(self, refusal: InvalidSpec) -> None:
        """What the verb refuses, beside the file or the entry it is about."""
        about = refusal.facts.get("file") or refusal.facts.get("entry", "")
        self.add_error(about if about in self.fields else None, refusal.detail)


def parsed_schema(file: UploadedFile) -> Any:
    """The JSON of an uploaded schema. Raises ValidationError that names the file and, of what is no JSON, the line."""
    try:
        return json.loads(file.read().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ValidationError(gettext("%(file)s: this is not UTF-8.") % {"file": file.name}) from None
    except RecursionError:
        raise ValidationError(gettext("%(file)s: this is no schema.") % {"file": file.name}) from None
    except json.JSONDecodeError as error:
        where = {"file": file.name, "line": error.lineno, "column": error.colno}
        text = gettext("%(file)s: line %(line)d, character %(column)d: this is no JSON.") % where
        raise ValidationError(text) from None


def _not_larger(file: UploadedFile) -> UploadedFile:
    if (file.size or 0) > MAX_BYTES:
        said = {"file": file.name, "n": MAX_BYTES >> 20}
        raise ValidationError(gettext("%(file)s: a table or schema has at most %(n)d MB.") % said)
    return file
