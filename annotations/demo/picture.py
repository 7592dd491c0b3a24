"""One case as a picture: anatomy, then the node, then the scanner, then the marks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from annotations.demo.beam import SCANNERS, envelope, grey_levels
from annotations.demo.markings import draw_arrows
from annotations.demo.neighbours import add_neighbours
from annotations.demo.node import draw_node
from annotations.demo.noise import Field, between, smooth_noise
from annotations.demo.plan import CaseSpec
from annotations.demo.shape import Outline, draw_outline
from annotations.demo.tissue import Tissue, lay_tissue


@dataclass(frozen=True, slots=True)
class Picture:
    """grey: uint8 (height, width); mask: bool of the same shape."""

    grey: NDArray[np.uint8]
    mask: NDArray[np.bool_]


def draw_case(case: CaseSpec) -> Picture:
    """Draw a case from its plan; the same plan gives the same pixels."""
    rng = np.random.default_rng(case.seed)
    scale, size = case.mm_per_px, (case.height_px, case.width_px)
    outline = _place(case, rng)
    top_mm = _top(case, outline, rng)
    push = max(0.5 * case.min_diameter_mm, 1.5) / scale
    tissue = lay_tissue(size, top_mm, scale, outline.distance_px, outline.centre_yx, push, rng)
    add_neighbours(tissue, outline.distance_px, top_mm, rng)
    draw_node(tissue, outline, case.answers, rng)
    depth = np.float32(top_mm) + np.float32(scale) * np.arange(size[0], dtype=np.float32)[:, None]
    scanner = SCANNERS[case.centre]
    amplitude = 10 ** (tissue.scatter_db / np.float32(20)) / np.float32(np.sqrt(2))
    echo = envelope(amplitude, tissue.mirror, depth, scale, scanner, rng)
    grey = grey_levels(echo, _gain(tissue, depth, outline, rng), scanner, rng)
    if case.arrows:
        grey = draw_arrows(grey, outline, case.arrows, rng)
    return Picture(grey, outline.mask)


def _place(case: CaseSpec, rng: np.random.Generator) -> Outline:
    """The node near the middle of the picture, lying more or less along the neck, wholly inside the frame."""
    long_px, short_px = case.max_diameter_mm / case.mm_per_px, case.min_diameter_mm / case.mm_per_px
    tilt = rng.normal(0, 0.2 + 0.5 * case.aspect_ratio**2)
    room_y, room_x = 0.45 * case.height_px, 0.45 * case.width_px
    while np.hypot(long_px * np.sin(tilt), short_px * np.cos(tilt)) > 2 * room_y:
        tilt *= 0.7
    half_x = np.hypot(long_px * np.cos(tilt), short_px * np.sin(tilt)) / 2
    half_y = np.hypot(long_px * np.sin(tilt), short_px * np.cos(tilt)) / 2
    free = np.array([max(room_y - half_y, 0), max(room_x - half_x, 0)])
    shift = np.clip(rng.normal(0, 0.4, 2), -0.9, 0.9) * free
    centre = (case.height_px / 2 + shift[0], case.width_px / 2 + shift[1])
    size = (case.height_px, case.width_px)
    irregular = case.answers["margin_regularity"] == "irregular"
    return draw_outline(size, centre, (long_px, short_px), float(tilt), irregular=irregular, rng=rng)


def _top(case: CaseSpec, outline: Outline, rng: np.random.Generator) -> float:
    """Depth in mm of the picture's upper edge. Cropped pictures begin deeper than the skin."""
    node_depth = rng.uniform(9, 19) + 0.25 * case.min_diameter_mm
    return max(0.0, float(node_depth - outline.centre_yx[0] * case.mm_per_px))


def _gain(tissue: Tissue, depth_mm: Field, outline: Outline, rng: np.random.Generator) -> Field:
    """dB by which each pixel is raised: what the tissue above took or spared, gain curve, contact, focal
    zone.
    """
    size, scale = tissue.scatter_db.shape, tissue.mm_per_px
    above = np.cumsum(tissue.loss_db_mm, axis=0) * np.float32(scale)
    gain = -gaussian_filter1d(above, 0.35 / scale, axis=1)
    middle = outline.centre_yx[0] * scale + depth_mm[0, 0]
    below = np.maximum(depth_mm - middle - 3, 0)
    gain -= np.float32(rng.uniform(0.2, 1.1)) * below  # attenuation that the gain curve does not make good
    gain += 3.0 * np.exp(-(((depth_mm - middle) / np.float32(8)) ** 2))
    gain += 0.9 * smooth_noise(rng, size, (20 / scale, 2.0 / scale))
    gain += np.float32(rng.normal(0, 2.0))
    if rng.random() < 0.3:  # one end of the probe has lost contact
        x = np.arange(size[1], dtype=np.float32)[None, :] * np.float32(scale)
        x = x if rng.random() < 0.5 else x[:, ::-1]
        gain -= 22 * (1 - between(x, 0, rng.uniform(2, 6)))
    return gain
