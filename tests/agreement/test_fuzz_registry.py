"""Never wrong in silence: every registered statistic over what nobody should hand it.

Each call ends in a result (finite, or undefined with its reason; JSON without NaN) or in the one named error. NumPy's
warnings and floating-point conditions are errors here.
"""

import inspect
import json
import math
import typing
import warnings
from collections.abc import Callable
from dataclasses import asdict, is_dataclass

import numpy as np
import pytest

from annotations.agreement import registry
from annotations.agreement.auc_power import PlannedAuc
from annotations.agreement.binary_accuracy import TwoByTwo
from annotations.agreement.comparisons import MaskComparison, compare_masks
from annotations.agreement.kappa import cohen_kappa
from annotations.agreement.measurements import Measurements
from annotations.agreement.mrmc_power import PilotComponents
from annotations.agreement.outlines import outline
from annotations.agreement.paired_calls import PairedCalls
from annotations.agreement.ratings import Ratings
from annotations.agreement.reader_aucs import reader_aucs
from annotations.agreement.reader_endpoints import reader_endpoints, reader_means, reader_sensitivities
from annotations.agreement.reader_values import ReaderValues
from annotations.agreement.result import WrongCall
from annotations.agreement.votes import Votes, votes

KNOWN = registry.load()
RNG = np.random.default_rng(1960)
CASES = 12
NAN, INF = math.nan, math.inf
TRUTH = np.arange(CASES) % 2
RUBBISH = (None, "words", 5, 1.5, [], {}, object(), [["a", "b"], ["c", "d"]], np.array([object(), None]), {"a": 1})
NUMBERS = (NAN, INF, -INF, -1, 0, 1, 0.5, 2, 1e300, -1e300, 10**6, None, "x", [], True, 1j)

# readers x cases of codes; also what is no such array
CODES = [
    np.zeros((0, 0), int), np.zeros((1, 0), int), np.zeros((2, 0), int), np.zeros((2, 1), int), np.zeros((1, 5), int),
    np.zeros((2, 9), int), np.ones((5, 9), int), np.full((2, 9), -1), np.full((5, 1), -1),
    np.array([[0, 1, -1, -1], [-1, -1, 0, 1]]), np.array([[0, -1], [-1, 0], [1, -1]]), np.eye(3, dtype=int),
    np.array([[0, 0, 0, 1], [0, 0, 0, 0]]), np.array([[1, 1], [0, 0]]), np.array([[0, 1, 2, 0, 1, 2]] * 4),
    RNG.integers(-1, 3, (2, 9)), RNG.integers(-1, 3, (6, 20)), RNG.integers(0, 2, (2, 3)), np.full((2, 4), 2),
    np.zeros(4, int), np.zeros((2, 2, 2), int), np.zeros((2, 3)), np.full((2, 3), 7), np.full((2, 3), -5),
    np.full((2, 3), NAN), np.array([["a", "b"]]), np.array([[None, 1]], object), np.full((2, 3), 2**60),
]  # fmt: skip
SCALES = [("no", "maybe", "yes"), (1, 2, 3), ("only",), (), ("twice", "twice"), (0.5, 1e300, -3)]
# readers x cases of numbers
TABLES = [
    np.zeros((0, 0)), np.zeros((1, 0)), np.zeros((2, 0)), np.zeros((2, 1)), np.ones((1, 5)), np.ones((2, 9)),
    np.full((3, 7), 0.1), np.full((2, 6), NAN), np.array([[1, NAN], [NAN, 2]]), np.array([[1.0, 2], [2.0, 1]]),
    np.array([[0.1, 0.2, 0.3]] * 2), np.arange(12.0).reshape(3, 4), -RNG.random((5, 8)), RNG.random((2, 3)) * 1e12,
    RNG.random((2, 5)) * 1e-12, np.full((2, 3), 1e300), np.array([[1e300, -1e300, 0], [0, 1e300, 5]]),
    RNG.normal(size=(4, 9)) + 1e9,
    np.array([[1, INF], [2, 3]]), np.ones(4), np.ones((2, 2, 2)), np.array([["a", "b"]]), np.array([[None, 1]], object),
    RNG.integers(0, 3, (2, CASES)).astype(float), RNG.random((3, 2, CASES)), np.full((2, 3, CASES), NAN),
    np.where(RNG.random((2, 4, CASES)) < 0.5, NAN, 1.0), np.tile(TRUTH, (2, 3, 1)).astype(float),
]  # fmt: skip
# one number a case
ROWS = [
    [], [1], [0, 1], [0] * CASES, [1] * CASES, [NAN] * CASES, TRUTH, 1 - TRUTH, TRUTH * 1e300, -TRUTH * 1e300, [0.5] * CASES,
    [INF] * CASES, [-3] * CASES, ["a"] * CASES, [None] * CASES, np.ones((2, CASES)), RNG.random(CASES), np.arange(CASES),
    np.where(TRUTH, NAN, 1.0), RNG.integers(0, 3, CASES), np.array([*[0.0] * (CASES - 1), 1.0]), [True] * CASES, 7, "scores",
    [1e-300] * CASES, np.array([1] + [0] * (CASES - 1)), [[1], [2, 3]],
]  # fmt: skip
REPLICATES = [
    [], [[]], [[1.0]], [[1.0], [2.0]], [[1.0, 1.0], [1.0, 1.0], [1.0]], [[1.0, 2.0], [], [3.0, 4.0]], [[NAN], [1.0]],
    [[INF, 1.0], [2.0]], [["a"], ["b"]], [1.0, 2.0], [[[1.0]], [[2.0]]], [[1e300, -1e300], [1e300, 0.0], [1.0]], [[None], [1.0]],
]  # fmt: skip
CELLS = [(0, 0, 0, 0), (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1), (5, 0, 0, 5), (0, 5, 5, 0), (3, 2, 0, 0),
         (0, 0, 3, 2), (1, 1, 1, 1), (10**9, 1, 1, 10**9), (10**15,) * 4,
         (-1, 2, 3, 4), (0.5, 1, 1, 1), (NAN, 1, 1, 1), ("a", 1, 1, 1),
         (None, 1, 1, 1), (INF, 1, 1, 1), (3, 0, 2, 7)]  # fmt: skip


