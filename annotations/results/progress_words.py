"""What a running analysis is at, in words: the row holds the name of a part."""

from __future__ import annotations

from django.utils.translation import gettext as _

from annotations.features import FormSchema
from annotations.models import Analysis
from annotations.results.forms import form_of_analysis

MASK_PARTS = ("masks", "consensus", "mask_pairs", "mask_consensus")


def progress_words(analysis: Analysis) -> str:
    """In the language of the page; "" while nobody works on it."""
    name = analysis.progress_text
    if not name:
        return ""
    arm, _slash, part = name.rpartition("/") if name.startswith("arm ") else ("", "", name)
    words = _words(part, form_of_analysis(analysis))
    return _("%(what)s, arm %(arm)s") % {"what": words, "arm": arm.removeprefix("arm ")} if arm else words


def _words(part: str, form: FormSchema) -> str:
    kind, _colon, rest = part.partition(":")
    if kind == "feature":
        return _("Agreement on %(feature)s") % {"feature": _feature(rest, form)}
    if kind in MASK_PARTS:  # one pass makes them all
        return _("Masks: with the reference, between readers, with their consensus")
    whole = {
        "intra": _("Readers with themselves"),
        "comparisons": _("Readers compared"),
        "pathology": _("Each reader against the pathology"),
        "averages": _("Averages over the readers"),
        "signs": _("Each feature against the pathology"),
        "arms": _("Arms compared"),
        "accuracy": _("Accuracy against the truth"),
    }
    return whole[kind]


def _feature(said: str, form: FormSchema) -> str:
    """A table's part may have its arm behind the code."""
    if said in form.codes:
        return str(form.feature(said).label)
    code, _slash, arm = said.rpartition("/")
    label = str(form.feature(code).label) if code in form.codes else code or arm
    return f"{label}, {arm}" if code else label
