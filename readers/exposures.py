"""What a person has been shown of a case: kept from the first day on, append-only. And what must not be shown yet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from annotations.models import Case
from annotations.problems import NotAllowedNow
from readers.models import Assignment, Exposure, Study


def record_exposure(user: Any, case: Case, what: str, where: str) -> None:
    """Note that this user saw this of this case there. The same sight at the same place is one row. `what`: Exposure.What."""
    record_exposures(user, [case.pk], what, where)


def record_exposures(user: Any, case_pks: Iterable[int], what: str, where: str) -> None:
    """The same for many cases: two queries."""
    pks, seen = set(case_pks), {"user": user, "what": Exposure.What(what), "where": where[:120]}
    known = set(Exposure.objects.filter(case_id__in=pks, **seen).values_list("case_id", flat=True))
    Exposure.objects.bulk_create([Exposure(case_id=pk, **seen) for pk in sorted(pks - known)])


def exposed_case_ids(user: Any, case_pks: Iterable[int]) -> set[int]:
    """Keys of those cases of which this user has seen pathology, reference, feedback or a model's output."""
    return set(Exposure.objects.filter(user=user, case_id__in=list(case_pks)).values_list("case_id", flat=True))


def blinded_cases(user: Any) -> QuerySet[Assignment, int]:
    """Keys of the cases that this person reads in an open study: roles held together never add up to see more of them.

    Training gives feedback case by case; its cases are blinded all the same, until its study is closed.
    """
    own = Assignment.objects.unscoped().filter(
        reader_id=user.pk, study__state=Study.State.OPEN, withdrawn_at__isnull=True
    )
    return own.order_by().values_list("case_id", flat=True)


def refuse_blinded(user: Any, cases: QuerySet[Any, int]) -> None:
    """Raises NotAllowedNow where this person reads one of these cases (their keys) in an open study."""
    if blinded_cases(user).filter(case_id__in=cases.order_by()).exists():
        raise NotAllowedNow(_("You read some of these cases in an open study: until it is closed they stay blinded."))


def is_read_now(case_pk: int) -> bool:
    """Whether a study that is open has assigned the case to anybody."""
    held = Assignment.objects.unscoped().filter(case_id=case_pk, study__state=Study.State.OPEN)
    return held.filter(withdrawn_at__isnull=True).exists()


def reads_blinded_elsewhere(assignment: Assignment) -> bool:
    """Whether the same person reads the same case in another open study, so that training must not show it now."""
    others = Assignment.objects.unscoped().filter(
        reader_id=assignment.reader_id, case_id=assignment.case_id, withdrawn_at__isnull=True,
        study__state=Study.State.OPEN, study__purpose=Study.Purpose.STUDY,
    ).exclude(study_id=assignment.study_id)  # fmt: skip
    return others.exists()
