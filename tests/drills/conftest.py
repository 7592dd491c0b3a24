"""What every drill has: the real server, started once for a module, and a reader at a fresh study of two cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

pytest.register_assert_rewrite("tests.drills.reader")

from tests.drills.reader import Reader  # noqa: E402
from tests.drills.running import Server, running_on_demo_data  # noqa: E402


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_on_demo_data(tmp_path_factory) as server:
        yield server


@pytest.fixture
def context(chromium: Any) -> Iterator[Any]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    yield context
    context.close()


@pytest.fixture
def study(server: Server, request: pytest.FixtureRequest) -> dict[str, Any]:
    return server.desk.ask("study", title=request.node.name)  # type: ignore[no-any-return]


@pytest.fixture
def seat(server: Server, study: dict[str, Any]) -> Callable[[Any], Reader]:
    """Reader 1 at the first case of the study in a browser context of one's choice."""

    def sit(context: Any, session: str = "") -> Reader:
        return Reader(context, server.base, server.desk, session or study["session"], study["assignments"][0])

    return sit


@pytest.fixture
def reader(seat: Callable[[Any], Reader], context: Any) -> Reader:
    sitting = seat(context)
    sitting.open()
    return sitting
