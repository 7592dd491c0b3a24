"""Known answers: run oracle cases through our own statistics and say where they differ.

A file is `{"family", "cases": [{id, statistic, options, input, expected, tolerance, ...}]}`. The adapter of that statistic
(`oracle_adapters`) turns options and input into the named numbers that `expected` holds, and this module compares them:

* a number must lie within the case's absolute tolerance; lists and dicts are compared member by member, order counting;
* `{"undefined": true}`, for a case or one field, wants a dict whose "undefined" is a reason of our own; the fields
  beside it stay compared;
* "inf" wants infinity (or "inf"); null means not given; reasons, notes and other texts are not compared unless the
  adapter gives the same field as text; nor are fields called simulated_..., for which no tolerance holds;
* `name_range: [low, high]` wants `name` inside; then of the other fields only `value` and `n` are compared (the rest
  depend on a seed).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotations.agreement.oracle_adapters import adapters

_WORDS = frozenset({"reason", "note"})  # said in anybody's words, never compared
_SIMULATED = "simulated_"  # somebody's Monte Carlo figure, for information: no tolerance holds for it
_SEEDLESS = frozenset({"value", "n"})  # what a resampled case still fixes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case: no differences, or a sentence for each."""

    file: str
    case: str
    statistic: str
    differences: tuple[str, ...]


def verify_case(case: Mapping[str, Any], base_dir: Path) -> list[str]:
    """The differences between our answer and the case's, as sentences; empty when they agree.

    `base_dir` is the folder in which the case's `input.file` lies.
    """
    adapter = adapters().get(case["statistic"])
    if adapter is None:
        return [f"statistic {case['statistic']!r} is not known here"]
    try:
        answer = adapter(case.get("options", {}), case["input"], Path(base_dir))
    except Exception as error:  # a broken adapter is one differing case, the others still count
        return [f"raised {type(error).__name__}: {error}"]
    expected = case["expected"]
    if any(name.endswith("_range") for name in expected):
        return list(_ranges(expected, answer, case["tolerance"]))
    return list(_differences("", expected, answer, case["tolerance"]))


def verify_paths(paths: Iterable[Path | str]) -> Iterator[Outcome]:
    """Run every case of every oracle file under the paths (files, or folders of *.json), in order."""
    for file in _oracle_files(paths):
        content = json.loads(file.read_text(encoding="utf-8"))
        for case in content.get("cases", ()) if isinstance(content, dict) else ():
            differences = verify_case(case, file.parent)
            yield Outcome(file.name, case["id"], case["statistic"], tuple(differences))


def _oracle_files(paths: Iterable[Path | str]) -> Iterator[Path]:
    for path in map(Path, paths):
        if path.is_dir():
            yield from sorted(path.glob("*.json"))
        elif path.is_file():
            yield path
        else:
            raise FileNotFoundError(f"{path}: no such file or folder")


def _differences(where: str, expected: Any, came: Any, tolerance: float) -> Iterator[str]:
    if isinstance(expected, Mapping):
        yield from _in_mapping(where, expected, came, tolerance)
    elif isinstance(expected, list | tuple):
        yield from _in_list(where, expected, came, tolerance)
    elif expected == "inf":
        if came not in ("inf", math.inf):
            yield f"{where}: expected infinity, got {came!r}"
    elif isinstance(expected, str | bool):
        if isinstance(came, str | bool) and came != expected:
            yield f"{where}: expected {expected!r}, got {came!r}"
    elif expected is not None:
        yield from _in_number(where, expected, came, tolerance)


def _in_mapping(where: str, expected: Mapping[str, Any], came: Any, tolerance: float) -> Iterator[str]:
    if not isinstance(came, Mapping):
        yield f"{where or 'answer'}: expected {dict(expected)!r}, got {came!r}"
        return
    reason = came.get("undefined")
    if bool(expected.get("undefined")) != bool(reason):
        yield f"{where or 'answer'}: expected {_defined(expected)}, got {_defined(came)}"
        return
    for name, value in expected.items():
        if name != "undefined" and name not in _WORDS and not name.startswith(_SIMULATED):
            inner = f"{where}.{name}" if where else name
            yield from _differences(inner, value, came.get(name), tolerance)


def _defined(fields: Mapping[str, Any]) -> str:
    reason = fields.get("undefined")
    return f"undefined ({fields.get('reason', reason)})" if reason else "a defined answer"


def _in_list(where: str, expected: list[Any] | tuple[Any, ...], came: Any, tolerance: float) -> Iterator[str]:
    members = came.tolist() if hasattr(came, "tolist") else came
    if not isinstance(members, list | tuple) or len(members) != len(expected):
        yield f"{where}: expected {expected!r}, got {came!r}"
        return
    for index, (one, other) in enumerate(zip(expected, members, strict=True)):
        yield from _differences(f"{where}[{index}]", one, other, tolerance)


def _in_number(where: str, expected: float, came: Any, tolerance: float) -> Iterator[str]:
    try:
        distance = abs(float(came) - expected)
    except (TypeError, ValueError):
        yield f"{where}: expected {expected!r}, got {came!r}"
        return
    if not distance <= tolerance:
        yield f"{where}: expected {expected!r}, got {float(came)!r} ({distance:.3g} apart, {tolerance:g} allowed)"


def _ranges(expected: Mapping[str, Any], came: Mapping[str, Any], tolerance: float) -> Iterator[str]:
    fixed = {name: value for name, value in expected.items() if name in _SEEDLESS}
    yield from _in_mapping("", fixed, came, tolerance)
    for name, limits in expected.items():
        if name.endswith("_range"):
            value = came.get(name.removesuffix("_range"))
            if value is None or not limits[0] <= value <= limits[1]:
                yield f"{name}: expected {limits!r}, got {value!r}"
