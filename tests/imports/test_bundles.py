"""An export is one zip of archives: read as it is, one storey deep, within the limits of one archive."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from annotations.imports import limits
from annotations.imports.lymphus import LymphusReading, read_lymphus
from tests.imports.small import members, write_zip

SCALES = b"centre,group,number,mm_per_px,source\r\n1,Benign,1,0.11,ruler\r\n2,Malignant,2,0.07,ruler\r\n"


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, content in files.items():
            file.writestr(name, content)
    return out.getvalue()


def write_bundle(path: Path, files: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> Path:
    path.write_bytes(packed(files, method))
    return path


def both(folder: str = "") -> dict[str, bytes]:
    return {f"{folder}Center {n}.zip": packed(members(n)) for n in (1, 2)}


def codes(reading: LymphusReading) -> set[str]:
    return {f.code for f in reading.report.findings}


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_bundle_is_read_as_its_archives_are(tmp_path, method):
    files = both() | {"spacing.csv": SCALES, "manifest.json": b"{}", "__MACOSX/._Center 1.zip": b"mac"}
    bundle = write_bundle(tmp_path / "export.zip", files, method)

    reading = read_lymphus([bundle])

    for name in ("Center 1.zip", "Center 2.zip"):
        (tmp_path / name).write_bytes(files[name])
    alone = read_lymphus([tmp_path / "Center 1.zip", tmp_path / "Center 2.zip"])
    assert {c.key: c.content_sha256 for c in reading.cases} == {c.key: c.content_sha256 for c in alone.cases}
    assert {c.archive.sha256 for c in reading.cases} == {c.archive.sha256 for c in alone.cases}
    assert len(reading.cases) == 8
    assert reading.report.verdict == "accept"
    assert reading.report.ignored == {"manifest.json": 1, "__MACOSX": 1}
    scales = {str(c.key): c.spacing.row_mm for c in reading.cases if c.spacing}
    assert scales == {"1 Benign, centre 1": 0.11, "2 Malignant, centre 2": 0.07}


def test_a_table_of_scales_that_is_given_holds_before_the_packed_one(tmp_path):
    bundle = write_bundle(tmp_path / "export.zip", both() | {"spacing.csv": SCALES})
    given = tmp_path / "mine.csv"
    given.write_bytes(SCALES.replace(b"0.11", b"0.12").replace(b"2,Malignant,2", b"2,Malignant,1"))

    reading = read_lymphus([bundle], given)

    scales = {str(c.key): c.spacing.row_mm for c in reading.cases if c.spacing}
    assert scales == {"1 Benign, centre 1": 0.12, "1 Malignant, centre 2": 0.07, "2 Malignant, centre 2": 0.07}


def test_pixels_of_a_bundle_can_be_read_again_by_two_threads(tmp_path):
    """As an import does when it stores what it has reported."""
    bundle = write_bundle(tmp_path / "export.zip", both(), zipfile.ZIP_DEFLATED)
    cases = read_lymphus([bundle]).cases

    with ThreadPoolExecutor(2) as pool:
        again = list(pool.map(lambda c: c.image.read(), cases * 20))

    wanted = members(1) | members(2)
    assert again == [wanted[c.image.name] for c in cases] * 20


def test_a_second_storey_is_never_opened(tmp_path):
    inner = packed(both("LymphUs/"), zipfile.ZIP_STORED)
    bundle = write_bundle(tmp_path / "export.zip", {"again.zip": inner})

    reading = read_lymphus([bundle])

    assert reading.cases == ()
    (finding,) = [f for f in reading.report.findings if f.code == "no_sheet"]
    assert finding.verdict == "refused"
    assert "Center 1.zip" in finding.probably


def test_a_bomb_in_a_bundle_is_refused_from_its_directory_and_the_others_are_read(tmp_path):
    size = 512 << 20
    bomb = raw_zip(b"Center 2/zeros.bin", size)
    bundle = write_bundle(tmp_path / "export.zip", {"Center 1.zip": packed(members(1)), "Center 2.zip": bomb})

    tracemalloc.start()
    reading = read_lymphus([bundle])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert len(reading.cases) == 4
    assert "archive_too_large" in codes(reading)
    assert reading.report.refused_archives == {"export.zip/Center 2.zip"}
    assert peak < 40 << 20


@pytest.mark.parametrize("declared", [1 << 20, 500 << 20])
def test_a_huge_archive_in_a_bundle_is_no_more_than_it_declares_and_never_in_memory(tmp_path, monkeypatch, declared):
    """A gigabyte of zeros that calls itself Center 1.zip: the ratio tells it, or it stops where its declaration ends."""
    monkeypatch.setattr(limits, "MAX_RATIO", 10_000)  # so that the inflating itself is tried
    bundle = tmp_path / "export.zip"
    bundle.write_bytes(raw_zip(b"Center 1.zip", 600 << 20, declared=declared))

    tracemalloc.start()
    reading = read_lymphus([bundle])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert reading.cases == ()
    assert codes(reading) == {"member_corrupt"}
    assert peak < 40 << 20


def test_a_packed_archive_that_shrinks_like_a_bomb_is_not_inflated(tmp_path):
    bundle = tmp_path / "export.zip"
    bundle.write_bytes(raw_zip(b"Center 1.zip", 400 << 20))

    reading = read_lymphus([bundle])

    assert (reading.cases, codes(reading)) == ((), {"archive_too_large"})


def test_a_stored_archive_that_promises_more_than_the_file_holds_is_told(tmp_path):
    whole = packed(both(), zipfile.ZIP_STORED)
    with zipfile.ZipFile(io.BytesIO(whole)) as file:
        entry = file.getinfo("Center 2.zip")
    at = whole.rindex(b"PK\x01\x02")
    lying = bytearray(whole)
    lying[at + 20 : at + 28] = struct.pack("<II", *[entry.file_size + (9 << 20)] * 2)
    bundle = tmp_path / "export.zip"
    bundle.write_bytes(lying)

    reading = read_lymphus([bundle])

    assert len(reading.cases) == 4
    assert codes(reading) == {"member_corrupt"}


def test_what_the_archives_hold_counts_together(tmp_path, monkeypatch):
    bundle = write_bundle(tmp_path / "export.zip", both())
    one = sum(len(content) for content in members(1).values())
    monkeypatch.setattr(limits, "MAX_UNPACKED", int(one * 1.5))

    reading = read_lymphus([bundle])

    assert (reading.cases, codes(reading)) == ((), {"archive_too_large"})


def test_their_files_count_together(tmp_path, monkeypatch):
    bundle = write_bundle(tmp_path / "export.zip", both())
    monkeypatch.setattr(limits, "MAX_MEMBERS", 20)

    reading = read_lymphus([bundle])

    assert (reading.cases, codes(reading)) == ((), {"too_many_members"})


def test_so_many_archives_are_not_opened(tmp_path):
    bundle = write_bundle(tmp_path / "export.zip", {f"Center {n}.zip": b"" for n in range(limits.MAX_INSIDE + 1)})

    reading = read_lymphus([bundle])

    assert (reading.cases, codes(reading)) == ((), {"too_many_members"})


def test_the_readings_of_several_readers_are_no_reference(tmp_path):
    bundle = write_bundle(tmp_path / "study.zip", both("Reader 1/") | both("Reader 2/"))

    reading = read_lymphus([bundle])

    assert (reading.cases, codes(reading)) == ((), {"several_readers"})


def test_hostile_archives_inside_are_refused_each_by_a_sentence(tmp_path):
    slip = packed({"../../owned.txt": b"x", **members(2)})
    files = {
        "Center 1.zip": packed(members(1)),
        "Center 2.zip": slip,
        "Center 3.zip": b"PK\x03\x04cut off",
        "x.exe": b"MZ",
    }
    bundle = write_bundle(tmp_path / "export.zip", files)

    reading = read_lymphus([bundle])

    assert {c.key.centre for c in reading.cases} == {1}
    assert codes(reading) == {"unsafe_path", "archive_corrupt", "unexpected_file"}
    assert all(f.file.startswith("export.zip") and f.sentence.endswith(".") for f in reading.report.findings)
    assert not list(tmp_path.rglob("*owned*"))


@pytest.mark.parametrize(
    "content", [b"\0\0", b"\xff\xfe", b"no,such,columns\n1,2,3\n", b"x" * (limits.MAX_SPACING_BYTES + 1)]
)
def test_a_packed_table_of_scales_that_is_none_is_told_and_the_cases_are_read(tmp_path, content):
    bundle = write_bundle(tmp_path / "export.zip", both() | {"spacing.csv": content})

    reading = read_lymphus([bundle])

    assert len(reading.cases) == 8
    assert codes(reading) == {"spacing_unreadable"}
    assert reading.report.findings[0].file == "export.zip: spacing.csv"


def test_a_zip_beside_a_sheet_is_still_no_archive(tmp_path):
    odd = write_zip(tmp_path / "Center 1.zip", members(1) | {"Center 1/more.zip": packed(members(2))})

    reading = read_lymphus([odd])

    assert len(reading.cases) == 4
    assert codes(reading) == {"unexpected_file"}


def raw_zip(name: bytes, size: int, declared: int | None = None) -> bytes:
    """A zip of one member of zeros, deflated piece by piece; its directory may declare another length."""
    deflate, chunk, crc = zlib.compressobj(9, zlib.DEFLATED, -15), bytes(1 << 20), 0
    parts = []
    for _ in range(size >> 20):
        parts.append(deflate.compress(chunk))
        crc = zlib.crc32(chunk, crc)
    data = b"".join([*parts, deflate.flush()])
    said = size if declared is None else declared
    common = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0x5A21, crc, len(data), said, len(name), 0)
    local = b"PK\x03\x04" + common + name + data
    head = b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(head), len(local), 0)
    return local + head + end
