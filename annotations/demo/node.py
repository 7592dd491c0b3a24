"""The node itself, drawn so that its picture shows what its row says.

Hypo-, hyper- and isoechogenicity and the internal component are shown first; an answer that contradicts them
is not drawn (see contradictions.py): a cyst only in a node of mixed content, bright parts only in a
hyperechoic one, whichever echogenicity is called prominent.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.ndimage import gaussian_filter

from annotations.demo.noise import Field, between, sheets, smooth_noise
from annotations.demo.shape import Outline
from annotations.demo.tissue import Tissue

_HYPO_DB, _HYPER_DB, _FLUID_DB = -45.0, -30.0, -74.0


def draw_node(tissue: Tissue, outline: Outline, answers: Mapping[str, str], rng: np.random.Generator) -> None:
    """Draw the node of this outline into the tissue, in place."""
    around_db = _surroundings(tissue, outline)
    level = _parenchyma(outline, answers, around_db, tissue.mm_per_px, rng)
    mirror = np.zeros_like(level)
    if answers["fatty_hilum_loss"] == "absent":
        level, mirror = _hilum(level, outline, answers, tissue.mm_per_px, rng)
    elif answers["centrality"] == "eccentric":
        level = _remnant(level, outline, tissue.mm_per_px, rng)
    if answers["necrosis"] == "coagulative":
        level = level - 10 * _patches(outline, 0.4, tissue.mm_per_px, rng, soft=0.55)
    fluid = _fluid(outline, answers, tissue.mm_per_px, rng)
    level += fluid * (np.float32(_FLUID_DB) - level)
    mirror *= 1 - fluid
    mirror += _fluid_walls(fluid)
    if answers["microcalcifications"] == "present":
        mirror += _calcifications(outline, fluid, tissue.mm_per_px, rng)
    _set_into(tissue, outline, level, mirror, fluid, answers, rng)


def _surroundings(tissue: Tissue, outline: Outline) -> float:
    """Mean level of the tissue within 3 mm of the node, its strands included: what isoechoic means for this
    node.
    """
    scale = tissue.mm_per_px
    ring = (outline.distance_px < 0) & (outline.distance_px > -3 / scale)
    power = 10 ** (tissue.scatter_db[ring] / 10) * 2 + tissue.mirror[ring] ** 2 * 0.5
    return float(10 * np.log10(np.median(power) / 2))


def _parenchyma(
    outline: Outline, answers: Mapping[str, str], around_db: float, scale: float, rng: np.random.Generator
) -> Field:
    """Level in dB of the solid tissue: its echogenicities and how evenly they lie."""
    size = outline.mask.shape
    fine = smooth_noise(rng, size, (0.5 / scale, 0.7 / scale))
    coarse = smooth_noise(rng, size, (2.0 / scale, 2.6 / scale))
    hypo, hyper = answers["hypoechoic"] == "yes", answers["hyperechoic"] == "yes"
    uneven = answers["homogeneity"] == "heterogeneous"
    dark = min(_HYPO_DB + rng.normal(0, 2.0), around_db - 8.5)
    bright = max(_HYPER_DB + rng.normal(-1, 1.5), dark + 12)
    if hypo and hyper:
        share = 0.6 if answers["prominent_echogenicity"] == "hyperechoic" and uneven else 0.27
        level = np.float32(dark) + np.float32(bright - dark) * _patches(outline, share, scale, rng)
    elif hyper:
        level = np.full(size, max(_HYPER_DB, around_db + 7), np.float32)
    elif hypo:
        level = np.full(size, dark, np.float32)
    else:
        level = np.full(size, around_db, np.float32)
    ripple = (1.8, 2.4) if uneven else (0.6, 0.8)
    return level + np.float32(ripple[0]) * fine + np.float32(ripple[1]) * coarse


def _patches(outline: Outline, share: float, scale: float, rng: np.random.Generator, soft: float = 1.0) -> Field:
    """0 to 1: cloudy parts that take about this share of the node and keep off its very edge."""
    size = outline.mask.shape
    breadth = float(np.clip(outline.distance_px.max() * scale * 0.9, 0.7, 3.0))
    cloud = smooth_noise(rng, size, (breadth / scale, 1.3 * breadth / scale))
    cloud += 0.7 * smooth_noise(rng, size, (breadth / 3 / scale, breadth / 2.4 / scale))
    cloud -= 1.2 * (1 - between(outline.distance_px, 0, 0.5 * breadth / scale))
    softness = soft * rng.uniform(0.7, 1.3)
    threshold = float(np.quantile(cloud[outline.mask], 1 - share))
    return between(cloud, threshold - softness, threshold + softness)


def _hilum(
    level: Field, outline: Outline, answers: Mapping[str, str], scale: float, rng: np.random.Generator
) -> tuple[Field, Field]:
    """The echogenic fatty hilum: strands and fat along the node's middle, often open to the deep side."""
    size = outline.mask.shape
    off = rng.uniform(0.25, 0.4) * rng.choice([-1, 1]) if answers["centrality"] == "eccentric" else rng.normal(0, 0.11)
    length, thickness = rng.uniform(0.45, 0.78), rng.uniform(0.28, 0.54)
    u = (outline.along - np.float32(rng.normal(0, 0.1))) / np.float32(length)
    v = (outline.across - np.float32(off)) / np.float32(thickness)
    rough = 0.24 * smooth_noise(rng, size, (1.2 / scale, 2.6 / scale))
    rough += 0.09 * smooth_noise(rng, size, (0.5 / scale, 1.1 / scale))
    inside = 1 - np.hypot(u, v) + rough
    rim = 0.45 * float(outline.distance_px.max())  # some cortex is left, however slim the node
    inside = np.minimum(inside, (outline.distance_px - np.float32(min(rim, 0.5 / scale))) * np.float32(scale))
    if rng.random() < 0.6:  # where the vessels enter
        stalk = (
            0.3 - np.abs(u - np.float32(rng.normal(0, 0.25))) + np.minimum(v * np.float32(np.sign(off) or 1), 0) + rough
        )
        inside = np.maximum(inside, stalk)
    hilum = between(inside, -0.2, 0.3)
    clouds = smooth_noise(rng, size, (0.7 / scale, 1.6 / scale))
    fat_db = np.float32(rng.uniform(-32, -27)) + 2.5 * clouds
    strands = sheets(smooth_noise(rng, size, (0.8 / scale, 3.0 / scale)), 0.09 / scale, lying=1.0)
    return level + hilum * (fat_db - level), np.float32(0.10) * hilum * strands * np.exp(0.6 * clouds)


