"""The reading page, timed as it is served by the real application, in Chromium, a floor beside it where there is one.

    python bench/drawing.py [frames] [large] [strokes] [large-strokes] [visit] [next]

The floor is a page that fills one rectangle on a canvas of the image's size. Machines are shared: look at floor and ours.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[0] = str(ROOT)  # not bench/, where our statistics.py would hide Python's own

import shutil
import tempfile

from bench.drawing_rows import Row, following, frames, strokes, visit
from bench.drawing_rows.stand import Stand

PARTS = {
    "frames": frames.small, "large": frames.large, "strokes": strokes.small, "large-strokes": strokes.large,
    "visit": visit.rows, "next": following.rows,
}  # fmt: skip


def main() -> None:
    from playwright.sync_api import sync_playwright

    asked = sys.argv[1:] or [*PARTS]
    stand = Stand(Path(tempfile.mkdtemp(prefix="lymphus-drawing-")))
    try:
        stand.start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            print(f"Chromium {browser.version}\n")
            print("| what | floor | ours | to reach |\n|---|---|---|---|")
            for name in asked:
                said(PARTS[name](stand, browser))
            browser.close()
    finally:
        stand.stop()
        shutil.rmtree(stand.server.var, ignore_errors=True)


def said(rows: list[Row]) -> None:
    for row in rows:
        print("| " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    main()
