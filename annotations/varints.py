"""Whole numbers in bytes of seven bits (LEB128) and in COCO's characters of five, many at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LONGEST = 5  # bytes of a run length: 35 bits, more than width x height of any image that is taken
_COCO_LONGEST = 13  # characters of a signed 64-bit number


def write_varints(values: NDArray[np.int64]) -> bytes:
    """Unsigned LEB128 of whole numbers from 0 to 2**35 - 1, each in its shortest form."""
    lengths = np.ones(values.size, np.int64)
    for extra in range(1, LONGEST):
        lengths += values >> (7 * extra) > 0
    digits, more = _spread(values, lengths, 7)
    return (digits | (more << 7)).astype(np.uint8).tobytes()


def read_varints(body: bytes) -> tuple[NDArray[np.int64], bytes, bool]:
    """The numbers, the bytes of an unfinished last one, and whether all came in their shortest form."""
    octets = np.frombuffer(body, np.uint8)
    ends = np.flatnonzero(octets < 0x80)
    if ends.size == 0:
        return np.zeros(0, np.int64), body, True
    whole = octets[: ends[-1] + 1]
    rest = body[ends[-1] + 1 :]
    if ends.size == whole.size:  # each number is one byte
        return whole.astype(np.int64), rest, True
    starts = np.concatenate([[0], ends[:-1] + 1])
    lengths = ends - starts + 1
    shortest = not bool(((lengths > LONGEST) | ((lengths > 1) & (whole[ends] == 0))).any())
    if not shortest:
        return np.zeros(0, np.int64), rest, False
    place = np.arange(whole.size) - np.repeat(starts, lengths)
    digits = (whole & 0x7F).astype(np.int64) << (7 * place)
    return np.add.reduceat(digits, starts), rest, True


def zigzag(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Whole numbers of either sign as numbers from 0, small ones small: 0, -1, 1, -2 … to 0, 1, 2, 3 …"""
    return (values << 1) ^ (values >> 63)


def unzigzag(values: NDArray[np.int64]) -> NDArray[np.int64]:
    return (values >> 1) ^ -(values & 1)


def write_coco_string(counts: NDArray[np.int64]) -> str:
    """COCO's compressed counts: from the fourth on the difference to the last but one, 5 bits a character."""
    values = counts.copy()
    values[3:] -= counts[1:-2]
    lengths = np.ones(values.size, np.int64)
    for extra in range(1, _COCO_LONGEST):
        bound = 1 << (5 * extra - 1)  # two's complement: the sign must fit into the last character
        lengths += (values < -bound) | (values >= bound)
    digits, more = _spread(values, lengths, 5)
    return (digits + (more << 5) + 48).astype(np.uint8).tobytes().decode("ascii")


def _spread(
    values: NDArray[np.int64], lengths: NDArray[np.int64], bits: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Digits of `bits` bits, lowest first, number after number; and 1 where the number goes on."""
    ends = np.cumsum(lengths)
    place = np.arange(int(ends[-1])) - np.repeat(ends - lengths, lengths)
    digits = (np.repeat(values, lengths) >> (bits * place)) & ((1 << bits) - 1)
    more = np.ones(digits.size, np.int64)
    more[ends - 1] = 0
    return digits, more
