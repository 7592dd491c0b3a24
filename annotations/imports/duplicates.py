"""The same picture under two cases: exactly, by the hash of its pixels; nearly, by the correlation of small copies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _
from PIL import Image as Pillow

from annotations.imports.findings import Key, Report

SIDE = 32
# Measured on the 175 BUSI pictures: the 15 known near duplicates correlate by 0.97 or more, every other pair by 0.89 or less.
NEAR = 0.95
_BLOCK = 512


def thumbnail(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """A 32 x 32 copy without its mean, of unit length, so that a dot product is a correlation (0 for a flat picture)."""
    small = Pillow.fromarray(pixels).resize((SIDE, SIDE), Pillow.Resampling.BOX)
    flat = np.asarray(small, dtype=np.float32).ravel()
    flat = flat - flat.mean()
    length = float(np.linalg.norm(flat))
    return flat / length if length > 0 else flat


def report_duplicates(
    pixels: dict[Key, tuple[str, npt.NDArray[np.float32]]], files: dict[Key, str], report: Report
) -> None:
    """`pixels`: key -> (SHA-256 of the pixels, thumbnail). Each pair is told once, at the later case."""
    by_hash: dict[str, list[Key]] = defaultdict(list)
    for key, (sha256, _thumbnail) in pixels.items():
        by_hash[sha256].append(key)
    for keys in by_hash.values():
        for key in keys[1:]:
            report.add(
                "duplicate_image",
                "look",
                file=files[key],
                value=str(keys[0]),
                case=key,
                sentence=_("The picture is the same as that of %(other)s, pixel for pixel.") % {"other": keys[0]},
            )
    firsts = [keys[0] for keys in by_hash.values()]
    for first, second, correlation in _near(firsts, [pixels[k][1] for k in firsts]):
        report.add(
            "near_duplicate",
            "look",
            file=files[second],
            value=f"r = {correlation:.3f}",
            case=second,
            probably=_("another frame or crop of %s") % first,
            sentence=_("The picture is nearly that of %(other)s.") % {"other": first},
        )


def _near(keys: list[Key], thumbnails: list[npt.NDArray[np.float32]]) -> Iterator[tuple[Key, Key, float]]:
    if not keys:
        return
    every = np.stack(thumbnails)
    for start in range(0, len(keys), _BLOCK):
        block = every[start : start + _BLOCK] @ every.T
        for i, j in zip(*np.nonzero(block > NEAR)):
            if start + i < j:
                yield keys[start + int(i)], keys[int(j)], float(block[i, j])
