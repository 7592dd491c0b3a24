"""The rule from a mask's file to 0 and 1, and what makes a mask odd."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _
from PIL import Image as Pillow
from scipy import ndimage

from annotations.imports.decoding import Remark, opened
from annotations.imports.members import Unreadable

Bits = npt.NDArray[np.uint8]
# values this near to black or white are taken for them, and said
NEAR = 2


def read_mask(content: bytes, name: str) -> tuple[Bits, list[Remark]]:
    """The mask as h x w of 0 and 1, and what is odd about it. Raises Unreadable."""
    remarks: list[Remark] = []
    with opened(content, name, remarks) as image:
        values = _values(image)
    bits = _binary(values, remarks)
    if not bits.any():
        raise Unreadable("mask_empty", _("No pixel of the mask is set. “No node” is an answer, not an empty mask."))
    _note_shape(bits, remarks)
    return bits, remarks


def _values(image: Pillow.Image) -> npt.NDArray[Any]:
    """One number per pixel: grey of whatever depth, or the common value of equal channels."""
    if image.mode in ("P", "PA", "RGB", "RGBA"):
        channels = np.asarray(image.convert("RGB"))
        if (channels[..., 0] != channels[..., 1]).any() or (channels[..., 1] != channels[..., 2]).any():
            raise Unreadable("mask_not_binary", _("The mask is coloured; which colour means the node is not known."))
        return channels[..., 0]
    if image.mode == "1":
        return np.asarray(image)
    if image.mode in ("L", "LA"):
        return np.asarray(image.convert("LA").getchannel("L") if image.mode == "LA" else image.convert("L"))
    if image.mode in ("I", "I;16", "I;16B", "I;16L"):
        return np.asarray(image)
    raise Unreadable(
        "colour_model", _("The mask's pixels are stored as %s; black and white, grey and RGB are read.") % image.mode
    )


def _binary(values: npt.NDArray[Any], remarks: list[Remark]) -> Bits:
    if values.dtype == np.bool_:
        return values.astype(np.uint8)
    if values.dtype == np.uint8:  # counting is ten times as fast as sorting
        histogram = np.bincount(values.ravel(), minlength=256)
        levels = np.flatnonzero(histogram)
        counts = histogram[levels]
    else:
        levels, counts = np.unique(values, return_counts=True)
    low, high = int(levels[0]), int(levels[-1])
    if len(levels) == 1:
        return np.full(values.shape, int(low > 0), np.uint8)
    shown = ", ".join(f"{level} ({count} px)" for level, count in list(zip(levels.tolist(), counts.tolist()))[:6])
    if len(levels) > 6:
        shown += ", …"
    if low == 0 and len(levels) == 2:
        return (values > 0).astype(np.uint8)
    if high >= 128 and all(level <= NEAR or level >= high - NEAR for level in levels.tolist()):
        remarks.append(
            Remark(
                "mask_not_binary",
                _("The mask is not quite binary; %d and above was taken for the node.") % (high // 2 + 1),
                shown,
            )
        )
        return (values > high // 2).astype(np.uint8)
    raise Unreadable(
        "mask_not_binary",
        _("The mask is not binary: it holds the values %s. Which mean the node is not known.") % shown,
    )


def _note_shape(bits: Bits, remarks: list[Remark]) -> None:
    area = bits.mean()
    border = np.concatenate([bits[0], bits[-1], bits[1:-1, 0], bits[1:-1, -1]]).mean()
    if border > 0.5:
        remarks.append(
            Remark(
                "mask_suspicious",
                _("The mask covers %(area)d %% of the picture and %(border)d %% of its border.")
                % {"area": round(100 * area), "border": round(100 * border)},
                probably=_("node and background exchanged"),
            )
        )
        return
    rows, columns = np.flatnonzero(bits.any(1)), np.flatnonzero(bits.any(0))
    node = bits[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    labels, parts = ndimage.label(node, structure=np.ones((3, 3)))
    if parts > 1:
        sizes = sorted(np.bincount(labels.ravel())[1:].tolist(), reverse=True)
        remarks.append(
            Remark("mask_parts", _("The mask has %d parts.") % parts, ", ".join(f"{s} px" for s in sizes[:6]))
        )
    holes = int(ndimage.binary_fill_holes(node).sum()) - int(node.sum())
    if holes:
        remarks.append(Remark("mask_hole", _("The mask has a hole."), f"{holes} px"))
