"""What one cell says: a number, a level of a feature, or a gap. Unclear ones are never guessed into a value."""

from __future__ import annotations

import datetime
import difflib
import math
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from openpyxl.cell.cell import ERROR_CODES

from annotations.features import Feature, normalise

_UNIT = re.compile(r"([-+]?[\d.,]+)\s*(mm|cm)\.?", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?")
_GAPS = frozenset(
    {"", "-", "--", "–", "—", ".", "?", "n/a", "na", "n.a.", "n. a.", "nan", "null", "#n/a n/a", "missing", "unknown"}
)
# format, control and surrogate characters: not seen, and some of them no database takes
_UNSEEN = frozenset({"Cf", "Cc", "Cs"})
_DASHES = str.maketrans({"−": "-", "‐": "-", "‑": "-"})


@dataclass(frozen=True, slots=True)
class Oddity:
    """Why a cell is not simply its value. `refused`: the row cannot be stored."""

    code: str
    sentence: str
    refused: bool = False
    probably: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """`value` None: a gap, or refused. `text` is what was read, cleaned."""

    value: float | str | None
    text: str
    oddities: tuple[Oddity, ...] = ()


def clean(raw: Any) -> str:
    """A cell as text: no-break and zero-width spaces gone, whitespace single, ends trimmed; True as “true”."""
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return str(raw).lower()
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e15:
        return str(int(raw))
    spaced = " ".join(str(raw).split())
    return "".join(c for c in spaced if unicodedata.category(c) not in _UNSEEN).strip()


def is_gap(text: str) -> bool:
    """Whether a cell says nothing. The word “None” is not a gap: it is a value of necrosis and of centrality."""
    return text.casefold() in _GAPS


def is_error(raw: Any) -> bool:
    return isinstance(raw, str) and raw.strip() in ERROR_CODES


def error_cell(text: str) -> Cell:
    return Cell(
        None, text, (Oddity("error_cell", _("The cell holds an error of the spreadsheet, no value."), refused=True),)
    )


def western(text: str) -> str:
    """Digits of any script as 0-9, the Arabic decimal mark as a point."""
    digits = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text.translate(_DASHES))
    return digits.replace("٫", ".").replace("٬", ",")


def number(raw: Any) -> Cell:
    """A finite number in the column's unit (mm); cm are turned into mm and said."""
    text = clean(raw)
    if isinstance(raw, datetime.datetime | datetime.date):
        day = raw.date() if isinstance(raw, datetime.datetime) else raw
        said = Oddity(
            "date_in_number",
            _("The cell holds a date, not a number."),
            True,
            _("a date: perhaps %d.%d, turned by the spreadsheet") % (day.day, day.month),
        )
        return Cell(None, day.isoformat(), (said,))
    if isinstance(raw, datetime.time | datetime.timedelta):
        return Cell(None, text, (Oddity("date_in_number", _("The cell holds a time, not a number."), refused=True),))
    if isinstance(raw, bool):
        return Cell(None, text, (Oddity("not_a_number", _("The cell holds yes or no, not a number."), refused=True),))
    if isinstance(raw, int | float):
        return _finite(float(raw), text, ())
    return _number_of_text(text)


def _number_of_text(text: str) -> Cell:
    notes: list[Oddity] = [Oddity("number_as_text", _("The number is kept as text."))]
    plain = western(text)
    if plain != text:
        notes.append(Oddity("digits_normalised", _("The digits are of another script; they were read as %s.") % plain))
    factor = 1.0
    if unit := _UNIT.fullmatch(plain):
        plain, name = unit.group(1), unit.group(2).lower()
        factor = 10.0 if name == "cm" else 1.0
        notes.append(Oddity("unit_in_cell", _("The cell names its unit, %s; the value is stored in mm.") % name))
    if "," in plain:
        head, _comma, tail = plain.partition(",")
        if len(tail) == 3 or not tail.isdecimal() or not head.lstrip("+-").isdecimal():
            said = Oddity(
                "ambiguous_number",
                _("The comma may part decimals or thousands; this is not guessed."),
                True,
                _("%(a)s.%(b)s, or %(a)s%(b)s") % {"a": head, "b": tail.replace(",", "")},
            )
            return Cell(None, text, (said,))
        plain = f"{head}.{tail}"
        notes.append(Oddity("decimal_comma", _("The comma was read as a decimal point: %s.") % plain))
    if not _NUMBER.fullmatch(plain):
        return Cell(None, text, (Oddity("not_a_number", _("The cell holds no number."), refused=True),))
    value = float(plain) * factor
    return _finite(round(value, 9), text, tuple(notes))


def _finite(value: float, text: str, notes: tuple[Oddity, ...]) -> Cell:
    if not math.isfinite(value):
        return Cell(None, text, (Oddity("not_a_number", _("The cell holds no finite number."), refused=True),))
    return Cell(value, text, notes)


def case_number(raw: Any) -> int | None:
    """The number of a case: 7, 7.0, "007", " 7 "; None for anything else."""
    if isinstance(raw, bool | datetime.date | datetime.time):
        return None
    text = western(clean(raw))
    match = re.fullmatch(r"(\d{1,6})(\.0+)?", text)
    return int(match.group(1)) if match else None


def level(feature: Feature, raw: Any, others: tuple[Feature, ...] = ()) -> Cell:
    """The level of a categorical feature that a cell means. `others` are features it may have been exchanged with."""
    text = clean(raw)
    known = {s: v.code for v in feature.values for s in (*v.synonyms, normalise(v.code))}
    if (code := known.get(normalise(text))) is not None:
        return Cell(code, text)
    said = Oddity(
        "unknown_value",
        _("“%(value)s” is none of %(known)s.") % {"value": text[:60], "known": ", ".join(feature.value_codes)},
        True,
        _meant(feature, text, known, others),
    )
    return Cell(None, text, (said,))


def _meant(feature: Feature, text: str, known: dict[str, str], others: tuple[Feature, ...]) -> str:
    word = normalise(text)
    for other in others:
        codes = {normalise(v.code) for v in other.values} | {s for v in other.values for s in v.synonyms if len(s) > 4}
        if other.code != feature.code and word in codes:
            return _("a value of %s: perhaps in the wrong column") % other.label
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.75) if 3 < len(word) < 40 else []
    return _("perhaps “%s”; not yet a known synonym") % known[close[0]] if close else ""