def masks():
    square, empty, dot = np.zeros((8, 8)), np.zeros((8, 8)), np.zeros((8, 8))
    square[2:6, 2:6], dot[0, 0] = 1, 1
    return [outline(mask.astype(np.uint8)) for mask in (square, empty, dot, np.ones((8, 8)))]


MASKS = masks()
COMPARED = [compare_masks(a, b, spacing, tolerance) for spacing, tolerance in ((None, None), ((0.1, 0.2), 1.0))
            for a in MASKS for b in MASKS]  # fmt: skip


def values_of(table):
    return [
        lambda: reader_aucs(TRUTH, table),
        lambda: reader_sensitivities(TRUTH, table),
        lambda: reader_means(table),
        lambda: reader_endpoints(
            TRUTH, table, lambda truth, own: float(own.mean()) if len(own) > 1 else None, name="mean"
        ),
    ]


KINDS: dict[typing.Any, list[Callable[[], object]]] = {
    Ratings: [lambda c=c, s=s: Ratings(c, s) for c in CODES for s in SCALES[:2]]
    + [lambda s=s: Ratings(np.zeros((2, 5), int), s) for s in SCALES]
    + [lambda: Ratings(np.array([[0, 1, 2], [0, 1, 2]]), (0.0, -1.0, 5.0)),
       lambda: Ratings.from_counts([[2, 0], [0, 3], [1, 1]])],
    Measurements: [lambda t=t: Measurements(t) for t in TABLES],
    TwoByTwo: [lambda c=c: TwoByTwo(*c) for c in CELLS],
    PairedCalls: [lambda c=c: PairedCalls(*c) for c in CELLS],
    ReaderValues: [make for table in TABLES for make in values_of(table)],
    Votes: [lambda m=m: votes(m) for m in ([], MASKS[:1], MASKS, [MASKS[1]] * 3, MASKS * 20, [MASKS[0]] * 3)],
    PlannedAuc: [lambda c=c: PlannedAuc(*c) for c in
                 ((0.8, 10, 10), (1, 5, 5), (0.5, 0, 3), (NAN, 3, 3), (0.9, 1, 1), ("x", 1, 1))],
    PilotComponents: [lambda c=c: PilotComponents(*c) for c in
                      ((0.01, 1e-4, 1e-4, 1e-4, 1e-3, 100), (0, 0, 0, 0, 0, 1), (-1, 1, 1, 1, 1, 1), (1, 1, 1, 1, -1, 5),
                       (NAN, 0, 0, 0, 0, 5), (1, 2, 3, 4, 5, 0), ("x", 0, 0, 0, 0, 5))],
}  # fmt: skip
GOOD: dict[typing.Any, Callable[[], object]] = {
    Ratings: lambda: Ratings(np.array([[0, 1, 2, 1, 0, 1], [0, 1, 1, 1, 0, 2]]), ("no", "maybe", "yes")),
    Measurements: lambda: Measurements(np.array([[1.0, 2, 3, 4], [1.5, 2, 2.5, 4.5]])),
    TwoByTwo: lambda: TwoByTwo(8, 2, 3, 9),
    PairedCalls: lambda: PairedCalls(8, 2, 3, 9),
    ReaderValues: lambda: reader_aucs(TRUTH, RNG.normal(size=(2, 4, CASES)) + TRUTH),
    Votes: lambda: votes(MASKS),
    PlannedAuc: lambda: PlannedAuc(0.8, 20, 20),
    PilotComponents: lambda: PilotComponents(0.001, 3e-4, 3e-4, 2e-4, 1e-3, 100),
}
LISTS = {
    MaskComparison: [[], COMPARED[:1], COMPARED[:4], COMPARED[5:6] * 4, COMPARED, COMPARED[16:], [COMPARED[0]] * 60],
    type(MASKS[0]): [[], MASKS[:1], MASKS, [MASKS[1]] * 2, [MASKS[0]] * 60],
}
# a number that a plan of a study would have there
PLANNED = {"auc": 0.8, "kappa": 0.7, "kappa_null": 0.4, "rate_1": 0.3, "rate_2": 0.35, "prevalence": 0.3, "lower": 0.5,
           "icc": 0.8, "icc_null": 0.5, "readings": 3, "width": 0.2, "mean_difference": 0.1, "sd": 1.0, "delta": 3.0,
           "half_width": 0.05, "expected": 0.9, "readers": 6, "cases": 80, "effect": 0.05,
           "var_tr": 0.001, "var_tc": 0.01, "var_error": 0.02,
           "accuracy": 0.8, "r1": 0.5, "r2": 0.4, "r3": 0.3, "var_within": 0.001, "k": 3, "n": 9, "specificity": 0.5,
           "sensitivity": 0.5, "low": 0.0, "high": 0.5, "arm": 0}  # fmt: skip
