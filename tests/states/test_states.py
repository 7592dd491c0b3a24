"""Every state of the reading page on demo data: axe finds nothing, no word is cut off, the image has its share.

With LYMPHUS_STATES set (`make screenshots-reading`) each state leaves its pictures: dark and light, at three sizes.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from tests.states.gallery import STATES
from tests.states.looks import SIZES, THEMES, Size, faults, keep, resize, wear
from tests.states.scene import Scene

pytestmark = [pytest.mark.browser, pytest.mark.e2e]
PAIRS = list(product(SIZES, THEMES))


def seen_as(name: str, every: bool) -> list[tuple[Size, str]]:
    """With the pictures each size in each theme; else two of the six, with three states after another all of them: what
    they share is seen often enough, and a run of everything stays short."""
    first = list(STATES).index(name) % 3
    return PAIRS if every else [PAIRS[first], PAIRS[first + 3]]


@pytest.mark.parametrize("name", STATES)
def test_a_state_has_no_fault_in_either_theme_at_any_size(name: str, scene: Scene, pictures: Path | None) -> None:
    page = STATES[name](scene)
    line = page.context.new_cdp_session(page)
    wrong = []
    for size, theme in seen_as(name, every=pictures is not None):
        resize(line, size)
        wear(page, theme)
        wrong += [f"{size.name} {theme}: {fault}" for fault in faults(page, size)]
        if pictures:
            keep(line, pictures / f"{name}-{size.name}-{theme}")
    assert wrong == [], "\n".join(wrong)
    assert page.problems == []
