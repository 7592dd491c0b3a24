"""Fixtures of every test: where the shared material lies, a browser, and nothing else."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation

# Playwright's loop runs in this thread; Django's guard against blocking calls in it has no say in a test
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that start servers and databases of their own take longest: begun first, no worker waits for them at the end."""
    items.sort(
        key=lambda item: item.get_closest_marker("e2e") is None or item.get_closest_marker("django_db") is not None
    )


@pytest.fixture(autouse=True)
def no_language_left_behind() -> Iterator[None]:
    """A request in another language leaves it active in its thread, which is every test's."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared material (oracles, real images, hostile inputs), or a skip that says so."""
    folder = Path(settings.LYMPHUS_SHARED)
    if not folder.is_dir():
        pytest.skip(f"the shared material is not at LYMPHUS_SHARED ({folder.name}/): this test needs it")
    return folder


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Debian's Chromium under Playwright: its headless shell where there is one, which takes a third less of a test's time."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if path is None:
        pytest.fail("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-quic"])
        yield browser
        browser.close()