FAST = {"resamples": 100}
YES_NO = Ratings(np.array([[0, 1, 1, 1, 0, 1], [0, 1, 0, 1, 0, 0]]), ("no", "yes"))
ARM = np.arange(3 * CASES).reshape(3, CASES) * 7 % 5
# of so small a plan or pilot they have no number; that these say so is their own tests' business
NOT_FOUND = ("MRMC cases needed", "MRMC cases needed, conjectured components")
OF_ITS_OWN = {
    "leave-one-out": {"ratings": Ratings(np.array([[0, 1, 2, 1], [0, 1, 1, 1], [0, 2, 2, 1]]), ("no", "maybe", "yes"))},
    "power of paired AUCs": {"first": TRUTH + ARM[0], "second": ARM[1]},
    "cases needed for paired AUCs": {"first": TRUTH + ARM[0], "second": ARM[1]},
    "PABAK": {"ratings": YES_NO},
    "McNemar test": {"ratings": YES_NO},
    "Cochran Q": {"ratings": YES_NO},
    "one-shot MRMC difference of AUCs": {"first": ARM, "second": ARM[::-1]},
    "difference of independent AUCs": {"first": (TRUTH, ARM[0]), "second": (TRUTH, ARM[1])},
    "cases needed for a sensitivity": {"null": 0.7},
}


def hostile(name: str, hint: typing.Any) -> tuple[Callable[[], object], list[Callable[[], object]]]:
    """A good value of a parameter, and bad ones."""
    plain = [lambda x=x: x for x in RUBBISH]
    if hint in KINDS:
        return GOOD[hint], KINDS[hint] + plain
    if name in ("category", "positive", "negative"):
        return (lambda: "yes"), plain
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if name in ("groups", "strata"):
        return several(name)
    if origin is not None and args and args[0] in LISTS:
        lists = [lambda x=x: x for x in LISTS[args[0]]]
        return lists[2], lists + plain
    if name in PLANNED or hint in (float, int):
        good = PLANNED.get(name)
        return (lambda: good), [lambda x=x: x for x in NUMBERS]
    if origin is tuple:
        pairs = [lambda x=x: (TRUTH, x) for x in ROWS] + [lambda x=x: (x, ARM[0]) for x in ROWS]
        return pairs[0], pairs + plain
    if origin is not None and args and typing.get_origin(args[0]) is not None:
        return (lambda: [[1.0, 2.0], [2.0, 3.5], [4.0, 4.5]]), [lambda x=x: x for x in REPLICATES] + plain
    good_array = {
        "truth": TRUTH, "hits": TRUTH, "patients": np.arange(CASES) // 2, "probabilities": np.linspace(0.05, 0.9, CASES),
        "counts_healthy": [8, 4, 2, 1], "counts_diseased": [1, 2, 4, 8],
    }.get(name, np.arange(CASES) * 7 % 5)  # fmt: skip
    if name == "ratings":
        good_array = ARM
    arrays = ROWS + (TABLES if name in ("ratings", "first", "second") else [])
    return (lambda: good_array), [lambda x=x: x for x in arrays] + plain


