"""The reading page in Firefox: the same mouse stores the same mask as in Chromium, pixel by pixel, and it looks the same.

With `privacy.resistFingerprinting` Firefox falsifies what is read back from a canvas and tells the page another screen than
there is; neither may reach a mask. The figures stand in docs/drawing.md.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest

from tests.drills.driven import KINDS, Step, drive, firefox
from tests.drills.running import Server

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        firefox() is None,
        reason="Firefox is not installed: `make drills-firefox` installs firefox-esr, or apt-get does",
    ),
]
quick, slow = pytest.mark.drill, pytest.mark.slow_drill
RESISTING = "Firefox that resists fingerprinting"
Seen = dict[str, Any]
Read = Callable[[str, float, list[Step]], Seen]


def drag(*points: tuple[int, int]) -> Step:
    """By the left button through pixels of the image."""
    return ["drag", [[x + 0.5, y + 0.5] for x, y in points]]


DRAWN: list[Step] = [
    ["press", "b"],
    drag((330, 250), (345, 265), (530, 400), (480, 590), (310, 600)),
    ["press", "e"],
    drag((290, 400), (520, 530)),
    ["press", "p"],
    *(["click", [x + 0.5, y + 0.5]] for x, y in ((600, 500), (700, 510), (690, 640), (580, 630))),
    ["press", "Enter"],
    ["saved"],
    ["held"],
    ["stored"],
    # a page that begins from the server writes down what it holds after a stroke and its undo
    ["reopen"],
    ["press", "b"],
    drag((100, 100), (120, 110)),
    ["press", "Control+z"],
    ["saved"],
    ["held"],
]


@pytest.fixture(scope="module")
def read(server: Server) -> Read:
    """Takes steps at the first case of a fresh study; images of 826 px, so that every study shows one of the same size."""

    def at(kind: str, ratio: float, steps: list[Step]) -> Seen:
        study = server.desk.ask("study", title=f"{kind} {ratio}", width=826, cases=1)
        seen = drive(kind, ratio, f"{server.base}/read/{study['assignments'][0]}/", study["session"], steps)
        assert seen["errors"] == []
        return seen

    return at


@pytest.fixture(scope="module")
def by_chromium(read: Read) -> Callable[[float], Seen]:
    """What Chromium holds at that ratio; drawn once."""
    known: dict[float, Seen] = {}

    def at(ratio: float) -> Seen:
        if ratio not in known:
            known[ratio] = read("Chromium", ratio, DRAWN)["said"][0]
        return known[ratio]

    return at


@pytest.mark.parametrize(
    "kind, ratio",
    [
        pytest.param(kind, ratio, marks=quick if (kind, ratio) == ("Firefox", 1) else slow)
        for kind in KINDS
        for ratio in (1, 1.5, 2)
    ],
)
def test_the_same_mouse_stores_the_same_mask(
    read: Read, by_chromium: Callable[[float], Seen], kind: str, ratio: float
) -> None:
    """Held by the page, stored by the server, held by the page that begins from the server: one mask, at every ratio."""
    seen = read(kind, ratio, DRAWN)
    held, stored, again = seen["said"]
    assert held == by_chromium(1)
    assert {"sha256": stored["mask_sha256"], "area": stored["area"]} == held
    assert stored["sha256"] == held["sha256"]
    assert again == held
    if kind != RESISTING:
        assert seen["ratio"] == ratio


def whole_case(folder: Path) -> list[Step]:
    """A case drawn, looked at in four ways, answered and handed in; the pictures of the stage go into `folder`."""
    aside: Step = ["move", [600.5, 300.5]]

    def look(name: str) -> list[Step]:
        return [aside, ["pause", 300], ["shot", str(folder / f"{name}.png")]]

    outline = drag((330, 250), (345, 265), (530, 400), (480, 590), (310, 600), (330, 250))
    keys = [["press", f"Digit{key}"] for key in "11" + "111" + "22" + "1111" + "1111"]
    return [
        ["press", "b"], outline, ["press", "f"], *look("fill"),
        ["press", "e"], drag((350, 500), (500, 520)), ["press", "Control+z"], ["press", "Control+z"], *look("undone"),
        ["press", "Control+y"], ["press", "c"], ["press", "o"], *look("window and outline"), ["press", "o"],
        ["press", "i"], ["press", "u"], *look("inverted within the mask"), ["press", "u"],
        ["wait", "[data-code=max_diameter_mm] .propose:not([hidden])"], *keys,
        ["type", "42"], ["press", "Enter"], ["press", "Digit1"],
        ["saved"], ["text", "#open-link"], ["stored"], ["press", "Control+Enter"], ["left"],
    ]  # fmt: skip


@slow
def test_a_whole_case_looks_and_ends_the_same(read: Read, tmp_path: Path) -> None:
    """Image, window, fill, outline, fusion, cursor and scale bar differ by no more than smoothing does; undo and hand in."""
    said = {}
    for kind in ("Chromium", "Firefox"):
        (tmp_path / kind).mkdir()
        said[kind] = read(kind, 1, whole_case(tmp_path / kind))["said"]
    (done, stored), (done_there, stored_there) = said["Firefox"], said["Chromium"]
    assert done == done_there == "complete"
    assert stored["sha256"] == stored["mask_sha256"] == stored_there["sha256"]
    # proposed diameters end where the one's square roots and the other's end: alike to the twelfth digit
    lengths, lengths_there = _diameters(stored["answers"]), _diameters(stored_there["answers"])
    assert lengths == [pytest.approx(points, abs=1e-9) for points in lengths_there]
    assert stored["answers"] == stored_there["answers"]
    assert len(stored["answers"]) == 13
    names = sorted(path.name for path in (tmp_path / "Chromium").iterdir())
    assert len(names) == 4
    pictures = [_picture(tmp_path / "Chromium" / name) for name in names]
    for name, ours in zip(names, pictures, strict=True):
        differs = np.abs(ours - _picture(tmp_path / "Firefox" / name))
        assert differs.mean() < 1, name
        assert (differs > 24).mean() < 0.001, name
    # and the four are not one picture, which a page that paints nothing would pass with
    assert all(np.abs(one - other).mean() > 1 for one, other in pairwise(pictures))


def _diameters(answers: dict[str, Any]) -> list[list[float]]:
    """Takes both diameters out of the answers: their end points."""
    return [answers.pop(f"{which}_diameter_mm")["value"]["points"] for which in ("max", "min")]


def _picture(path: Path) -> np.ndarray:
    with PIL.Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"), dtype=np.int16)
