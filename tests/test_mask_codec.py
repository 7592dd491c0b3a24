"""The mask codec: what is written is read back, and nothing else is taken."""

import gzip
import hashlib
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from pycocotools import mask as coco

from annotations import mask_codec as codec
from annotations.varints import write_varints

masks = arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, max_side=40), elements=st.integers(0, 1))


def payload(body, width=4, height=2, magic=b"LYMK", version=1):
    return gzip.compress(struct.pack("<4sBII", magic, version, width, height) + bytes(body), mtime=0)


def plain(mask):
    """A payload of version 1, as masks were stored before there was another."""
    height, width = mask.shape
    return payload(write_varints(codec.runs(mask)), width=width, height=height)


def freehand(side):
    """A node with a rough border, as a hand draws it."""
    y, x = np.mgrid[0:side, 0:side] / side - 0.5
    turn, far = np.arctan2(y / 0.16, x / 0.25), np.hypot(y / 0.16, x / 0.25)
    return (far < 1 + 0.04 * np.cos(5 * turn + 1) + 0.01 * np.cos(23 * turn) + 0.003 * np.cos(71 * turn)).astype(
        np.uint8
    )


@settings(deadline=None)
@given(masks)
def test_a_mask_is_read_as_it_was_written(mask):
    back = codec.decode(codec.encode(mask))

    assert back.dtype == np.uint8
    assert np.array_equal(back, mask)
    assert np.array_equal(codec.decode(plain(mask)), mask)


@settings(deadline=None)
@given(masks)
def test_the_runs_alternate_begin_with_zeros_and_sum_to_the_image(mask):
    lengths = codec.runs(mask)
    values = np.arange(lengths.size) % 2

    assert (lengths[1:] > 0).all()
    assert np.array_equal(np.repeat(values, lengths), mask.ravel())


@settings(deadline=None)
@given(masks)
def test_the_hash_is_of_header_and_raw_bytes(mask):
    height, width = mask.shape
    raw = b"LYMK\x01" + width.to_bytes(4, "little") + height.to_bytes(4, "little") + bytes(mask.ravel().tolist())

    assert codec.mask_sha256(mask) == hashlib.sha256(raw).hexdigest()
    assert codec.mask_sha256(mask.astype(bool)) == codec.mask_sha256(np.asfortranarray(mask))


@settings(deadline=None)
@given(masks)
def test_coco_run_lengths_are_those_of_pycocotools(mask):
    theirs = coco.encode(np.asfortranarray(mask))
    ours = codec.coco_rle(mask)

    assert list(ours.size) == theirs["size"]
    assert ours.compressed.encode() == theirs["counts"]
    assert coco.frPyObjects({"size": list(ours.size), "counts": ours.counts}, *ours.size)["counts"] == theirs["counts"]


def test_coco_run_lengths_of_a_large_mask_are_those_of_pycocotools():
    mask = np.zeros((2000, 1500), np.uint8)
    mask[100:1900, 700:702] = 1
    mask[3, 3] = 1

    assert codec.coco_rle(mask).compressed.encode() == coco.encode(np.asfortranarray(mask))["counts"]


def test_coco_counts_of_the_published_corner():
    mask = np.zeros((5, 7), np.uint8)
    mask[0:4, 1] = 1
    mask[3, 1:5] = 1

    assert codec.coco_rle(mask).counts == [5, 4, 4, 1, 4, 1, 4, 1, 11]


def test_the_payload_is_the_bytes_that_the_browser_writes():
    mask = np.zeros((2, 200), np.uint8)
    mask[0, 150:] = 1

    # runs 150, 50, 200: the last is 50 more than the last but one
    assert gzip.decompress(codec.encode(mask)) == b"LYMK\x02\xc8\0\0\0\x02\0\0\0" + bytes([0xAC, 0x02, 100, 100])
    # runs 0, 150, 50, 200
    assert gzip.decompress(codec.encode(1 - mask))[13:] == bytes([0, 0xAC, 0x02, 100, 100])
    assert codec.encode(mask) == codec.encode(mask.astype(bool))


def test_a_node_on_a_large_image_takes_a_third_of_what_its_lengths_do():
    mask = freehand(2048)

    assert len(codec.encode(mask)) < 1000
    assert len(codec.encode(mask)) * 3 < len(plain(mask))
    assert np.array_equal(codec.decode(codec.encode(mask)), mask)


def test_a_mask_of_many_runs_crosses_the_chunks():
    mask = np.random.default_rng(5).integers(0, 2, (1201, 1007), dtype=np.uint8)
    mask[300:600] = np.repeat(mask[300:600, :1], 1007, axis=1)

    assert np.array_equal(codec.decode(codec.encode(mask)), mask)
    assert np.array_equal(codec.decode(plain(mask)), mask)


