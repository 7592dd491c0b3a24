"""Chromium and Firefox at the reading page by one script (drive.mjs): Playwright knows no Firefox but its own build."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).with_name("drive.mjs")
RESIST = {"privacy.resistFingerprinting": True}
KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "Chromium": ("chrome", {}),
    "Firefox": ("firefox", {}),
    "Firefox that resists fingerprinting": ("firefox", RESIST),
}
Step = list[Any]


def firefox() -> str | None:
    return shutil.which("firefox-esr") or shutil.which("firefox")


def drive(kind: str, ratio: float, address: str, session: str, steps: list[Step]) -> dict[str, Any]:
    """Take the steps in a fresh browser of that kind, on a screen of `ratio` device px to a CSS px.

    Returns `version`, `ratio` (what the page is told), `errors` of its console, and `said`: what the steps that look had to
    say, in order. Raises AssertionError with the driver's words.
    """
    browser, prefs = KINDS[kind]
    is_firefox = browser == "firefox"
    asked = {
        "browser": browser, "executable": firefox() if is_firefox else shutil.which("chromium"), "prefs": prefs,
        "args": ["--width=1440", "--height=1000"] if is_firefox else ["--no-sandbox"], "address": address, "session": session,
        "viewport": {"width": 1440, "height": 900, "deviceScaleFactor": ratio}, "steps": steps,
    }  # fmt: skip
    command = ["node", str(SCRIPT), json.dumps(asked)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=150, check=False)
    if done.returncode:
        raise AssertionError(f"{kind}, {ratio}: {done.stderr[-2000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))
