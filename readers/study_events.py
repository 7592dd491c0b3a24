"""What happened in a study, in sentences. The rows hold codes and facts; words are made for the person who reads them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from readers.models import Study, StudyEvent

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Happening:
    at: datetime
    sentence: str


def what_happened(study: Study, limit: int = 12) -> list[Happening]:
    """The latest events, newest first."""
    told: list[Happening] = []
    for (code, minute), group in groupby(study.events.all(), key=_kind_and_minute):
        events = list(group)
        if code == "reader_added" and len(events) > 1:
            told.append(Happening(minute, _together(events)))
        else:
            told += [Happening(event.at, sentence_of(event)) for event in events]
    return told[:limit]


def sentence_of(event: StudyEvent) -> str:
    """An event in words; one of a kind this page does not know is shown by its code."""
    known = _SENTENCES.get(event.code)
    return known(event.facts) if known else event.code.replace("_", " ").capitalize()


def chosen_by(study: Study) -> str:
    """By which rule the cases were chosen, or "" if they were named one by one."""
    event = study.events.filter(code="cases_chosen").first()
    return _chosen(event.facts) if event else ""


def _kind_and_minute(event: StudyEvent) -> tuple[str, datetime]:
    return event.code, event.at.replace(second=0, microsecond=0)


def _together(added: Sequence[StudyEvent]) -> str:
    """Readers that were added in the same minute, newest event first, in one sentence."""
    numbers = [event.facts.get("reader") for event in added]
    return _("Readers %(first)s to %(last)s added") % {"first": numbers[-1], "last": numbers[0]}


def _cases(facts: Facts, key: str = "cases") -> str:
    return ngettext("%(n)d case", "%(n)d cases", facts.get(key, 0)) % {"n": facts.get(key, 0)}


def _chosen(facts: Facts) -> str:
    if facts.get("sample_size") is None:
        parts = [_("all that match")]
    else:
        parts = [_("random sample, seed %(seed)s") % {"seed": facts["seed"]}]
    if facts.get("centres"):
        parts.append(_("centres %(numbers)s") % {"numbers": ", ".join(str(n) for n in facts["centres"])})
    if facts.get("without_marked"):
        parts.append(_("without marked images"))
    return ", ".join(parts)


def _opened(facts: Facts) -> str:
    n = facts.get("assignments", 0)
    return ngettext("Opened; %(n)d place drawn", "Opened; %(n)d places drawn", n) % {"n": n}


def _locked(facts: Facts) -> str:
    text = _("Locked with %(submitted)d of %(assignments)d readings submitted")
    return text % {"submitted": facts.get("submitted", 0), "assignments": facts.get("assignments", 0)}


def _withdrew(facts: Facts) -> str:
    text = _("Reader %(n)s withdrew; %(cases)s taken back") % {
        "n": facts.get("reader"),
        "cases": _cases(facts, "assignments"),
    }
    return f"{text}: “{facts['reason']}”" if facts.get("reason") else text


_SENTENCES: dict[str, Callable[[Facts], str]] = {
    "created": lambda f: _("Made with %(cases)s") % {"cases": _cases(f)},
    "cases_chosen": lambda f: _("Cases chosen: %(rule)s") % {"rule": _chosen(f)},
    "opened": _opened,
    "locked": _locked,
    "reader_added": lambda f: _("Reader %(n)s added") % {"n": f.get("reader")},
    "reader_withdrawn": _withdrew,
    "analysis_requested": lambda f: _("Analysis asked for"),
}  # fmt: skip
