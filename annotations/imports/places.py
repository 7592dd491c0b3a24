"""Where an archive's bytes lie: a file, a run of one, or a file without a name. Each reads by positions of its own."""

from __future__ import annotations

import io
import os
import tempfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, BinaryIO, cast

from django.conf import settings

# opens the bytes anew: whoever opens closes, and threads do not share a position
Place = Callable[[], BinaryIO]
CHUNK = 1 << 20


class _Run(io.RawIOBase):
    """`size` bytes of an open file from `start` on, read by `pread`: the file's own position stays where it is."""

    def __init__(self, file: IO[bytes], start: int, size: int, *, owns: bool) -> None:
        self._file, self._start, self._size, self._owns = file, start, size, owns
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        wanted = max(0, min(len(buffer), self._size - self._at))
        read = os.pread(self._file.fileno(), wanted, self._start + self._at)
        buffer[: len(read)] = read
        self._at += len(read)
        return len(read)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        at = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence] + offset
        if at < 0:
            raise ValueError("negative seek")
        self._at = at
        return at

    def tell(self) -> int:
        return self._at

    def close(self) -> None:
        if self._owns:
            self._file.close()
        super().close()


def file_at(path: Path) -> Place:
    return lambda: path.open("rb")


def run_of(path: Path, start: int, size: int) -> Place:
    """A part of a file that is an archive itself: a zip stored in a zip. Nothing is copied."""
    return lambda: _buffered(_Run(path.open("rb"), start, size, owns=True))


def nameless(chunks: Iterator[bytes]) -> Place:
    """These bytes in a file without a name below the work folder: gone when the last who reads it is."""
    folder = Path(settings.WORK_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  (lives as long as the place does)
    for chunk in chunks:
        file.write(chunk)
    file.flush()
    size = file.tell()
    return lambda: _buffered(_Run(file, 0, size, owns=False))


def length_and_crc(place: Place) -> tuple[int, int]:
    """Bytes that are really there (a run may be promised beyond its file's end), and their CRC-32."""
    length = crc = 0
    with place() as file:
        while chunk := file.read(CHUNK):
            length, crc = length + len(chunk), zlib.crc32(chunk, crc)
    return length, crc


def _buffered(run: _Run) -> BinaryIO:
    return cast(BinaryIO, io.BufferedReader(run, CHUNK >> 3))
