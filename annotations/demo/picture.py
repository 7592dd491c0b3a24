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
    """Draw a case from its plan; the same plan gives the same pixels.

    Every stage has a generator of its own: another answer changes the node, never the neck around it.
    """
    placing, laying, beside, within, scanning, marking = np.random.default_rng(case.seed).spawn(6)
    scale, size = case.mm_per_px, (case.height_px, case.width_px)
    outline = _place(case, placing)
    top_mm = _top(case, outline, placing)
    push = max(0.5 * case.min_diameter_mm, 1.5) / scale
    tissue = lay_tissue(size, top_mm, scale, outline.distance_px, outline.centre_yx, push, laying)
    add_neighbours(tissue, outline.distance_px, top_mm, beside)
    draw_node(tissue, outline, case.answers, within)
    depth = np.float32(top_mm) + np.float32(scale) * np.arange(size[0], dtype=np.float32)[:, None]
    scanner = SCANNERS[case.centre]
    amplitude = 10 ** (tissue.scatter_db / np.float32(20)) / np.float32(np.sqrt(2))
    gain = _gain(tissue, depth, outline, scanning)
    echo = envelope(amplitude, tissue.mirror, depth, scale, scanner, scanning)
    grey = grey_levels(echo, gain, scanner, scanning)
    if case.arrows:
        grey = draw_arrows(grey, outline, case.arrows, marking)
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
    gain -= np.float32(rng.uniform(0.3, 1.3)) * below  # attenuation that the gain curve does not make good
    gain += 3.0 * np.exp(-(((depth_mm - middle) / np.float32(8)) ** 2))
    gain += 0.9 * smooth_noise(rng, size, (20 / scale, 2.0 / scale))
    # whoever saved the picture had set the gain for the node
    gain += np.float32(rng.normal(0, 1.5)) - np.float32(0.8) * gain[outline.mask].mean()
    if rng.random() < 0.3:  # one end of the probe has lost contact
        gain += _lost_contact(outline, scale, rng)
    return gain


def _lost_contact(outline: Outline, scale: float, rng: np.random.Generator) -> Field:
    """A dark band along the left or right edge of the picture that stops short of the node."""
    columns = np.flatnonzero(outline.mask.any(axis=0))
    width = outline.mask.shape[1]
    left = columns[0] > width - columns[-1]
    free_mm = scale * (columns[0] if left else width - columns[-1])
    from_edge = np.arange(width, dtype=np.float32)[:: 1 if left else -1] * np.float32(scale)
    return -22 * (1 - between(from_edge, 0, max(0.5, min(free_mm, rng.uniform(2, 6)))))[None, :]
