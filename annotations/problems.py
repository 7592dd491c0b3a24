"""Every way to fail has an exception; each carries a stable code and one sentence.

The API turns them into one error shape, pages into a message, commands into a line on stderr.
"""

from __future__ import annotations

from typing import Any


class Problem(Exception):
    """Something the person can be told. `code` is stable, `detail` is a sentence, `facts` are ids and values."""

    code = "problem"
    status = 400

    def __init__(self, detail: str, **facts: Any) -> None:
        super().__init__(detail)
        self.detail = str(detail)
        self.facts = facts


class InvalidAnswer(Problem):
    code = "invalid_answer"


class InvalidMask(Problem):
    code = "invalid_mask"


class Incomplete(Problem):
    """A submission that misses answers; `facts["missing"]` lists their codes."""

    code = "incomplete"


class StaleReading(Problem):
    """Another tab or machine wrote first: nothing was overwritten."""

    code = "stale_reading"
    status = 412


class HashMismatch(Problem):
    code = "hash_mismatch"
    status = 409


class AlreadySubmitted(Problem):
    code = "already_submitted"
    status = 409


class InputsChanged(Problem):
    """A frozen revision is gone or says something else than when it was frozen."""

    code = "inputs_changed"


class NotAllowedNow(Problem):
    """The state of the study, case or assignment forbids it; the sentence says which."""

    code = "not_allowed_now"
    status = 409


class InvalidSpec(Problem):
    code = "invalid_spec"


class StudyClosed(NotAllowedNow):
    code = "study_closed"


class CaseExcluded(NotAllowedNow):
    code = "case_excluded"


class AssignmentWithdrawn(NotAllowedNow):
    code = "assignment_withdrawn"


class PreconditionRequired(Problem):
    """A write that does not say which version it has seen."""

    code = "precondition_required"
    status = 428


class NoPermission(Problem):
    """The person's roles do not hold the verb."""

    code = "permission_denied"
    status = 403


class TooLarge(Problem):
    code = "too_large"
    status = 413
