"""Small archives of the LymphUs layout, made from nothing: speckle, an ellipse, and one row each."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from openpyxl import Workbook
from PIL import Image

HEAD = ["Group", "Image name", "Max diameter (mm)", "Min diameter (mm)", "Aspect ratio", "Hypoechoic", "Hyperechoic", "Isoechoic",
        "Homogeneity", "Prominent Echogenicty (For Heterogeneous nodes)", "Fatty hilum loss", "Centrality", "Microcalcifications",
        "Necrosis", "Margin1", "Margin2", "Internal component", "Intranodal cystic lesion"]  # fmt: skip
CASES = [("Benign", 1), ("Benign", 2), ("Malignant", 1), ("Malignant", 2)]
WIDTH, HEIGHT = 64, 48


def row(group: str, number: int) -> list[Any]:
    longest, shortest = 10.0 + number, 5.0 + number / 2
    return [group, number, longest, shortest, round(shortest / longest, 2), "Yes", "No", "No", "Homogeneous", "Hypochoic",
            "Absent", "Concentric", "Absent", "None", "Regular", "Well defined", "Solid", "Absent"]  # fmt: skip


def picture(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(1, 255, (HEIGHT, WIDTH), dtype=np.uint8)


def node(seed: int) -> np.ndarray:
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    return (((x - 30 - seed % 5) / 15) ** 2 + ((y - 24) / 9) ** 2 <= 1).astype(np.uint8)


def encoded(pixels: np.ndarray, kind: str) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, kind)
    return out.getvalue()


def sheet(rows: list[list[Any]]) -> bytes:
    book = Workbook()
    book.active.append(HEAD)
    for one in rows:
        book.active.append(one)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def seed_of(centre: int, group: str, number: int) -> int:
    return 100 * centre + 10 * (group == "Malignant") + number


def members(centre: int = 1, rows: list[list[Any]] | None = None, **replaced: bytes | None) -> dict[str, bytes]:
    """Name -> bytes. `replaced`: `Malignant_1_Image=bytes` puts other bytes there, None leaves the file out."""
    files: dict[str, bytes] = {}
    for group, number in CASES:
        seed = seed_of(centre, group, number)
        image, mask = picture(seed), node(seed)
        parts = {
            "Image.bmp": encoded(image, "BMP"),
            "Mask.tif": encoded(mask.astype(bool), "TIFF"),
            "Lesion.bmp": encoded(image * mask, "BMP"),
        }
        for name, content in parts.items():
            kept = replaced.get(f"{group}_{number}_{name.split('.')[0]}", content)
            if kept is not None:
                files[f"Center {centre}/{group}/{number} {group} {name}"] = kept
    files[f"Center {centre}/Lymphnode US features Database {centre}.xlsx"] = sheet(
        rows or [row(g, n) for g, n in CASES]
    )
    return files


def write_zip(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(name, content)
    return path


def archive(folder: Path, centre: int = 1, **changes: Any) -> Path:
    """`Center <n>.zip` of four cases."""
    return write_zip(folder / f"Center {centre}.zip", members(centre, **changes))


def rows_with(**cells: Any) -> list[list[Any]]:
    """The four rows with cells replaced: `r0_3=7.2` is row 0, column 3, both from 0."""
    rows = [row(g, n) for g, n in CASES]
    for place, value in cells.items():
        at, column = place[1:].split("_")
        rows[int(at)][int(column)] = value
    return rows
