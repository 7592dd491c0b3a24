"""The rule from any picture to 8-bit grey. Equal channels are exact; colour becomes luma (ITU-R BT.601) and is said."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _
from PIL import Image as Pillow

from annotations.imports.decoding import Remark, opened
from annotations.imports.members import Unreadable

Grey = npt.NDArray[np.uint8]
DEEP = frozenset({"I", "I;16", "I;16B", "I;16L", "F"})


def read_grey(content: bytes, name: str) -> tuple[Grey, list[Remark]]:
    """The picture as h x w uint8, and what is odd about it. Raises Unreadable."""
    remarks: list[Remark] = []
    with opened(content, name, remarks) as image:
        if image.mode in DEEP:
            raise Unreadable(
                "bit_depth",
                _("The picture has more than 8 bits per pixel; how they map to 8 is not known. Save it with 8 bits."),
            )
        grey = _grey(image, remarks)
    if grey.min() == grey.max():
        remarks.append(Remark("image_constant", _("Every pixel has the same grey."), str(int(grey[0, 0]))))
    return grey, remarks


def _grey(image: Pillow.Image, remarks: list[Remark]) -> Grey:
    if image.mode in ("L", "1"):
        return np.array(image.convert("L"))
    if image.mode in ("LA", "RGBA", "PA"):
        alpha = np.asarray(image.getchannel("A"))
        if (alpha != 255).any():
            remarks.append(
                Remark(
                    "alpha_dropped",
                    _("The picture is partly transparent; its transparency is dropped, its greys are kept."),
                    f"{int((alpha != 255).sum())} px",
                )
            )
    if image.mode == "LA":
        return np.array(image.getchannel("L"))
    if image.mode not in ("P", "PA", "RGB", "RGBA"):
        raise Unreadable(
            "colour_model", _("The picture's colours are stored as %s; grey, palette and RGB are read.") % image.mode
        )
    coloured = image.convert("RGB")
    channels = np.asarray(coloured)
    odd = int(((channels[..., 0] != channels[..., 1]) | (channels[..., 1] != channels[..., 2])).sum())
    if not odd:
        return np.ascontiguousarray(channels[..., 0])
    remarks.append(
        Remark(
            "coloured_pixels",
            _("%(n)d of %(all)d pixels are coloured; they are stored as grey (luma, ITU-R BT.601).")
            % {"n": odd, "all": channels.shape[0] * channels.shape[1]},
            f"{odd} px",
        )
    )
    return np.array(coloured.convert("L"))