def _remnant(level: Field, outline: Outline, scale: float, rng: np.random.Generator) -> Field:
    """What a cortex thick on one side leaves of the hilum: a faint sliver pressed against the other side."""
    side = np.float32(rng.choice([-1, 1]) * rng.uniform(0.5, 0.65))
    rough = 0.5 * smooth_noise(rng, outline.mask.shape, (0.9 / scale, 1.2 / scale))
    bend = side * (1 - 0.3 * outline.along**2)
    sliver = 1 - np.hypot(outline.along / np.float32(0.5), (outline.across - bend) / np.float32(0.13)) + rough
    return level + between(sliver, 0.0, 0.5) * (np.float32(-36) - level)


def _fluid(outline: Outline, answers: Mapping[str, str], scale: float, rng: np.random.Generator) -> Field:
    """0 to 1: cavities with sharp walls; one large ragged one for cystic necrosis, round ones for cysts."""
    size = outline.mask.shape
    cavity = np.full(size, -1, np.float32)
    if answers["internal_component"] == "mixed":
        if answers["necrosis"] == "cystic":
            cavity = np.maximum(cavity, _cavity(outline, (0.3, 0.5), 0.19, scale, rng))
        if answers["intranodal_cystic_lesion"] == "present":
            for _ in range(int(rng.integers(1, 4))):
                cavity = np.maximum(cavity, _cavity(outline, (0.17, 0.3), 0.05, scale, rng))
    return between(np.minimum(cavity, (outline.distance_px * scale - 0.5) / 2), 0.0, 0.09)


