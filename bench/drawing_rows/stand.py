"""The real application with cases to draw on, and a reader's browser at its reading page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.drawing_rows.cases import SIZES, archive, scales
from tests.drills.running import Server
from tests.e2e.served import manage

VIEWPORT = {"width": 1440, "height": 900}


class Stand:
    """`manage.py serve` in a folder of its own, four published cases of each size, and as many fresh studies as asked."""

    def __init__(self, var: Path) -> None:
        self.server = Server(var)

    def start(self) -> None:
        self.server.start()
        var = self.server.var
        zips = [str(archive(var, centre)) for centre in range(1, len(SIZES) + 1)]
        words = ["--dataset", "bench", "--spacing", str(scales(var)), "--synthetic", "--accept-warnings", "--publish"]
        manage(var, "import_lymphus", *zips, *words)

    def stop(self) -> None:
        self.server.desk.close()
        self.server.stop()

    def study(self, width: int, cases: int = 1) -> dict[str, Any]:
        """A fresh open study of cases of that width: `assignments` in reading order, `session` of their reader."""
        return dict(self.server.desk.ask("study", title="bench", width=width, cases=cases))

    def address(self, assignment: str) -> str:
        return f"{self.server.base}/read/{assignment}/"

    @contextmanager
    def seat(self, browser: Any, session: str, **options: Any) -> Iterator[Any]:
        """A page in a browser context of its own with the reader's log-in."""
        context = browser.new_context(viewport=VIEWPORT, **options)
        context.set_default_timeout(60_000)
        cookie = {"name": "sessionid", "value": session, "url": self.server.base, "httpOnly": True, "sameSite": "Lax"}
        context.add_cookies([cookie])
        try:
            yield context.new_page()
        finally:
            context.close()

    def open(self, page: Any, assignment: str) -> None:
        page.goto(self.address(assignment))
        page.wait_for_selector("html[data-ready]")
