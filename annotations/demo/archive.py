"""The files of a case and the zip of a centre, named and encoded as published: BMP picture, 1-bit TIFF mask,
BMP lesion.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from annotations.demo.picture import draw_case
from annotations.demo.plan import CaseSpec
from annotations.demo.sheet import sheet_bytes, stamped

_LEVEL = 4  # speckle hardly packs: more effort costs seconds and saves little


class CaseFiles(NamedTuple):
    """Encoded files of one case."""

    image_bmp: bytes
    mask_tif: bytes
    lesion_bmp: bytes


def case_files(case: CaseSpec) -> CaseFiles:
    """Draw and encode a case. The lesion is the picture times the mask; centre 2 packs its masks (CCITT),
    centre 1 does not.
    """
    grey, mask = (picture := draw_case(case)).grey, picture.mask
    lesion = np.where(mask, grey, np.uint8(0))
    packing = {"compression": "tiff_ccitt"} if case.centre == 2 else {}
    return CaseFiles(
        _encoded(Image.fromarray(grey), "BMP"),
        _encoded(Image.fromarray(mask), "TIFF", **packing),
        _encoded(Image.fromarray(lesion), "BMP"),
    )


def _encoded(image: Image.Image, form: str, **options: str) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def zip_name(centre: int) -> str:
    return f"Center {centre}.zip"


def write_centre(folder: Path, centre: int, cases: list[CaseSpec], drawn: Iterable[tuple[CaseSpec, CaseFiles]]) -> Path:
    """Write one centre's zip, taking its cases from `drawn` as they come. An interrupted run leaves no zip,
    only a .part.
    """
    path = folder / zip_name(centre)
    part = path.with_name(path.name + ".part")
    root = f"Center {centre}"
    with zipfile.ZipFile(part, "w", compresslevel=_LEVEL) as target:
        sheet = f"{root}/Lymphnode US features Database {centre}.xlsx"
        target.writestr(stamped(sheet), sheet_bytes(cases), compresslevel=_LEVEL)
        for case, files in drawn:
            stem = f"{root}/{case.group}/{case.number} {case.group}"
            for name, data in zip(("Image.bmp", "Mask.tif", "Lesion.bmp"), files):
                target.writestr(stamped(f"{stem} {name}"), data, compresslevel=_LEVEL)
    os.replace(part, path)
    return path
