"""A progress bar for a terminal; on anything else, a line for every tenth part."""

from __future__ import annotations

from typing import TextIO

_WIDTH = 40


class Bar:
    """Call it with (done, total); it writes to the stream it was given."""

    def __init__(self, stream: TextIO, label: str) -> None:
        self.stream, self.label = stream, label
        self.alive = bool(getattr(stream, "isatty", lambda: False)())
        self.tenths = 0

    def __call__(self, done: int, total: int) -> None:
        if self.alive:
            full = "█" * (_WIDTH * done // total)
            end = "\n" if done == total else ""
            self.stream.write(f"\r{self.label} [{full:<{_WIDTH}}] {done}/{total}{end}")
        elif done * 10 // total > self.tenths:
            self.tenths = done * 10 // total
            self.stream.write(f"{self.label} {done}/{total}\n")
        self.stream.flush()
