"""Which cases of a dataset version a study takes, chosen by a rule that is kept beside the study."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from annotations.models import Case, Centre, DatasetVersion
from annotations.problems import InvalidSpec
from readers.models import Study, StudyEvent
from readers.querysets import is_lead
from readers.studies import create_study


@dataclass(frozen=True, slots=True)
class CaseRule:
    """sample_size: None takes all that match · centres: numbers, empty takes every centre · without_marked: leave out
    cases on whose image someone saw arrows, calipers or text · seed: of the sample (and of the readers' orders)."""

    sample_size: int | None = None
    centres: tuple[int, ...] = ()
    without_marked: bool = False
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Extent:
    """How many included cases a version has, in all, by centre name, and with markings."""

    cases: int
    by_centre: tuple[tuple[str, int], ...]
    marked: int


def versions_for(user: Any) -> Any:
    """Published versions a lead may make a study of, newest first. Empty for anybody else."""
    versions = DatasetVersion.objects.unscoped() if is_lead(user) else DatasetVersion.objects.unscoped().none()
    return versions.select_related("dataset").order_by("dataset__title", "-number")


def extents(versions: Sequence[DatasetVersion]) -> dict[int, Extent]:
    """The extent of each version by its key. One query, however many versions."""
    rows = (
        Case.objects.unscoped().included().filter(memberships__version__in=versions)
        .values("memberships__version", "centre__number", "centre__name").order_by("centre__number")
        .annotate(cases=Count("pk"), unmarked=Count("pk", filter=Q(markings=[])))
    )  # fmt: skip
    held: dict[int, list[dict[str, Any]]] = {version.pk: [] for version in versions}
    for row in rows:
        held[row["memberships__version"]].append(dict(row))
    return {pk: _extent(group) for pk, group in held.items()}


def centres_of(versions: Sequence[DatasetVersion]) -> list[tuple[int, str]]:
    """Numbers and names of the centres in any of these versions; names that differ under one number stand side by side."""
    names: dict[int, list[str]] = {}
    datasets = {version.dataset_id for version in versions}
    for number, name in Centre.objects.filter(dataset__in=datasets).order_by("number").values_list("number", "name"):
        if name not in names.setdefault(number, []):
            names[number].append(name)
    return [(number, " / ".join(said)) for number, said in names.items()]


def choose_cases(version: DatasetVersion, rule: CaseRule) -> list[str]:
    """Public ids of the included cases the rule takes, sorted. Raises InvalidSpec naming the field.

    The sample is a function of the seed and the sorted ids alone: the same on every machine.
    """
    members = Case.objects.unscoped().included().filter(memberships__version=version)
    if rule.centres:
        members = members.filter(centre__number__in=rule.centres)
    if rule.without_marked:
        members = members.filter(markings=[])
    ids = sorted(members.values_list("public_id", flat=True))
    if not ids:
        raise InvalidSpec(_("No case of this version matches."), field="centres")
    if rule.sample_size is None:
        return ids
    if rule.sample_size > len(ids):
        text = _("Only %(there)d cases match; ask for at most as many.")
        raise InvalidSpec(text % {"there": len(ids)}, field="sample_size")
    # stream 0: readers are numbered from 1, so their orders use other streams of the same seed
    generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence([rule.seed, 0])))
    return sorted(ids[i] for i in generator.permutation(len(ids))[: rule.sample_size])


@transaction.atomic
def create_study_by_rule(lead: Any, rule: CaseRule, *, dataset_version: DatasetVersion, **protocol: Any) -> Study:
    """A draft study on the cases the rule takes; the rule is kept among the study's events."""
    chosen = choose_cases(dataset_version, rule)
    study = create_study(lead, dataset_version=dataset_version, case_ids=chosen, order_seed=rule.seed, **protocol)
    StudyEvent.objects.create(study=study, by=lead, code="cases_chosen", facts=asdict(rule) | {"cases": len(chosen)})
    return study


def _extent(rows: Sequence[dict[str, Any]]) -> Extent:
    by_centre: Counter[str] = Counter()
    for row in rows:
        by_centre[row["centre__name"]] += row["cases"]
    cases = sum(row["cases"] for row in rows)
    return Extent(cases, tuple(by_centre.items()), cases - sum(row["unmarked"] for row in rows))
