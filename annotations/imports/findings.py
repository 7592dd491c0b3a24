"""What an import found: each finding names file, row, column and value, what it means, and what it probably was."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from annotations.imports.limits import MAX_FINDINGS_PER_CODE

# refused: not stored. look: stored if the curator says so. note: stored, counted, no decision needed.
Verdict = Literal["refused", "look", "note"]
# what a refusal leaves out: every case of the archive, or one case; "" leaves out only the file itself
Scope = Literal["archive", "case", ""]


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What ties a row to its files: the published archives number the cases anew in every group."""

    centre: int
    group: str
    number: int

    def __str__(self) -> str:
        return f"{self.number} {self.group.capitalize()}, centre {self.centre}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. `sentence` says what is and what it means; `probably` what the value probably was."""

    code: str
    verdict: Verdict
    sentence: str
    file: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    probably: str = ""
    scope: Scope = ""
    case: str = ""


def printable(text: Any, *, length: int = 120) -> str:
    """Text from a file, fit to be shown: control, bidirectional and surrogate characters become “�”, and it is cut."""
    shown = "".join(
        "�"
        if unicodedata.category(c) in {"Cc", "Cs", "Co", "Cn"}
        or c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
        else c
        for c in str(text)
    )
    return shown if len(shown) <= length else shown[: length - 1] + "…"


@dataclass
class Report:
    """Everything found, in the order found, and the counts beside it."""

    findings: list[Finding] = field(default_factory=list)
    ignored: Counter[str] = field(default_factory=Counter)
    synonyms: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    refused_keys: set[Key] = field(default_factory=set)
    refused_archives: set[str] = field(default_factory=set)
    unlisted: Counter[str] = field(default_factory=Counter)

    def add(
        self,
        code: str,
        verdict: Verdict,
        sentence: str,
        *,
        file: str = "",
        row: int | None = None,
        column: str = "",
        value: Any = "",
        probably: str = "",
        archive: str = "",
        case: Key | None = None,
    ) -> None:
        """Note a finding. A refusal with `archive` leaves out every case of it, one with `case` leaves out that case."""
        scope: Scope = ""
        if verdict == "refused":
            if archive:
                scope = "archive"
                self.refused_archives.add(archive)
            elif case is not None:
                scope = "case"
                self.refused_keys.add(case)
        self.counts[verdict] += 1
        if sum(1 for f in self.findings if f.code == code) >= MAX_FINDINGS_PER_CODE:
            self.unlisted[code] += 1
            return
        self.findings.append(
            Finding(
                code,
                verdict,
                printable(sentence, length=600),
                printable(file, length=300),
                row,
                printable(column),
                printable(value),
                printable(probably, length=300),
                scope,
                str(case) if case else "",
            )
        )

    def of(self, *verdicts: Verdict) -> list[Finding]:
        return [f for f in self.findings if f.verdict in verdicts]

    @property
    def needs_a_decision(self) -> bool:
        return bool(self.counts["refused"] or self.counts["look"])

    @property
    def verdict(self) -> str:
        """The worst of all: accept, accept_with_warning or refuse."""
        if self.counts["refused"]:
            return "refuse"
        return "accept_with_warning" if self.counts["look"] else "accept"

    def as_json(self) -> dict[str, Any]:
        order = {"refused": 0, "look": 1, "note": 2}
        return {
            "format": 1,
            "verdict": self.verdict,
            "counts": dict(sorted(self.counts.items())),
            "findings": [asdict(f) for f in sorted(self.findings, key=lambda f: order[f.verdict])],
            "not_listed": dict(sorted(self.unlisted.items())),
            "synonyms": [
                {"column": column, "text": printable(text), "meaning": meaning, "count": count}
                for (column, text, meaning), count in sorted(self.synonyms.items())
            ],
            "ignored": dict(sorted(self.ignored.items())),
        }