def _cavity(
    outline: Outline, share: tuple[float, float], ragged: float, scale: float, rng: np.random.Generator
) -> Field:
    """Positive inside one cavity, whose radius is a share of the node's axes but never less than 0.9 mm."""
    spot = rng.uniform(-0.45, 0.45, 2)
    parts = []
    for axis, middle, semi_axis in zip((outline.along, outline.across), spot, outline.semi_axes_px):
        radius = max(rng.uniform(*share) * semi_axis, 0.9 / scale)
        parts.append((axis - np.float32(middle)) * np.float32(semi_axis / radius))
    rough = np.float32(ragged) * smooth_noise(rng, outline.mask.shape, (2.0 / scale, 2.2 / scale))
    return 1 - np.hypot(*parts) + rough


def _fluid_walls(fluid: Field) -> Field:
    gy, gx = np.gradient(gaussian_filter(fluid, 1.0))
    return np.float32(0.014) * np.minimum(gy * gy / (np.hypot(gy, gx) + np.float32(1e-3)) * 6, 1)


def _calcifications(outline: Outline, fluid: Field, scale: float, rng: np.random.Generator) -> Field:
    """Bright foci below the beam's resolution, loosely clustered, a few to some twenty."""
    allowed = (outline.distance_px > 0.5 / scale) & (fluid < 0.1)
    rows, columns = np.nonzero(allowed if allowed.any() else outline.mask)
    cluster = rng.integers(rows.size, size=2)
    near = np.min([np.hypot(rows - rows[c], columns - columns[c]) for c in cluster], axis=0)
    weight = np.exp(-near * scale / 3.0) + 0.15
    number = int(np.clip(rng.poisson(5 + 0.12 * rows.size * scale * scale), 4, 24))
    chosen = rng.choice(rows.size, size=min(number, rows.size), replace=False, p=weight / weight.sum())
    foci = np.zeros(outline.mask.shape, np.float32)
    # amplitude is spread over the beam's area, so a finer pixel needs a stronger source
    foci[rows[chosen], columns[chosen]] = rng.uniform(0.2, 1.0, chosen.size) ** 1.5 * np.float32(0.075 / scale) ** 2
    return np.float32(2.6) * gaussian_filter(foci, 0.05 / scale)


def _set_into(
    tissue: Tissue, outline: Outline, level: Field, mirror: Field, fluid: Field, answers: Mapping[str, str],
    rng: np.random.Generator,
) -> None:  # fmt: skip
    """Blend the node into its bed: sharply with a capsule, or gradually; then what it does to the beam."""
    scale, size = tissue.mm_per_px, outline.mask.shape
    depth_mm = outline.distance_px * np.float32(scale)
    if answers["margin_definition"] == "ill_defined":
        blur = min(1.1, 0.45 * float(depth_mm.max()))
        ragged = np.float32(0.5 * blur) * smooth_noise(rng, size, (1.2 / scale, 1.4 / scale))
        node = between(depth_mm + ragged, -blur, blur)
        capsule = np.zeros_like(mirror)
    else:
        node = between(depth_mm + 0.07 * smooth_noise(rng, size, (0.5 / scale, 0.6 / scale)), -0.16, 0.16)
        capsule = _capsule(tissue, outline, rng)
    tissue.scatter_db += node * (level - tissue.scatter_db)
    tissue.mirror += node * (mirror - tissue.mirror) + capsule
    tissue.loss_db_mm += node * np.float32(rng.normal(-0.05, 0.12)) - np.float32(1.0) * fluid


def _capsule(tissue: Tissue, outline: Outline, rng: np.random.Generator) -> Field:
    """A thin line just outside the edge, bright where the surface lies across the beam, broken elsewhere."""
    scale, size = tissue.mm_per_px, outline.mask.shape
    gy, gx = np.gradient(gaussian_filter(outline.distance_px, 2.0))
    lying = (gy * gy / (gy * gy + gx * gx + np.float32(1e-6))) ** 2
    strength = np.exp(0.7 * smooth_noise(rng, size, (3 / scale, 3 / scale)) - 0.3)
    seen = between(smooth_noise(rng, size, (2.5 / scale, 3 / scale)), -0.6, 0.9)
    line = np.exp(-(((outline.distance_px * scale + 0.12) / np.float32(0.12)) ** 2))
    return np.float32(rng.uniform(0.015, 0.06)) * line * lying * strength * seen
