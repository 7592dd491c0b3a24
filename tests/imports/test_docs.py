"""docs/import.md cannot rot: every code, limit and synonym of the code stands there."""

import ast
from pathlib import Path

from django.conf import settings

from annotations.features import LYMPHUS
from annotations.imports import limits

ROOT = Path(settings.BASE_DIR)
TEXT = (ROOT / "docs/import.md").read_text(encoding="utf-8")
NAMED = {"Unreadable", "Remark", "Oddity", "add"}


def codes_of_the_code():
    """First argument of every finding that the importer can make; "missing_" + role is made of two parts."""
    found = {"missing_image", "missing_mask"}
    for path in (ROOT / "annotations/imports").glob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and call.args and isinstance(call.args[0], ast.Constant):
                name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
                if name in NAMED and isinstance(call.args[0].value, str):
                    found.add(call.args[0].value)
    return found


def test_every_code_is_described_and_no_other():
    described = {line.split("`")[1] for line in TEXT.split("## Limits")[0].splitlines() if line.startswith("| `")}

    assert described == codes_of_the_code()


def test_the_limits_are_those_of_the_code():
    shown = [
        f"{limits.MAX_MEMBERS:,}",
        f"{limits.MAX_MEMBER >> 20} MiB",
        f"{limits.MAX_UNPACKED >> 20} MiB",
        f"{limits.MAX_INSIDE}, each {limits.MAX_INNER >> 20} MiB",
        f"{limits.MAX_ROWS:,} rows",
        f"4096 × 4096 pixels ({limits.MAX_PIXELS / 1_000_000:.1f} million)",
    ]

    assert [s for s in shown if s not in TEXT] == []


def test_every_synonym_is_listed():
    lines = TEXT.splitlines()
    wanted = [f"| `{f.code}` | {', '.join(f.headers)} |" for f in LYMPHUS.features]
    wanted += [f"| `{f.code}` | {v.code} | {', '.join(v.synonyms)} |" for f in LYMPHUS.categorical for v in f.values]

    assert [w for w in wanted if w not in lines] == []
