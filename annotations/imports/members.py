"""One form for a zip and for an unpacked folder: an archive of members, each read whole and checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from annotations.imports.names import normal
from annotations.imports.places import Place


class Unreadable(Exception):
    """A member cannot be read. `code` is stable; `archive_wide` when the whole archive is not to be trusted."""

    def __init__(self, code: str, sentence: str, *, archive_wide: bool = False) -> None:
        super().__init__(sentence)
        self.code, self.sentence, self.archive_wide = code, str(sentence), archive_wide


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive. `name` is legible and has forward slashes; `size` is what the directory declares.

    `place()`: where the bytes of a zip inside a zip lie, checked, never in memory as a whole. Raises Unreadable.
    """

    name: str
    size: int
    read: Callable[[], bytes] = field(repr=False, compare=False)
    place: Callable[[], Place] | None = field(default=None, repr=False, compare=False)

    @property
    def normal(self) -> str:
        return normal(self.name)


@dataclass(frozen=True, slots=True)
class Archive:
    """`name` is shown, `sha256` is of the zip ("" for a folder)."""

    name: str
    sha256: str
    members: tuple[Member, ...]

    def shown(self, member: Member) -> str:
        """How the report names a member."""
        return f"{self.name}: {member.name}"
