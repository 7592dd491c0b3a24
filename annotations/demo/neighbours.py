"""What lies beside a cervical node: carotid and jugular in cross-section, a lobe of the thyroid, and the
shadow of cartilage.
"""

from __future__ import annotations

import numpy as np

from annotations.demo.noise import Field, between, smooth_noise
from annotations.demo.tissue import Tissue, brightened

_LUMEN_DB = -67.0
_GAP_MM = 0.6


def add_neighbours(tissue: Tissue, node_distance_px: Field, top_mm: float, rng: np.random.Generator) -> None:
    """Draw into the tissue whatever finds room beside the node (signed distance map, inside positive)."""
    scale = tissue.mm_per_px
    height, width = (n * scale for n in tissue.scatter_db.shape)
    side = rng.choice([-1, 1])
    edge = width / 2 * (1 + side)
    taken = node_distance_px * np.float32(scale)
    if rng.random() < 0.25:
        taken = _cartilage(tissue, edge, height * rng.uniform(0.55, 0.85), taken, rng)
    if rng.random() < 0.35 and top_mm + height > 12:
        centre = (max(height * rng.uniform(0.35, 0.6), 9 - top_mm), edge - side * rng.uniform(-2, 4))
        _thyroid(tissue, centre, (rng.uniform(6, 9), rng.uniform(7, 12)), taken, rng)
    if rng.random() < 0.55:  # the carotid
        radius = rng.uniform(2.4, 3.6)
        centre = (height * rng.uniform(0.5, 0.85), width * rng.uniform(0.12, 0.88))
        radii = (radius, radius * rng.uniform(0.95, 1.1))
        taken = _vessel(tissue, centre, radii, rng.uniform(0.05, 0.14), taken, rng)
    if rng.random() < 0.45:  # a vein
        radius = rng.uniform(1.2, 2.6)
        centre = (height * rng.uniform(0.3, 0.7), width * rng.uniform(0.08, 0.92))
        stretch = rng.uniform(1.4, 2.4) if rng.random() < 0.75 else 12.0  # cut across, or along
        _vessel(tissue, centre, (radius, radius * stretch), rng.uniform(0.03, 0.08), taken, rng)


def _inward_mm(
    tissue: Tissue,
    centre_mm: tuple[float, float],
    radii_mm: tuple[float, float],
    wave: float,
    rng: np.random.Generator,
) -> Field:
    """About the distance in mm from the edge of a wavy ellipse, inside positive."""
    size, scale = tissue.scatter_db.shape, tissue.mm_per_px
    y, x = np.mgrid[: size[0], : size[1]].astype(np.float32) * np.float32(scale)
    dy = (y - np.float32(centre_mm[0])) / np.float32(radii_mm[0])
    dx = (x - np.float32(centre_mm[1])) / np.float32(radii_mm[1])
    inward = np.asarray((1 - np.hypot(dy, dx)) * np.float32(min(radii_mm)), np.float32)
    if wave:
        inward = inward + np.float32(wave) * smooth_noise(rng, size, (3.5 / scale, 4.5 / scale))
    return inward


def _lying(inward: Field) -> Field:
    """How square to the beam the surface is (0 to 1): such walls are bright, the sides of a tube drop out."""
    gy, gx = np.gradient(inward)
    return np.asarray(gy * gy / (gy * gy + gx * gx + np.float32(1e-9)), np.float32)


def _vessel(
    tissue: Tissue, centre_mm: tuple[float, float], radii_mm: tuple[float, float], wall: float, taken: Field,
    rng: np.random.Generator,
) -> Field:  # fmt: skip
    """An anechoic lumen with walls, haze near its front wall, and enhancement behind.

    Not drawn where something is in the way. `taken` (mm, inside positive) is returned with the vessel in it.
    """
    inward = _inward_mm(tissue, centre_mm, radii_mm, 0.3, rng)
    if (taken[inward > -0.5] > -_GAP_MM).any():
        return taken
    lumen = between(inward, -0.1, 0.15)
    haze = 15 * np.exp(-np.maximum(inward, 0) / np.float32(rng.uniform(0.4, 1.1)))
    tissue.scatter_db += lumen * (np.float32(_LUMEN_DB) + haze - tissue.scatter_db)
    tissue.mirror *= 1 - lumen
    lying = _lying(inward)
    uneven = np.exp(0.9 * smooth_noise(rng, inward.shape, (2 / tissue.mm_per_px, 2 / tissue.mm_per_px)) - 0.2)
    for offset, strength in ((0.0, 0.6), (-rng.uniform(0.35, 0.6), 1.0)):  # intima, adventitia
        line = np.float32(wall * strength) * np.exp(-(((inward - offset) / np.float32(0.13)) ** 2)) * uneven
        tissue.mirror += line * lying**2
        tissue.scatter_db = brightened(tissue.scatter_db, np.float32(0.3) * line * lying)
    tissue.loss_db_mm -= np.float32(0.55) * lumen
    return np.maximum(taken, inward)


def _thyroid(
    tissue: Tissue,
    centre_mm: tuple[float, float],
    radii_mm: tuple[float, float],
    taken: Field,
    rng: np.random.Generator,
) -> None:
    """A homogeneous, fairly bright gland with a thin capsule, cut off by whatever is there already."""
    size, scale = tissue.scatter_db.shape, tissue.mm_per_px
    inward = np.minimum(_inward_mm(tissue, centre_mm, radii_mm, 0.35, rng), -taken - _GAP_MM)
    inward = inward + 0.2 * smooth_noise(rng, size, (1.0 / scale, 1.6 / scale))
    level = np.float32(rng.uniform(-36, -33)) + 1.6 * smooth_noise(rng, size, (2.0 / scale, 3.0 / scale))
    level += 1.2 * smooth_noise(rng, size, (0.5 / scale, 0.8 / scale))
    gland = between(inward, -0.35, 0.4)
    tissue.scatter_db += gland * (level - tissue.scatter_db)
    tissue.mirror *= 1 - np.float32(0.85) * gland
    uneven = np.exp(0.9 * smooth_noise(rng, size, (2 / scale, 3 / scale)) - 0.4)
    tissue.mirror += np.float32(0.07) * uneven * _lying(inward) ** 2 * np.exp(-((inward / np.float32(0.13)) ** 2))


def _cartilage(tissue: Tissue, x_mm: float, y_mm: float, taken: Field, rng: np.random.Generator) -> Field:
    """A bright surface in a lower corner, black behind it, unless it would shadow the node; then `taken`."""
    radius = rng.uniform(7, 12)
    inward = _inward_mm(tissue, (y_mm + radius, x_mm), (radius, radius * rng.uniform(0.9, 1.5)), 0.7, rng)
    if (taken[inward > -1.0] > 0).any():
        return taken
    tissue.mirror *= 1 - np.float32(0.9) * between(inward, 0.1, 0.8)
    lying = _lying(inward)
    tissue.mirror += np.float32(rng.uniform(0.15, 0.4)) * lying**2 * np.exp(-((inward / np.float32(0.2)) ** 2))
    tissue.scatter_db -= 16 * between(inward, 0.1, 1.5)
    tissue.loss_db_mm += np.float32(3.0) * between(inward, 0.0, 0.6)
    return np.maximum(taken, inward)
