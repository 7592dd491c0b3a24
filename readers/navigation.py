"""Which pages a person's bar shows, and which of them is home."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from annotations.querysets import is_curator, may_export
from readers.querysets import is_lead


@dataclass(frozen=True, slots=True)
class Entry:
    url_name: str
    label: Promise | str


WORKLIST = Entry("worklist", _("Worklist"))
TRAINING = Entry("training", _("Training"))
STUDIES = Entry("study_list", _("Studies"))
DATASETS = Entry("dataset_list", _("Datasets"))
IMPORTS = Entry("import_list", _("Imports"))
ANALYSES = Entry("analysis_list", _("Analyses"))
EXPORTS = Entry("export_list", _("Exports"))


def entries_for(user: Any) -> list[Entry]:
    """In the order of the day's work; a person of several roles has each entry once."""
    if not getattr(user, "is_authenticated", False):
        return []
    entries: list[Entry] = []
    if user.has_perm("readers.read_cases") and not user.is_superuser:
        entries += [WORKLIST]
    if user.has_perm("readers.train") and not user.is_superuser:
        entries += [TRAINING]
    if is_lead(user):
        entries += [STUDIES, DATASETS, ANALYSES, EXPORTS]
    if is_curator(user):
        entries += [DATASETS, IMPORTS, ANALYSES, EXPORTS]
    if may_export(user):
        entries += [DATASETS, ANALYSES, EXPORTS]
    return list(dict.fromkeys(entries))


def address(url_name: str, *args: Any) -> str:
    """The address of a page, or "" while no such page exists: nothing dead is shown."""
    try:
        return reverse(url_name, args=args)
    except NoReverseMatch:
        return ""


def home_of(user: Any) -> str:
    """The address of a person's home: the first page of the bar, else the person's own page."""
    pages = (address(entry.url_name) for entry in entries_for(user))
    return next((page for page in pages if page), "") or reverse("account")
