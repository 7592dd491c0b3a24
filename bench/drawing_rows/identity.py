"""Pixel identity, browser to server to browser: in Chromium, in Firefox, and in Firefox that resists fingerprinting."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from bench.drawing_rows.frames import Row
from bench.drawing_rows.stand import VIEWPORT, Stand

SCRIPT = Path(__file__).with_name("identity.mjs")
RATIOS = (1, 1.5, 2)
RESIST = {"privacy.resistFingerprinting": True}
KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "Chromium": ("chrome", {}),
    "Firefox": ("firefox", {}),
    "Firefox, resistFingerprinting": ("firefox", RESIST),
}


def rows(stand: Stand) -> list[Row]:
    found: list[Row] = []
    for kind in KINDS:
        for ratio in RATIOS:
            study = stand.study(826)
            seen = compared(stand.address(study["assignments"][0]), study["session"], kind, ratio)
            what = f"differing pixels of {seen['area']:,}, {kind}, scale {ratio:g} (page sees {seen['ratio']:g})"
            found.append((what, "", f"{seen['stored']} stored, {seen['again']} after reload", "0"))
    return found


def compared(address: str, session: str, kind: str, ratio: float) -> dict[str, Any]:
    """Draw at that address; `area` drawn, px, and how many of all px differ: `stored` on the server, `again` after a reload."""
    browser, prefs = KINDS[kind]
    firefox = browser == "firefox"
    asked = {
        "browser": browser, "executable": shutil.which("firefox-esr" if firefox else "chromium"), "address": address,
        "session": session, "viewport": {**VIEWPORT, "deviceScaleFactor": ratio},
        "args": ["--width=1440", "--height=1000"] if firefox else ["--no-sandbox"],
        "prefs": {**prefs, "layout.css.devPixelsPerPx": str(ratio)} if firefox else {},
    }  # fmt: skip
    done = subprocess.run(
        ["node", str(SCRIPT), json.dumps(asked)], capture_output=True, text=True, timeout=90, check=False
    )
    if done.returncode:
        raise AssertionError(f"{kind}, {ratio}: {done.stderr[-2000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))
