"""A registered statistic is called as its annotations say, or WrongCall says what was expected and what came.

Shapes, scales and ranges are the statistic's own business; here it is only kept from being handed something else
altogether (words for scores, an array for ratings, infinity for a level), which would end in an error of NumPy's.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Mapping, Sequence
from functools import cache, wraps
from numbers import Integral, Real
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import ArrayLike

from annotations.agreement.result import WrongCall

F = TypeVar("F", bound=Callable[..., Any])
LABELS = ("patients",)  # arrays that may hold words
LARGEST = 1e9  # of a single number: no share, count, effect or variance of a study is near it
_SHARES = {"level": "a confidence level", "alpha": "an error rate", "power": "a power"}  # strictly between 0 and 1


def checked(function: F) -> F:
    """The function, with its arguments checked against its annotations before it runs."""
    names = list(inspect.signature(function).parameters)

    @cache
    def hints() -> dict[str, Any]:
        # only when first called: annotations may name what is defined later. Names of weights and scores, or arrays of
        # them, are looked at where they are used.
        own = function.__annotations__
        return {name: hint for name, hint in get_type_hints(function).items() if own[name] not in ("Weights", "Scores")}

    @wraps(function)
    def call(*args: Any, **keywords: Any) -> Any:
        for name, value in (*zip(names, args), *keywords.items()):
            if name in hints():
                _check(name, hints()[name], value)
            check_named(name, value)
        return function(*args, **keywords)

    return cast(F, call)


def check_named(name: str, value: Any) -> None:
    """What means the same in every statistic: level, alpha, power, seed, resamples, patients."""
    if name in _SHARES and (not isinstance(value, Real) or not 0 < cast(float, value) < 1):
        raise WrongCall(name, f"{_SHARES[name]} between 0 and 1", value)
    if name == "seed" and value is not None and (not isinstance(value, Integral) or value < 0):
        raise WrongCall(name, "a whole number, 0 or more", value)
    if name == "resamples" and (not isinstance(value, Integral) or value < 1):
        raise WrongCall(name, "a whole number of resamples", value)
    if name == "patients" and value is not None:
        _check_array(name, value)
        if np.ndim(value) != 1:
            raise WrongCall(name, "one label a case", value)


def _check(name: str, hint: Any, value: Any) -> None:
    if hint is ArrayLike or hint == ArrayLike:
        _check_array(name, value)
    elif get_origin(hint) in (Union, types.UnionType):
        _check_union(name, get_args(hint), value)
    elif get_origin(hint) is Literal:
        if not isinstance(value, Real | str) or value not in get_args(hint):
            raise WrongCall(name, f"one of {get_args(hint)}", value)
    elif hint in (float, int):
        _check_number(name, hint, value)
    elif get_origin(hint) is tuple:
        _check_tuple(name, get_args(hint), value)
    elif get_origin(hint) is Sequence:
        _check_sequence(name, get_args(hint)[0], value)
    elif get_origin(hint) is Mapping:
        if not isinstance(value, Mapping):
            raise WrongCall(name, "a mapping", type(value).__name__)
        _check_sequence(name, get_args(hint)[1], list(value.values()))
    elif get_origin(hint) is Callable:
        if not callable(value):
            raise WrongCall(name, "a function", value)
    elif inspect.isclass(hint) and not isinstance(value, hint) and not _becomes(hint, value):
        raise WrongCall(name, hint.__name__, type(value).__name__)


def _check_union(name: str, hints: tuple[Any, ...], value: Any) -> None:
    """None where it may be; else by the first kind, if there is only one beside None."""
    if value is None and type(None) in hints:
        return
    others = [hint for hint in hints if hint is not type(None)]
    if len(others) == 1:
        _check(name, others[0], value)


def check_number(name: str, value: Any) -> None:
    """Raises WrongCall for what is no number of a sensible size."""
    _check_number(name, float, value)


def _check_number(name: str, hint: Any, value: Any) -> None:
    kind, words = (Integral, "a whole number") if hint is int else (Real, "a number")
    if not isinstance(value, kind) or isinstance(value, bool) or not abs(cast(float, value)) <= LARGEST:
        raise WrongCall(name, f"{words} up to {LARGEST:g}", value)


def _check_array(name: str, value: Any) -> None:
    try:
        array = np.asarray(value)
    except ValueError as error:  # rows of different lengths
        raise WrongCall(name, "an array of numbers", str(error)) from error
    if array.dtype.kind not in ("biufUS" if name in LABELS else "biuf"):
        raise WrongCall(name, "an array of numbers", f"{array.dtype} values")


def _check_tuple(name: str, hints: tuple[Any, ...], value: Any) -> None:
    if (
        not isinstance(value, Sequence)
        or isinstance(value, str)
        or (Ellipsis not in hints and len(value) != len(hints))
    ):
        raise WrongCall(name, f"{len(hints)} values", value)
    for hint, one in zip(hints, value):
        _check(name, hint, one)


def _check_sequence(name: str, hint: Any, value: Any) -> None:
    if not isinstance(value, Sequence | np.ndarray) or isinstance(value, str) or getattr(value, "ndim", 1) == 0:
        raise WrongCall(name, "a list", type(value).__name__)
    for one in value:
        _check(name, hint, one)


def _becomes(hint: type, value: Any) -> bool:
    """Measurements are taken as a plain array too."""
    return hint.__name__ == "Measurements" and isinstance(value, np.ndarray | list)
