"""Archives of the LymphUs layout with pictures of the two sizes that the bench draws on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from tests.imports.small import CASES, encoded, members, write_zip

SIZES = ((826, 724), (4096, 4096))


def archive(folder: Path, centre: int) -> Path:
    """`Center <n>.zip`: four cases of one size, speckle over a dark ellipse."""
    replaced: dict[str, bytes | None] = {}
    for number, (group, case) in enumerate(CASES):
        image, node = picture(SIZES[centre - 1], 10 * centre + number)
        replaced[f"{group}_{case}_Image"] = encoded(image, "BMP")
        replaced[f"{group}_{case}_Mask"] = encoded(node, "TIFF")
        replaced[f"{group}_{case}_Lesion"] = encoded(image * node, "BMP")
    return write_zip(folder / f"Center {centre}.zip", members(centre, **replaced))


def scales(folder: Path) -> Path:
    """A spacing.csv for all of them: 0.05 mm a pixel."""
    rows = [f"{c},{group},{n},0.05,bench" for c in range(1, len(SIZES) + 1) for group, n in CASES]
    path = folder / "spacing.csv"
    path.write_text("\n".join(["centre,group,number,mm_per_px,source", *rows]) + "\n")
    return path


def picture(size: tuple[int, int], seed: int) -> tuple[np.ndarray, np.ndarray]:
    """A grey image and its node's mask, both height x width; the grain is as coarse as an ultrasound image's."""
    width, height = size
    grain = np.random.default_rng(seed).integers(30, 220, (height // 4, width // 4), dtype=np.uint8)
    image = np.asarray(Image.fromarray(grain).resize(size, Image.Resampling.BICUBIC))
    y, x = np.mgrid[0:height, 0:width]
    node = ((x / width - 0.5) / 0.3) ** 2 + ((y / height - 0.5) / 0.2) ** 2 <= 1
    return np.where(node, image // 2 + 1, image).astype(np.uint8), node
