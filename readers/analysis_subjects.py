"""What is analysed, as the page that asks has it: a closed study, or a version of a dataset without one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from annotations.analyses.other_sets import other_sets
from annotations.analyses.other_sets import reference_sets as sets_of_version
from annotations.features import FormSchema, form_schema
from annotations.models import DatasetVersion, ReferenceSet
from readers.analyses import known_of, reference_sets
from readers.models import Study
from readers.people import name_of


@dataclass(frozen=True, slots=True)
class Subject:
    """`readers` are numbers and names, none where there is no reading but the reference; `references` ids and names, the own
    one first, which a spec calls null. `number_of` a reference says which of the readers it is: never compared with itself."""

    title: str
    page: str  # where its own page is
    form: FormSchema
    readers: list[tuple[int, str]]
    arms: list[Any]
    references: list[tuple[str, Any]]
    number_of: Mapping[str, int] = field(default_factory=dict)
    of_version: bool = False


def subject_of_study(study: Study) -> Subject:
    """The readers who stayed and the arms of the study."""
    known = known_of(study)
    return Subject(
        study.title,
        reverse("study_detail", args=[study.public_id]),
        form_schema(study.form_version),
        [(number, name) for number, name in _reader_names(study) if number in known.readers],
        [arm for arm in study.arms.order_by("number") if arm.number in known.arms],
        _references(study.reference_set, list(reference_sets(study)), _("%(name)s (the study’s)")),
    )


def subject_of_version(version: DatasetVersion) -> Subject:
    """The reference sets of the dataset; each is a reader unless it is the reference."""
    own, sets = version.reference_set, list(sets_of_version(version))
    others = other_sets(version, own).by_number
    compared = [each for each in sets if each.number in others or each == own] if others else []
    return Subject(
        str(version),
        reverse("dataset_description", args=[version.dataset.slug]),
        form_schema(version.dataset.form_version),
        [(each.number, _("%(n)d, %(name)s") % {"n": each.number, "name": each.name}) for each in compared],
        [],
        _references(own, sets, _("%(name)s (the version’s)")),
        {"" if each == own else each.public_id: each.number for each in sets},
        of_version=True,
    )


def _reader_names(study: Study) -> list[tuple[int, str]]:
    return [
        (place.number, _("%(n)d, %(name)s") % {"n": place.number, "name": name_of(place.user)})
        for place in study.places.select_related("user").order_by("number")
    ]


def _references(own: ReferenceSet | None, sets: list[ReferenceSet], of_it: str) -> list[tuple[str, Any]]:
    first = of_it % {"name": own.name} if own else _("none")
    return [("", first), *((each.public_id, each.name) for each in sets if each != own)]
