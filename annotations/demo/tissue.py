"""The neck around the node: skin, fat with its septa, platysma, the sternocleidomastoid, deep fat and
prevertebral muscle.

Tissue is laid out flat, layer upon layer, and then bent: by the slope and waves of a real neck, and around
the node, which pushes the planes aside. Two maps describe it: scatterers (dB below white) and mirrors (linear
echo of interfaces).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.ndimage import map_coordinates

from annotations.demo.noise import Field, between, sheets, smooth_noise

_PAD_PX, _MARGIN_PX = 44, 12  # spare rows and columns that bending draws on
_FLAT_MM = np.float32(7)
_FRINGE_MM = 1.2  # how far a wavy border strays from its mean course


@dataclass(slots=True)
class Tissue:
    """Maps of one picture, each (height, width): scatter_db, mirror (linear), excess attenuation in dB per
    mm.
    """

    scatter_db: Field
    mirror: Field
    loss_db_mm: Field
    mm_per_px: float


def lay_tissue(
    size_yx: tuple[int, int], top_mm: float, mm_per_px: float, distance_px: Field,
    centre_yx: tuple[float, float], push_px: float, rng: np.random.Generator,
) -> Tissue:  # fmt: skip
    """Tissue of a picture that begins `top_mm` below the skin, bent around the node of this signed distance
    map.
    """
    padded = (size_yx[0] + 2 * _PAD_PX, size_yx[1] + 2 * _MARGIN_PX)
    scatter, mirror = _flat(padded, top_mm - _PAD_PX * mm_per_px, mm_per_px, rng)
    source = _bent(size_yx, top_mm, mm_per_px, distance_px, centre_yx, push_px, rng)
    scatter, mirror = (map_coordinates(m, source, order=1, mode="reflect") for m in (scatter, mirror))
    streaks = smooth_noise(rng, size_yx, (3.5 / mm_per_px, 1.3 / mm_per_px))
    return Tissue(scatter, mirror, np.float32(0.15) * streaks, mm_per_px)


def _flat(size: tuple[int, int], top_mm: float, scale: float, rng: np.random.Generator) -> tuple[Field, Field]:
    """Scatter and mirror maps of the layers before they are bent."""
    depth = (top_mm + scale * np.arange(size[0], dtype=np.float32))[:, None]
    across = np.linspace(-1, 1, size[1], dtype=np.float32)[None, :]
    skin = np.float32(rng.uniform(1.0, 1.6))
    fat = skin + np.float32(rng.uniform(1.5, 5.0)) + across * np.float32(rng.normal(0, 0.5))
    muscle = fat + np.float32(rng.uniform(4.0, 9.0)) * (1 - np.float32(rng.uniform(0, 0.35)) * across**2)
    muscle = muscle + across * np.float32(rng.normal(0, 1.2))
    deep = muscle + np.float32(rng.uniform(9.0, 18.0)) + across * np.float32(rng.normal(0, 2.0))

    scatter, mirror = np.zeros((2, *size), np.float32)
    ragged = 0.22 * smooth_noise(rng, size, (1.0 / scale, 1.8 / scale))
    for draw, upper, lower in (
        (_deep_fat, muscle - 1, deep + 1),
        (partial(_muscle, level_db=-42.0), fat, muscle),
        (partial(_muscle, level_db=-45.0), deep, np.float32(1e3)),
        (_fat, skin, fat),
        (_skin, np.float32(-1e3), skin),
    ):
        rows = _rows_between(depth, upper - _FRINGE_MM, lower + _FRINGE_MM)
        if rows.stop > rows.start:
            layer = draw((rows.stop - rows.start, size[1]), scale, rng)
            inside = np.minimum(depth[rows] - upper + ragged[rows], lower - depth[rows] - ragged[rows])
            share = between(inside, -0.3, 0.3)
            scatter[rows] += share * (layer[0] - scatter[rows])
            mirror[rows] += share * (layer[1] - mirror[rows])
    for border, strength in ((skin, 0.10), (fat, 0.24), (fat + 0.55, 0.12), (muscle, 0.2), (deep, 0.13)):
        rows = _rows_between(depth, border - _FRINGE_MM, border + _FRINGE_MM)
        if rows.stop > rows.start:
            line = np.float32(strength) * _fascia(scale, depth[rows] - border + np.zeros_like(across), rng)
            mirror[rows] += np.float32(0.6) * line
            scatter[rows] = brightened(scatter[rows], np.float32(0.8) * line)
    return scatter, mirror


def _rows_between(depth: Field, upper: Field | np.float32, lower: Field | np.float32) -> slice:
    """The rows that hold a layer: what lies elsewhere need not be drawn."""
    rows = np.flatnonzero((depth[:, 0] >= np.min(upper)) & (depth[:, 0] <= np.max(lower)))
    return slice(int(rows[0]), int(rows[-1]) + 1) if rows.size > 1 else slice(0, 0)


def brightened(scatter_db: Field, amplitude: Field) -> Field:
    """Scatterers of a linear amplitude added to those of a level in dB: rough interfaces speckle as they
    shine.
    """
    return 20 * np.log10(10 ** (scatter_db / np.float32(20)) + amplitude)


def _fascia(scale: float, offset_mm: Field, rng: np.random.Generator) -> Field:
    """A bright line near where offset is zero; along its way it thins, doubles and is lost."""
    size = offset_mm.shape
    wave = 0.3 * smooth_noise(rng, size, (4 / scale, 7 / scale)) + 0.1 * smooth_noise(
        rng, size, (1.0 / scale, 2.0 / scale)
    )
    strength = np.exp(0.8 * smooth_noise(rng, size, (1.2 / scale, 2.2 / scale)) - 0.5)
    seen = between(smooth_noise(rng, size, (4 / scale, 8 / scale)), -1.3, 0.5)
    thick = np.float32(0.10) + 0.06 * np.abs(smooth_noise(rng, size, (3 / scale, 3 / scale)))
    return seen * strength * np.exp(-(((offset_mm + wave) / thick) ** 2))


def _strands(
    size: tuple[int, int],
    scale: float,
    cell_mm: tuple[float, float],
    width_mm: float,
    rng: np.random.Generator,
) -> Field:
    """Connective strands: sheets that begin, fade and end, uneven in their strength."""
    field = smooth_noise(rng, size, (cell_mm[0] / scale, cell_mm[1] / scale))
    field += 0.12 * smooth_noise(rng, size, (cell_mm[0] / 3 / scale, cell_mm[1] / 4 / scale))
    strength = 1.1 * smooth_noise(rng, size, (cell_mm[0] * 0.5 / scale, cell_mm[1] * 0.3 / scale))
    strength += 0.9 * smooth_noise(rng, size, (3.5 / scale, 6 / scale))  # whole regions have many, or hardly any
    return sheets(field, width_mm / scale) * np.exp(strength - 1.4)


def _streaks(size: tuple[int, int], scale: float, rng: np.random.Generator) -> Field:
    """Fine lying texture, about 1 in SD: tissue planes too thin to be told apart."""
    fine = smooth_noise(rng, size, (0.28 / scale, 1.5 / scale))
    return fine + 0.8 * smooth_noise(rng, size, (0.6 / scale, 3.0 / scale))


def _fat(size: tuple[int, int], scale: float, rng: np.random.Generator) -> tuple[Field, Field]:
    """Dark lobules between bright septa."""
    scatter = (
        np.float32(-39) + 2.5 * smooth_noise(rng, size, (1.8 / scale, 4.0 / scale)) + 1.6 * _streaks(size, scale, rng)
    )
    septa = 0.30 * _strands(size, scale, (1.9, 7.0), 0.11, rng) + 0.16 * _strands(size, scale, (0.9, 3.0), 0.09, rng)
    return brightened(scatter, np.float32(0.7) * septa), np.float32(0.4) * septa


def _deep_fat(size: tuple[int, int], scale: float, rng: np.random.Generator) -> tuple[Field, Field]:
    """The echogenic fat and loose tissue of the carotid space, in which most nodes lie."""
    scatter = np.float32(rng.normal(-35, 1.2)) + 2.8 * smooth_noise(rng, size, (2.0 / scale, 5.0 / scale))
    scatter += 1.8 * smooth_noise(rng, size, (0.7 / scale, 1.6 / scale)) + 2.0 * _streaks(size, scale, rng)
    septa = 0.20 * _strands(size, scale, (1.8, 6.0), 0.13, rng) + 0.13 * _strands(size, scale, (0.8, 3.0), 0.10, rng)
    return brightened(scatter, np.float32(0.8) * septa), np.float32(0.3) * septa


def _muscle(size: tuple[int, int], scale: float, rng: np.random.Generator, *, level_db: float) -> tuple[Field, Field]:
    """Dark bundles with fine bright striations along the fibres."""
    scatter = (
        np.float32(level_db)
        + 2.0 * smooth_noise(rng, size, (2.5 / scale, 9.0 / scale))
        + 1.5 * _streaks(size, scale, rng)
    )
    fibres = smooth_noise(rng, size, (0.5 / scale, 4.0 / scale))
    scatter += 7 * between(fibres, 0.2, 1.8)
    septa = 0.10 * _strands(size, scale, (1.0, 8.0), 0.09, rng) + 0.05 * _strands(size, scale, (0.5, 4.0), 0.07, rng)
    return brightened(scatter, np.float32(0.7) * septa), np.float32(0.35) * septa


def _skin(size: tuple[int, int], scale: float, rng: np.random.Generator) -> tuple[Field, Field]:
    """Dermis: bright, finely layered."""
    scatter = (
        np.float32(-27) + 2.0 * smooth_noise(rng, size, (0.35 / scale, 5.0 / scale)) + 1.2 * _streaks(size, scale, rng)
    )
    return scatter, 0.06 * _strands(size, scale, (0.5, 7.0), 0.08, rng)


def _bent(
    size: tuple[int, int], top_mm: float, scale: float, distance_px: Field, centre_yx: tuple[float, float],
    push_px: float, rng: np.random.Generator,
) -> tuple[Field, Field]:  # fmt: skip
    """Where in the flat layout each pixel of the picture comes from: rows and columns."""
    y, x = np.mgrid[: size[0], : size[1]].astype(np.float32)
    wave = 0.8 / scale * smooth_noise(rng, size, (9 / scale, 12 / scale))
    wave += 0.25 / scale * smooth_noise(rng, size, (2.2 / scale, 3.2 / scale))
    wave += 0.07 / scale * smooth_noise(rng, size, (0.8 / scale, 1.3 / scale))
    slope = np.float32(np.clip(rng.normal(0, 0.07), -0.15, 0.15))
    outside = np.maximum(-distance_px, 0)
    pushed = np.float32(0.5) * np.exp(-outside / np.float32(push_px))
    free = np.minimum((np.float32(top_mm) + y * np.float32(scale)) / _FLAT_MM, 1)  # the probe keeps the skin flat
    rows = y - (y - np.float32(centre_yx[0])) * pushed * free + (wave + slope * (x - size[1] / 2)) * free
    sway = 0.5 / scale * smooth_noise(rng, size, (4 / scale, 6 / scale))
    return np.clip(rows + _PAD_PX, 0, size[0] + 2 * _PAD_PX - 1), x + _MARGIN_PX + sway
