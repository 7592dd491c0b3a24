"""The reading page against a stand-in server: a browser context of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

pytest.register_assert_rewrite("tests.browser.hand")

from tests.browser.fake_server import FakeServer  # noqa: E402
from tests.browser.hand import HEIGHT, SPACING, WIDTH, gradient, open_page  # noqa: E402


@pytest.fixture
def server() -> Iterator[FakeServer]:
    running = FakeServer(gradient(), WIDTH, HEIGHT, spacing=SPACING).start()
    yield running
    running.stop()


@pytest.fixture
def context(chromium: Any) -> Iterator[Any]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(40_000)
    yield context
    context.close()


@pytest.fixture
def page(context: Any, server: FakeServer) -> Any:
    return open_page(context, server)