def several(name: str) -> tuple[Callable[[], object], list[Callable[[], object]]]:
    made = list(KINDS[Ratings])
    if name == "groups":
        bad = [lambda m=m: [m(), GOOD[Ratings]()] for m in made] + [lambda x=x: x for x in (*RUBBISH, [1, 2])]
        return (lambda: [GOOD[Ratings](), GOOD[Ratings]()]), bad
    bad = [lambda m=m: {"a": cohen_kappa(m()), "b": cohen_kappa(GOOD[Ratings]())} for m in made]
    return (lambda: {"a": cohen_kappa(GOOD[Ratings]())}), bad + [lambda x=x: x for x in (*RUBBISH, {"a": 3})]


def parameters(statistic: registry.Statistic) -> dict[str, typing.Any]:
    """Name and kind of every parameter that must be given."""
    function = inspect.unwrap(statistic.function)
    hints = typing.get_type_hints(function)
    asked = inspect.signature(function).parameters.values()
    return {p.name: hints[p.name] for p in asked if p.default is p.empty and p.kind is not p.VAR_KEYWORD}


def meant(statistic: registry.Statistic) -> dict[str, Callable[[], object]]:
    """A good value of every parameter that must be given, and of what one statistic asks beyond that."""
    good = {name: hostile(name, hint)[0] for name, hint in parameters(statistic).items()}
    return good | {name: (lambda v=value: v) for name, value in OF_ITS_OWN.get(statistic.name, {}).items()}


def options(statistic: registry.Statistic) -> list[str]:
    """Names of the parameters that may be given; those of the summary of masks too."""
    asked = inspect.signature(inspect.unwrap(statistic.function)).parameters.values()
    named = [p.name for p in asked if p.default is not p.empty]
    summary = ["resamples", "level", "seed", "statistic", "patients"]
    return named + (summary if any(p.kind is p.VAR_KEYWORD for p in asked) else [])


def plain(found: object) -> object:
    """A result as JSON would have it."""
    if hasattr(found, "as_json"):
        return found.as_json()
    if isinstance(found, list):
        return [plain(one) for one in found]
    if hasattr(found, "points"):
        return found.points()
    if is_dataclass(found):
        return {key: value.tolist() if isinstance(value, np.ndarray) else value for key, value in asdict(found).items()}
    return found


def must_end_well(statistic: registry.Statistic, said: str, call: Callable[[], object]) -> str | None:
    # that exp(-1000) is 0 is what it should be
    with warnings.catch_warnings(), np.errstate(all="raise", under="ignore"):
        warnings.simplefilter("error")
        try:
            json.dumps(plain(call()), allow_nan=False, default=np.ndarray.tolist)
        except WrongCall:
            return None
        except Exception as error:
            return f"{statistic.name}({said}): {type(error).__name__}: {error}"
    return None


def calls(statistic: registry.Statistic):
    """One bad value at a time, everything else good; then every option with what it cannot be."""
    asked = parameters(statistic)
    fast = {name: value for name, value in FAST.items() if name in options(statistic)}
    good = meant(statistic)
    for name, hint in asked.items():
        for number, bad in enumerate(hostile(name, hint)[1]):
            yield (
                f"{name} #{number}",
                lambda n=name, b=bad: statistic.function(
                    **{k: (b if k == n else g)() for k, g in good.items()}, **fast
                ),
            )
    for option in options(statistic):
        for bad in (*NUMBERS, "nonsense") if option != "resamples" else (NAN, -5, 0, "x", None):
            own = {**fast, option: bad}
            yield f"{option}={bad!r}", lambda o=own: statistic.function(**{k: g() for k, g in good.items()} | o)


@pytest.mark.parametrize("name", KNOWN)
def test_whatever_comes_a_result_or_the_named_error(name):
    failed = [line for said, call in calls(KNOWN[name]) if (line := must_end_well(KNOWN[name], said, call))]

    assert not failed, "\n".join(failed)


@pytest.mark.parametrize("name", KNOWN)
def test_what_is_meant_goes_through(name):
    """The good values of the calls above are good: else nothing would be tried."""
    found = KNOWN[name].function(**{parameter: good() for parameter, good in meant(KNOWN[name]).items()})

    assert plain(found) is not None
    assert getattr(found, "undefined", None) is None or name in NOT_FOUND