@pytest.mark.parametrize("cut", [262_143, 262_144, 262_145])
def test_a_run_length_that_straddles_two_chunks_is_read(cut):
    body = bytes([0] + [1] * (cut - 1)) + bytes([0x80, 0x01])

    mask = codec.decode(payload(body, width=cut - 1 + 128, height=1))

    assert np.array_equal(codec.runs(mask)[-1:], [128])


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (b"LYMK and no gzip", codec.NotGzip),
        (b"", codec.WrongMagic),
        (payload([8])[:-9], codec.NotGzip),
        (payload([8])[:-1], codec.NotGzip),
        (payload([8])[:-8] + b"\0" * 8, codec.NotGzip),
        (payload([8], magic=b"LYMQ"), codec.WrongMagic),
        (gzip.compress(b"LYMK\x01\x02", mtime=0), codec.NotGzip),
        (payload([8], version=0), codec.UnknownCodecVersion),
        (payload([8], version=3), codec.UnknownCodecVersion),
        (payload([8], width=2**32 - 1, height=2**32 - 1), codec.MaskTooLarge),
        (payload([], width=0, height=5), codec.NotAMask),
        (payload([7]), codec.RunsDoNotSum),
        (payload([]), codec.RunsDoNotSum),
        (payload([4, 5]), codec.RunsDoNotSum),
        (payload([8, 1]), codec.RunsDoNotSum),
        (payload([4, 0, 4]), codec.ZeroLengthRun),
        (payload([8, 0]), codec.ZeroLengthRun),
        (payload([0, 0, 8]), codec.ZeroLengthRun),
        (payload([4, 0x84]), codec.BadRunLength),
        (payload([0x88, 0x00]), codec.BadRunLength),
        (payload([0x80] * 5 + [1]), codec.BadRunLength),
        (payload([0xFF] * 4000), codec.BadRunLength),
        (payload([8]) + b"x", codec.TrailingBytes),
        (payload([8]) + payload([8]), codec.TrailingBytes),
        (payload([14], version=2), codec.RunsDoNotSum),
        (payload([16, 2], version=2), codec.RunsDoNotSum),
        (payload([8, 8, 7], version=2), codec.ZeroLengthRun),
        (payload([8, 8, 9], version=2), codec.BadRunLength),
        (payload([1, 8, 8], version=2), codec.BadRunLength),
        (payload([16, 0x84], version=2), codec.BadRunLength),
        (payload([0x90, 0x00], version=2), codec.BadRunLength),
        (payload([0xFE, 0xFF, 0xFF, 0xFF, 0x7F] * 50_000, version=2), codec.RunsDoNotSum),
        (payload([16], version=2) + b"x", codec.TrailingBytes),
    ],
)
def test_what_is_no_mask_is_refused_with_one_sentence(wrong, error):
    with pytest.raises(error) as refused:
        codec.decode(wrong)

    assert str(refused.value).endswith(".")


def test_the_codes_of_the_errors_differ():
    kinds = codec.MaskCodecError.__subclasses__()

    assert len({kind.code for kind in kinds}) == len(kinds)


@pytest.mark.parametrize(("version", "first", "body"), [(1, b"", b"\x01"), (2, b"\x02\x02", b"\0")])
def test_a_bomb_is_refused_before_it_unpacks(monkeypatch, version, first, body):
    """Fifty million runs of one pixel each."""
    read = []
    honest = codec.read_varints
    monkeypatch.setattr(codec, "read_varints", lambda body: read.append(len(body)) or honest(body))

    with pytest.raises(codec.RunsDoNotSum):
        codec.decode(payload(first + body * 50_000_000, width=1000, height=1000, version=version))

    assert sum(read) < 1_600_000


def test_the_limit_of_pixels_is_the_callers():
    wide = codec.encode(np.zeros((10, 10), np.uint8))

    assert codec.decode(wide, max_pixels=100).shape == (10, 10)
    with pytest.raises(codec.MaskTooLarge):
        codec.decode(wide, max_pixels=99)


@settings(deadline=None)
@given(st.binary(max_size=60), st.sampled_from([1, 2]))
def test_any_other_body_is_a_mask_or_refused(body, version):
    try:
        mask = codec.decode(payload(body, width=10, height=4, version=version))
    except codec.MaskCodecError:
        return
    written = plain(mask) if version == 1 else codec.encode(mask)
    assert gzip.decompress(written)[13:] == body


@pytest.mark.parametrize("wrong", [np.zeros(4), np.zeros((0, 4)), np.full((2, 2), 2), np.full((2, 2), 0.5)])
def test_what_is_not_binary_is_not_written(wrong):
    for write in (codec.encode, codec.mask_sha256, codec.runs, codec.coco_rle):
        with pytest.raises(codec.NotAMask):
            write(wrong)
