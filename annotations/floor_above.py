"""The three questions floor 1 asks of floor 2, by a dotted path in the settings, because it may not import it.

What a person was shown of a case is kept above (exposures), and so is which cases that person reads blinded now, and which
are read by anybody.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.module_loading import import_string


def note_shown(user: Any, case_pks: Iterable[int], what: str, where: str) -> None:
    """Call it wherever a page or an address shows cases' "pathology", "reference", "feedback" or "model" to a person."""
    import_string(settings.SHOWN_RECORDER)(user, case_pks, what, where)


def blinded_cases(user: Any) -> QuerySet[Any, int]:
    """Keys of the cases that this person reads in an open study: no other role shows more of them until it is closed."""
    keys: QuerySet[Any, int] = import_string(settings.BLINDED_CASES)(user)
    return keys


def is_read_now(case_pk: int) -> bool:
    """Whether an open study reads the case: what its readers see of it stays as it is until that study is locked."""
    return bool(import_string(settings.READ_NOW)(case_pk))
