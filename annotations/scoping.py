"""Forgetting to ask what a person may see fails closed.

While a request is served, a `ScopedQuerySet` that was not narrowed by `visible_to(user)` (or opened by a verb that says
why, `unscoped()`) raises when it would touch the database. It sees neither joins nor forward foreign keys: the test that
walks every URL as every role is the real guarantee; this makes the mistake loud while it is being written.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Self, TypeVar

from django.db import models

_in_request: ContextVar[bool] = ContextVar("in_request", default=False)
M = TypeVar("M", bound=models.Model)


class Unscoped(RuntimeError):
    """A query in a request that did not ask whose eyes it is for."""


@contextmanager
def serving_a_request() -> Iterator[None]:
    token = _in_request.set(True)
    try:
        yield
    finally:
        _in_request.reset(token)


@contextmanager
def trusted() -> Iterator[None]:
    """Inside a verb or a system query whose permission was already asked."""
    token = _in_request.set(False)
    try:
        yield
    finally:
        _in_request.reset(token)


class ScopedQuerySet(models.QuerySet[M]):
    """A queryset that must be narrowed before use in a request. Subclasses write `visible_to`."""

    _scoped = False

    def _clone(self) -> Self:
        clone = super()._clone()  # type: ignore[misc]
        clone._scoped = self._scoped
        return clone

    def unscoped(self) -> Self:
        """Opened on purpose: by a verb or a query that has asked for permission itself."""
        clone = self._chain()  # type: ignore[attr-defined]
        clone._scoped = True
        return clone

    def _ask(self) -> None:
        if _in_request.get() and not self._scoped:
            raise Unscoped(f"{self.model.__name__} was queried in a request without visible_to(user)")

    def _fetch_all(self) -> None:
        if self._result_cache is None:
            self._ask()
        super()._fetch_all()

    def iterator(self, *args: Any, **kwargs: Any) -> Any:
        self._ask()
        return super().iterator(*args, **kwargs)

    def count(self) -> int:
        self._ask()
        return super().count()

    def exists(self) -> bool:
        self._ask()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self._ask()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        self._ask()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._ask()
        return super().delete()
