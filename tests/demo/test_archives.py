"""The archives as files: names, sheet, encodings, scales, and that the mask has the diameters of its row."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from openpyxl import load_workbook
from PIL import Image

from annotations.demo.build import make_demo_dataset
from annotations.demo.codes import HEADERS
from annotations.demo.shape import extents
from tests.demo.conftest import SMALL, read_rows


def open_member(archive: zipfile.ZipFile, name: str) -> Image.Image:
    return Image.open(io.BytesIO(archive.read(name)))


def each_case(folder: Path) -> Iterator[tuple[dict[str, str], Image.Image, Image.Image, Image.Image]]:
    for row in read_rows(folder / "truth.csv"):
        with zipfile.ZipFile(folder / f"Center {row['centre']}.zip") as archive:
            stem = f"Center {row['centre']}/{row['group']}/{row['number']} {row['group']} "
            yield row, *(open_member(archive, stem + n) for n in ("Image.bmp", "Mask.tif", "Lesion.bmp"))


def test_a_zip_holds_one_sheet_and_three_files_for_each_case(demo_folder: Path) -> None:
    names = set()
    for centre in (1, 2):
        with zipfile.ZipFile(demo_folder / f"Center {centre}.zip") as archive:
            names |= set(archive.namelist())

    expected = {f"Center {c}/Lymphnode US features Database {c}.xlsx" for c in (1, 2)}
    for row in read_rows(demo_folder / "truth.csv"):
        stem = f"Center {row['centre']}/{row['group']}/{row['number']} {row['group']}"
        expected |= {f"{stem} Image.bmp", f"{stem} Mask.tif", f"{stem} Lesion.bmp"}
    assert names == expected
    assert len(names) == 2 + 3 * SMALL


@pytest.mark.parametrize("centre", ["1", "2"])
def test_the_sheet_says_the_truth_in_the_published_words(demo_folder: Path, centre: str) -> None:
    with zipfile.ZipFile(demo_folder / f"Center {centre}.zip") as archive:
        book = archive.read(f"Center {centre}/Lymphnode US features Database {centre}.xlsx")
    rows = list(load_workbook(io.BytesIO(book)).worksheets[0].iter_rows(values_only=True))
    truth = [r for r in read_rows(demo_folder / "truth.csv") if r["centre"] == centre]

    filled = [r for r in rows[1:] if any(v is not None for v in r)]

    assert rows[0] == ("Group", "Image name", *HEADERS.values())
    assert len(rows) - 1 > len(filled) == len(truth)  # there are blank rows inside
    assert [(r[0], r[1]) for r in filled] == [(t["group"], int(t["number"])) for t in truth]
    # the two misspellings of the published files are undone
    spelt = {"heterogenous": "heterogeneous", "hypochoic": "hypoechoic"}
    for row, expected in zip(filled, truth):
        assert [float(v) for v in row[2:5]] == [float(expected[code]) for code in list(HEADERS)[:3]]
        said = [str(v).lower().replace(" ", "_") for v in row[5:]]
        assert [spelt.get(v, v) for v in said] == [expected[code] for code in list(HEADERS)[3:]]


def test_pictures_are_8_bit_masks_1_bit_and_the_lesion_is_their_product(demo_folder: Path) -> None:
    for row, image, mask, lesion in each_case(demo_folder):
        assert (image.format, image.mode, mask.format, mask.mode, lesion.format, lesion.mode) == (
            "BMP", "L", "TIFF", "1", "BMP", "L",
        )  # fmt: skip
        assert image.size == mask.size == lesion.size == (int(row["width_px"]), int(row["height_px"]))
        product = np.where(np.asarray(mask), np.asarray(image), 0)
        assert np.array_equal(product, np.asarray(lesion))


def test_masks_measured_with_the_given_scale_have_the_diameters_of_the_sheet(demo_folder: Path) -> None:
    scales = read_rows(demo_folder / "spacing.csv")
    assert {s["source"] for s in scales} == {"synthetic"}
    for scale, (row, _, mask, _) in zip(scales, each_case(demo_folder), strict=True):
        assert [scale[k] for k in ("centre", "group", "number")] == [row[k] for k in ("centre", "group", "number")]
        wanted = [float(row[q]) / float(scale["mm_per_px"]) for q in ("max_diameter_mm", "min_diameter_mm")]
        assert np.abs(np.subtract(extents(np.asarray(mask)), wanted)).max() <= 1.0


def test_the_folder_says_that_it_is_synthetic_and_lists_its_contradictions(demo_folder: Path) -> None:
    assert (demo_folder / "README.txt").read_text(encoding="utf-8").startswith("SYNTHETIC DATA.")
    listed = read_rows(demo_folder / "contradictions.csv")
    assert {r["rule"] for r in listed} >= {"prominent_without_part"}


def test_the_same_seed_gives_the_same_bytes_whatever_the_workers(demo_folder: Path, tmp_path: Path) -> None:
    make_demo_dataset(tmp_path, SMALL, seed=7, workers=2)

    files = sorted(p.name for p in demo_folder.iterdir())
    assert sorted(p.name for p in tmp_path.iterdir()) == files
    assert [(tmp_path / n).read_bytes() for n in files] == [(demo_folder / n).read_bytes() for n in files]


def test_another_seed_gives_other_pictures(demo_folder: Path, tmp_path: Path) -> None:
    make_demo_dataset(tmp_path, 4, seed=8, workers=1)

    def first(folder: Path) -> bytes:
        with zipfile.ZipFile(folder / "Center 1.zip") as archive:
            return archive.read("Center 1/Benign/1 Benign Image.bmp")

    assert first(tmp_path) != first(demo_folder)
