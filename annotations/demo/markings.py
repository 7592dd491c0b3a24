"""Arrows that the radiologist left on the picture: white, pointing at the node, in both classes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from annotations.demo.shape import Outline

_FINE = 4


def draw_arrows(grey: NDArray[np.uint8], outline: Outline, number: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """The picture with this many arrows; their tips stop a few pixels short of the node's edge."""
    height, width = grey.shape
    layer = Image.new("L", (width * _FINE, height * _FINE))
    pen = ImageDraw.Draw(layer)
    length = float(np.clip(0.09 * min(height, width), 20, 42))
    for side in rng.permutation(4)[:number]:
        direction = side * np.pi / 2 + np.pi / 4 + rng.normal(0, 0.25)
        shaft = np.array([np.cos(direction), np.sin(direction)])
        tip = _edge(outline, shaft) + 4 * shaft
        if not (0 < tip[0] < width and 0 < tip[1] < height):
            shaft, tip = -shaft, _edge(outline, -shaft) - 4 * shaft
        _arrow(pen, tip * _FINE, shaft * _FINE, length)
    cover = np.asarray(layer.resize((width, height), Image.Resampling.BOX), dtype=np.float32) / 255
    return np.round(grey + cover * (245.0 - grey)).astype(np.uint8)


def _edge(outline: Outline, direction: NDArray[np.float64]) -> NDArray[np.float64]:
    """(x, y) where a ray from the node's centre last leaves the mask."""
    height, width = outline.mask.shape
    y0, x0 = outline.centre_yx
    steps = np.arange(0.0, height + width)[:, None] * direction + [x0, y0]
    column = np.clip(steps[:, 0].astype(int), 0, width - 1)
    row = np.clip(steps[:, 1].astype(int), 0, height - 1)
    seen = (steps >= 0).all(axis=1) & (steps[:, 0] < width) & (steps[:, 1] < height) & outline.mask[row, column]
    last = int(np.flatnonzero(seen)[-1]) if seen.any() else 0
    return np.asarray(steps[last])


def _arrow(pen: ImageDraw.ImageDraw, tip: NDArray[np.float64], shaft: NDArray[np.float64], length: float) -> None:
    across = np.array([-shaft[1], shaft[0]])
    neck = tip + shaft * length * 0.42
    outline = [tip, neck + across * length * 0.2, neck + across * length * 0.07]
    outline += [tip + shaft * length + across * length * 0.07, tip + shaft * length - across * length * 0.07]
    outline += [neck - across * length * 0.07, neck - across * length * 0.2]
    pen.polygon([tuple(p) for p in outline], fill=255)
