"""docs/power.md says what the computation says."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.power_claim import TABLES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "power.md"


@pytest.mark.parametrize("title", TABLES)
def test_the_page_holds_the_table_that_is_computed(title):
    assert TABLES[title]() in PAGE.read_text(encoding="utf-8")
