"""What a person has been shown of a case: kept from the first day on, append-only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from annotations.models import Case
from readers.models import Exposure


def record_exposure(user: Any, case: Case, what: str, where: str) -> None:
    """Note that this user saw this of this case there. The same sight at the same place is one row. `what`: Exposure.What."""
    seen = {"user": user, "case": case, "what": Exposure.What(what), "where": where[:120]}
    if not Exposure.objects.filter(**seen).exists():
        Exposure.objects.create(**seen)


def exposed_case_ids(user: Any, case_pks: Iterable[int]) -> set[int]:
    """Keys of those cases of which this user has seen pathology, reference, feedback or a model's output."""
    return set(Exposure.objects.filter(user=user, case_id__in=list(case_pks)).values_list("case_id", flat=True))
