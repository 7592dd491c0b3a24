"""The flowchart's geometry: boxes on a middle line, what left it to the right, centres below. The template draws it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from annotations.inclusion import CentreCount, Inclusion, Reason

WIDTH, BOX, SIDE, GAP, LINE = 720, 250, 330, 28, 17
_MIDDLE, _SIDE_X = 190, 720 - SIDE
_SHOWN, _LETTERS = 5, 46


@dataclass(frozen=True, slots=True)
class Box:
    """User units. `lines`: (y of the baseline, words); the first is the count."""

    x: float
    y: float
    width: float
    height: float
    lines: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    boxes: tuple[Box, ...]
    arrows: tuple[tuple[float, float, float, float], ...]
    lines: tuple[tuple[float, float, float, float], ...]
    width: int
    height: float


class _Drawing:
    """Boxes set one below the other; each thing that leaves stands between two of them."""

    def __init__(self) -> None:
        self.boxes: list[Box] = []
        self.arrows: list[tuple[float, float, float, float]] = []
        self.lines: list[tuple[float, float, float, float]] = []
        self.y = self._last_end = 1.0

    def step(self, words: list[str]) -> None:
        box = _box(_MIDDLE - BOX / 2, self.y, BOX, words)
        if self.boxes:
            self.arrows.append((_MIDDLE, self._last_end, _MIDDLE, self.y))
        self.boxes.append(box)
        self.y = self._last_end = box.y + box.height

    def leave(self, words: list[str]) -> None:
        box = _box(_SIDE_X, self.y + GAP / 2, SIDE - 1, words)
        middle = box.y + box.height / 2
        self.arrows.append((_MIDDLE, middle, _SIDE_X, middle))
        self.boxes.append(box)
        self.y = box.y + box.height + GAP / 2

    def down(self) -> None:
        self.y += GAP if self.y == self._last_end else 0

    def centres(self, centres: tuple[CentreCount, ...]) -> None:
        start, top = self._last_end, self._last_end + GAP
        self.lines.append((_MIDDLE, start, _MIDDLE, start + GAP / 2))
        wide = (WIDTH - 2 - (len(centres) - 1) * 16) / len(centres)
        for i, centre in enumerate(centres):
            words = [_("%(n)d  %(name)s") % {"n": centre.count, "name": centre.name}]
            words += [", ".join(f"{n} {label}" for label, n in centre.by_status)] if centre.by_status else []
            box = _box(1 + i * (wide + 16), top, wide, words)
            self.boxes.append(box)
            across = box.x + wide / 2
            self.arrows.append((across, start + GAP / 2, across, top))
            self.lines.append((_MIDDLE, start + GAP / 2, across, start + GAP / 2))
            self.y = max(self.y, box.y + box.height)


def draw_inclusion(flow: Inclusion) -> Chart:
    drawing = _Drawing()
    if flow.found is not None:
        drawing.step([_("%d  rows found in the sheets") % flow.found])
        if flow.refused or flow.repeated:
            drawing.leave([_("%d  refused or left out at the import") % (flow.refused or 0), *_reasons(flow.refusals),
                           *([_("%d  rows said twice") % flow.repeated] if flow.repeated else [])])  # fmt: skip
        drawing.down()
    drawing.step([_("%d  cases stored") % flow.stored])
    if flow.left_out:
        drawing.leave([_("%d  left out by a curator") % flow.left_out, *_reasons(flow.reasons)])
    drawing.down()
    drawing.step([_("%d  cases in") % flow.included])
    if flow.centres:
        drawing.centres(flow.centres)
    return Chart(tuple(drawing.boxes), tuple(drawing.arrows), tuple(drawing.lines), WIDTH, round(drawing.y + 1, 1))


def _reasons(reasons: tuple[Reason, ...]) -> list[str]:
    """The commonest; the table below the picture has them all, in full."""
    shown = [
        f"{r.count}  {r.text if len(r.text) <= _LETTERS else r.text[: _LETTERS - 1] + '…'}" for r in reasons[:_SHOWN]
    ]
    rest = sum(r.count for r in reasons[_SHOWN:])
    return shown + ([_("%d  for other reasons") % rest] if rest else [])


def _box(x: float, y: float, width: float, words: list[str]) -> Box:
    lines = tuple((round(y + 19 + i * LINE, 1), text) for i, text in enumerate(words))
    return Box(round(x, 1), round(y, 1), round(width, 1), 12 + LINE * len(words), lines)
