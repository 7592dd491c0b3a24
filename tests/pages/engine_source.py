"""What can arrive in a stored result: every sentence in the source of what computes it (parts of studies, tables, and the
engine below), and what the statistics of these modules answer to hostile input.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tests.agreement.test_fuzz_registry import KNOWN, calls, plain

ROOT = Path(__file__).parents[2]
# called there are errors and the registry's own texts, which reach no result (its assumptions: tests/test_languages.py)
NO_RESULT = ("WrongCall", "SpecRefused", "Refused", "statistic", "_")
OURS = ("annotations.agreement", "annotations.analyses")
# the request and the files of an analysis: what these say goes to pages and commands, through gettext where a person reads it
NOT_COMPUTING = ("bundle", "comparing", "freezing", "made_with", "material", "reproducing", "spec", "schema", "reading", "verbs",
                 "checked_calls", "registry", "figure_style", "headline", "version_inputs", "published",
                 "other_sets")  # fmt: skip


def sentences() -> dict[str, str]:
    """Sentence with {} in its places -> file and line."""
    return {text: where for path in reached() for text, where in _of_file(path)}


def reached() -> list[Path]:
    """The modules of the analyses and all that they import of the engine."""
    waiting, seen = {_name(path) for path in (ROOT / "annotations/analyses").rglob("*.py")}, set()
    while waiting:
        name = waiting.pop()
        path = ROOT / (name.replace(".", "/") + ".py")
        if name not in seen and path.exists():
            seen.add(name)
            waiting |= {other for other in _imported(path) if other.startswith(OURS)}
    paths = [ROOT / (name.replace(".", "/") + ".py") for name in sorted(seen)]
    return [path for path in paths if path.stem not in NOT_COMPUTING]


@cache
def answers() -> list[Any]:
    """Results as JSON has them; those of calls that end in the named error are left out."""
    used = {f"annotations.agreement.{path.stem}" for path in reached()}
    found = []
    for statistic in KNOWN.values():
        if statistic.function.__module__ in used:
            for _said, call in calls(statistic):
                try:
                    found.append(plain(call()))
                except ValueError:
                    continue
    return found


def as_source(listed: str) -> str:
    """A listed text as `sentences` has it."""
    places = re.sub(r"%\(\w+\)s", "{}", listed)
    return places.replace("%%", "%") if places != listed else listed


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            base = ".".join(_name(path).split(".")[: -node.level]) + "." if node.level else ""
            module = base + (node.module or "")
            yield from (module, *(f"{module}.{one.name}" for one in node.names))


def _of_file(path: Path) -> Iterator[tuple[str, str]]:
    tree = ast.parse(path.read_text())
    skipped = {id(inner) for node in ast.walk(tree) for part in _without_results(node) for inner in ast.walk(part)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in skipped:
            text = _text(node)
            if " " in text.strip():
                yield text, f"{path.name}:{node.lineno}"


def _without_results(node: ast.AST) -> list[ast.AST]:
    """Docstrings, errors, decorators; and the words of an f-string, which is taken as a whole."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return [node]
    if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in NO_RESULT:
        return [node]
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return list(node.decorator_list)
    if isinstance(node, ast.JoinedStr):
        return [part for part in node.values if isinstance(part, ast.Constant)]
    return []


def _text(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return "".join(part.value if isinstance(part, ast.Constant) else _place(part) for part in node.values)


def _place(part: ast.FormattedValue) -> str:
    percent = part.format_spec is not None and ast.unparse(part.format_spec).rstrip("'\"").endswith("%")
    return "{}%" if percent else "{}"
