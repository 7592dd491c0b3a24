"""Every state of the reading page on demo data: axe finds nothing, no word is cut off, the image has its share.

With LYMPHUS_STATES set (`make screenshots-reading`) each state leaves its pictures: dark and light, at three sizes.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from tests.states.gallery import STATES
from tests.states.looks import SIZES, THEMES, faults, keep, resize, wear
from tests.states.scene import Scene

pytestmark = [pytest.mark.browser, pytest.mark.e2e]
# each theme and each size at least once; with the pictures every pair of them
IN_EVERY_RUN = [(SIZES[0], "dark"), (SIZES[0], "light"), (SIZES[1], "light"), (SIZES[2], "dark")]


@pytest.mark.parametrize("name", STATES)
def test_a_state_has_no_fault_in_either_theme_at_any_size(name: str, scene: Scene, pictures: Path | None) -> None:
    page = STATES[name](scene)
    line = page.context.new_cdp_session(page)
    wrong = []
    for size, theme in product(SIZES, THEMES) if pictures else IN_EVERY_RUN:
        resize(line, size)
        wear(page, theme)
        wrong += [f"{size.name} {theme}: {fault}" for fault in faults(page, size)]
        if pictures:
            keep(line, pictures / f"{name}-{size.name}-{theme}")
    assert wrong == [], "\n".join(wrong)
    assert page.problems == []
