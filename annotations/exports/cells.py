"""Text that a spreadsheet would run as a formula is made harmless (one apostrophe off restores it); numbers stay numbers."""

from __future__ import annotations

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "'")


def safe_text(text: str) -> str:
    """An apostrophe before text that begins as a formula would (or with an apostrophe, so that it can be undone)."""
    return "'" + text if text.startswith(_DANGEROUS) else text


def cell(value: object) -> object:
    """A value as a CSV or XLSX cell: None empty, numbers as they are, text made safe."""
    if value is None:
        return ""
    return safe_text(value) if isinstance(value, str) else value
