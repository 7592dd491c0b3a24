"""The form in which a mask is kept and sent: run lengths, shared with the browser's codec.

Header (13 bytes): `LYMK`, codec version (u8), width and height (u32, little-endian). A payload is gzip of the
header and the row-major alternating run lengths, beginning with a run of zeros (only the first may be 0 long), as
unsigned LEB128. Version 1 writes the lengths themselves. Version 2, which is what is written, writes the difference of each
to the last but one (0 before the first), zigzag: a row of a node is nearly the row above it, so that its outline packs into a
third or less. Both are read. A mask's SHA-256 is of the header, with a 1 for the version, and the raw 0/1 bytes: it depends on no
compressor and no version.
"""

from __future__ import annotations

import gzip
import hashlib
import struct
import zlib
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .varints import LONGEST, read_varints, unzigzag, write_coco_string, write_varints, zigzag

MAGIC = b"LYMK"
PLAIN, VERSION = 1, 2
_HEADER = struct.Struct("<4sBII")
_CHUNK = 1 << 18  # a small gzip may hold 64 million runs: they are read so many bytes at a time


class MaskCodecError(ValueError):
    """A mask cannot be written or read. `code` is stable; the message is one sentence."""

    code = "mask_invalid"


class NotAMask(MaskCodecError):
    """The array is not two-dimensional, is empty, or holds something besides 0 and 1."""

    code = "mask_not_binary"


class NotGzip(MaskCodecError):
    """The payload is not gzip, is cut off, or fails its checksum."""

    code = "mask_not_gzip"


class WrongMagic(MaskCodecError):
    code = "mask_wrong_magic"


class UnknownCodecVersion(MaskCodecError):
    code = "mask_unknown_codec_version"


class MaskTooLarge(MaskCodecError):
    code = "mask_too_large"


class RunsDoNotSum(MaskCodecError):
    code = "mask_runs_do_not_sum"


class ZeroLengthRun(MaskCodecError):
    code = "mask_zero_length_run"


class BadRunLength(MaskCodecError):
    """A run length is cut off, below zero, or not written in its shortest form."""

    code = "mask_bad_run_length"


class TrailingBytes(MaskCodecError):
    code = "mask_trailing_bytes"


class CocoRle(NamedTuple):
    """A mask as COCO writes it: `size` (height, width), column-major `counts`, and `compressed` counts."""

    size: tuple[int, int]
    counts: list[int]
    compressed: str


def encode(mask: ArrayLike) -> bytes:
    """Payload of a mask, [height, width] of 0 and 1 or bool, the same for the same mask. Raises NotAMask."""
    array = _checked(mask)
    steps = _runs(array.ravel())
    steps[2:] -= steps[:-2].copy()
    return gzip.compress(_header(array, VERSION) + write_varints(zigzag(steps)), compresslevel=6, mtime=0)


def decode(payload: bytes, *, max_pixels: int = 64_000_000) -> NDArray[np.uint8]:
    """The mask of a payload, uint8 [height, width] of 0 and 1. Raises a subclass of MaskCodecError.

    Memory is bounded by width x height, which is checked before anything is unpacked behind the header.
    """
    stream = zlib.decompressobj(wbits=31)
    try:
        version, width, height = _read_header(stream.decompress(payload, _HEADER.size), max_pixels)
        flat = _fill(np.zeros(width * height, np.uint8), _chunks(stream), version)
    except zlib.error as broken:
        raise NotGzip("The mask is not gzip, or was damaged on its way.") from broken
    if stream.unused_data:
        raise TrailingBytes(f"The mask is followed by {len(stream.unused_data)} bytes of something else.")
    return flat.reshape(height, width)


def mask_sha256(mask: ArrayLike) -> str:
    """SHA-256 (hex) of the header and the row-major 0/1 bytes. Raises NotAMask."""
    array = _checked(mask)
    digest = hashlib.sha256(_header(array, PLAIN))
    digest.update(array.ravel().data)
    return digest.hexdigest()


def runs(mask: ArrayLike) -> NDArray[np.int64]:
    """Row-major alternating run lengths, zeros first; they sum to height x width. Raises NotAMask."""
    return _runs(_checked(mask).ravel())


def coco_rle(mask: ArrayLike) -> CocoRle:
    """COCO's run lengths of the whole image: column-major, zeros first. Raises NotAMask."""
    array = _checked(mask)
    counts = _runs(array.ravel(order="F"))
    return CocoRle((array.shape[0], array.shape[1]), counts.tolist(), write_coco_string(counts))


