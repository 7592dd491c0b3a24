"""Answers of several sides side by side, in words, with what differs from the reference marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from annotations.analyses.material import Material, Said
from annotations.features import Feature, FormSchema
from annotations.results.numbers import number


@dataclass(frozen=True, slots=True)
class Answer:
    text: str
    differs: bool = False


@dataclass(frozen=True, slots=True)
class AnswerRow:
    label: str
    reference: Answer
    readers: tuple[Answer, ...]


def answer_rows(material: Material, column: int) -> list[AnswerRow]:
    """The features, then score and call if anybody gave one, of one case: the reference, then every reader in order."""
    sides = [material.said.get((row, column)) for row in range(len(material.readers))]
    reference = material.reference.get(column)
    rows = [feature_row(material.form, code, reference, sides) for code in material.form.codes]
    score = [Answer("" if s is None or s.score is None else str(s.score)) for s in sides]
    calls = {"benign": _("benign"), "malignant": _("malignant"), "": ""}
    call = [Answer(calls[s.call] if s else "") for s in sides]
    for label, answers in ((_("Malignancy score"), score), (_("Call"), call)):
        if any(answer.text for answer in answers):
            rows.append(AnswerRow(label, Answer(""), tuple(answers)))
    return rows


def feature_row(form: FormSchema, code: str, reference: Said | None, sides: list[Said | None]) -> AnswerRow:
    """What each said of one feature."""
    feature = form.feature(code)
    expected = _said(feature, reference)
    answers = []
    for side in sides:
        text = _said(feature, side)
        both = _has_value(side, code) and _has_value(reference, code)
        apart = feature.kind != "continuous" and both and text != expected
        answers.append(Answer(text, apart))
    return AnswerRow(str(feature.label), Answer(expected), tuple(answers))


def _has_value(said: Said | None, code: str) -> bool:
    return said is not None and said.answers[code].state == "value"


def _said(feature: Feature, said: Any) -> str:
    if said is None:
        return ""
    answer = said.answers[feature.code]
    if answer.state == "value":
        if feature.kind == "continuous":
            return f"{number(float(answer.value), 2 if not answer.unit else 1)} {answer.unit}".strip()
        return next(str(v.label) for v in feature.values if v.code == answer.value)
    return {
        "cannot_assess": _("cannot assess"),
        "not_applicable": answer.reason or _("not asked"),
        "open": _("open"),
    }[answer.state]
