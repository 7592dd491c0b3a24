"""Archives made of the real pictures: every value of truth.csv, every pixel of the pictures."""

import csv
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image as Pillow

from annotations import store
from annotations.features import LYMPHUS
from annotations.imports.accept import accept_import
from annotations.imports.lymphus import read_lymphus
from annotations.mask_codec import decode
from annotations.models import Mask, Provenance, Reading
from annotations.pictures import decode_png

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def folder(shared, tmp_path_factory):
    out = tmp_path_factory.mktemp("layout")
    subprocess.run(
        [sys.executable, shared / "data/layout_as_lymphus.py", "--out", out, "--cases", "60"],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return out


def truth(folder):
    with (folder / "truth.csv").open(newline="") as file:
        return {(int(r["center"]), r["group"].lower(), int(r["number"])): r for r in csv.DictReader(file)}


def test_what_is_stored_is_truth_and_every_pixel(folder, shared):
    reading = read_lymphus([folder / "Center 1.zip", folder / "Center 2.zip"])
    accept_import(reading, slug="layout")

    expected = truth(folder)
    with (folder / "origin.csv").open(newline="") as file:
        origin = {
            (int(r["center"]), r["group"].lower(), int(r["number"])): r["source_id"] for r in csv.DictReader(file)
        }
    stored = {
        (p.centre_number, p.group, p.number): p.case for p in Provenance.objects.select_related("case__pathology")
    }
    assert stored.keys() == expected.keys()
    for key, case in stored.items():
        reading_row = Reading.objects.unscoped().get(case=case)
        assert case.pathology.status == key[1]
        for feature in LYMPHUS.features:
            value = reading_row.answers[feature.code]["value"]
            said = expected[key][feature.code]
            if feature.kind == "continuous":
                assert (value if feature.derived else value["mm"]) == float(said)
            else:
                assert value == said
        image = case.images.get()
        pixels = decode_png(store.read(image.file_sha256))
        source = shared / "data/breast_us"
        assert np.array_equal(pixels, np.asarray(Pillow.open(source / "images" / f"{origin[key]}.png").convert("L")))
        mask = decode(bytes(Mask.objects.get(reading=reading_row).payload))
        assert np.array_equal(mask, np.asarray(Pillow.open(source / "masks" / f"{origin[key]}.png").convert("L")) > 0)


def test_stored_pictures_hold_nothing_but_pixels(folder):
    accept_import(read_lymphus([folder / "Center 2.zip"]), slug="layout")

    from annotations.imports.kinds import png_chunks
    from annotations.models import Image

    kinds = {k for i in Image.objects.unscoped() for k in png_chunks(store.read(i.file_sha256))}
    assert kinds == {b"IHDR", b"IDAT", b"IEND"}