def _checked(mask: ArrayLike) -> NDArray[np.uint8]:
    array = np.asarray(mask)
    if array.ndim != 2 or array.size == 0:
        raise NotAMask(f"A mask has rows and columns; this one has the shape {array.shape}.")
    if array.dtype != np.bool_ and not ((array == 0) | (array == 1)).all():
        raise NotAMask("A mask holds only 0 and 1.")
    return np.ascontiguousarray(array, dtype=np.uint8)


def _header(array: NDArray[np.uint8], version: int) -> bytes:
    height, width = array.shape
    return _HEADER.pack(MAGIC, version, width, height)


def _runs(flat: NDArray[np.uint8]) -> NDArray[np.int64]:
    changes = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    start = [0] if flat[0] == 0 else [0, 0]
    return np.diff(np.concatenate([start, changes, [flat.size]]))


def _read_header(head: bytes, max_pixels: int) -> tuple[int, int, int]:
    if head[:4] != MAGIC:
        raise WrongMagic("The bytes are not a mask: they do not begin with LYMK.")
    if len(head) < _HEADER.size:
        raise NotGzip("The mask was cut off within its header.")
    _, version, width, height = _HEADER.unpack(head)
    if version not in (PLAIN, VERSION):
        raise UnknownCodecVersion(f"The mask is written in codec version {version}, not {PLAIN} or {VERSION}.")
    if width == 0 or height == 0:
        raise NotAMask(f"A mask has rows and columns; this one is {width} x {height}.")
    if width * height > max_pixels:
        raise MaskTooLarge(f"The mask is {width} x {height}; at most {max_pixels} pixels are taken.")
    return version, width, height


def _chunks(stream: zlib._Decompress) -> Iterator[bytes]:
    while not stream.eof:
        chunk = stream.decompress(stream.unconsumed_tail, _CHUNK)
        if not chunk and not stream.eof:
            raise NotGzip("The mask was cut off.")
        yield chunk


def _fill(flat: NDArray[np.uint8], chunks: Iterator[bytes], version: int) -> NDArray[np.uint8]:
    """Paint the runs into zeros. Stops at the first run that leaves the image, however much would follow."""
    position, number, rest = 0, 0, b""
    last = np.zeros(2, np.int64)
    for chunk in chunks:
        lengths, rest = _lengths(rest + chunk)
        if version == VERSION:
            lengths, last = _summed(lengths, last)
        _refuse_lengths(lengths, number)
        # each by itself first: a sum of lengths that are differences' sums could be larger than a number holds
        end = position + int(lengths.sum()) if lengths.max(initial=0) <= flat.size else flat.size + 1
        if end > flat.size:
            raise RunsDoNotSum(f"The runs of the mask go beyond its {flat.size} pixels.")
        values = ((np.arange(lengths.size) + number) & 1).astype(np.uint8)
        flat[position:end] = np.repeat(values, lengths)
        position, number = end, number + lengths.size
    if rest:
        raise BadRunLength("The last run length of the mask is cut off.")
    if position != flat.size:
        raise RunsDoNotSum(f"The runs of the mask sum to {position}, not to its {flat.size} pixels.")
    return flat


def _lengths(body: bytes) -> tuple[NDArray[np.int64], bytes]:
    lengths, rest, shortest = read_varints(body)
    if not shortest or len(rest) >= LONGEST:
        raise BadRunLength("A run length of the mask is not written in its shortest form.")
    return lengths, rest


def _summed(steps: NDArray[np.int64], last: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The lengths whose differences to the last but one these are, and the two that the next ones build on.

    No sum overflows: a chunk holds fewer than 2**19 numbers of at most 35 bits, and `last` is within the image.
    """
    lengths = np.concatenate([last, unzigzag(steps)])
    for parity in (0, 1):
        np.cumsum(lengths[parity::2], out=lengths[parity::2])
    return lengths[2:], lengths[-2:].copy()


def _refuse_lengths(lengths: NDArray[np.int64], number: int) -> None:
    if (lengths < 0).any():
        raise BadRunLength("A run length of the mask is below zero.")
    zeros = np.flatnonzero(lengths == 0) + number
    if zeros.size and zeros[-1] > 0:
        raise ZeroLengthRun(f"Run {int(zeros[zeros > 0][0]) + 1} of the mask is 0 long; only the first may be.")
