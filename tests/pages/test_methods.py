"""How a figure was computed is said in the person's language: popovers, sentences, notes on paper, and pictures."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import override

from annotations.results.assumptions import ASSUMPTIONS
from annotations.results.engine_methods import METHODS
from annotations.results.engine_reasons import SAID
from annotations.results.figure_labels import LABELS
from annotations.results.figure_words import in_language
from annotations.results.forms import form_of_analysis
from annotations.results.methods import method_in_words
from annotations.results.notes import notes_of
from tests.analyses.made import finished_analysis
from tests.pages.engine_source import answers, as_source, sentences

NAMES = re.compile(
    r"(Agresti-Coull|AUC|Brennan-Prediger|Clopper-Pearson|DeLong|Fisher z|FRRC|Gwet AC[12]|ICC|Lin CCC|McGraw-Wong|MOVER"
    r"|Obuchowski(-Rockette)?|PABAK|RRRC|RRFC|Wald|Wilson|Woolf|df|logit|phi|t|F|[,; \d{}.])+"
)
FORMULAS = {
    "2 po - 1", "2a / (2a + b)", "2tp / (2tp + fp + fn)", "(tp + fn) / n", "(tp + tn) / n", "tp / (tp + fn)",
    "tn / (tn + fp)", "tp / (tp + fp)", "tn / (tn + fn)", "tp tn / (fp fn)", "tp tn / (fp fn), Woolf", "k / n",
}  # fmt: skip
# keys of the document, the registry's prose, titles that figure_titles.py has of its own, streams of random numbers
NEVER_SHOWN = re.compile(
    r".*\d{4};\d+.*|(ROC of|Bland–Altman of|Agreement among|Dice of|the malignancy score|; marks|, by centre| and ).*"
    r"|\{\}(: expected| patients with several|; undefined|[,:]? \{\}).*|all ratings in one category; no case.*|1 … \{\}|, \{\}"
    r"|arm \{\}/|centre \{\}|centre, none|one centre|masks: cases|newcombe or logit|a higher score points to malignancy"
    r"|bootstrap of patients|sandwich over patients|specific agreement, \{\}|reader − reference\{\}"
)
FILLED = {"n": "91", "seed": "17", "how": "exact", "what": "cases", "which": "Fleiss kappa", "name": "RRRC"}


def methods_in(value: Any) -> Iterator[str]:
    """Every estimator and method of an interval of a result."""
    if isinstance(value, list):
        for entry in value:
            yield from methods_in(entry)
    elif isinstance(value, dict):
        if "estimator" in value:
            yield value["estimator"]
            yield (value["interval"] or {"method": ""})["method"]
        for entry in value.values():
            yield from methods_in(entry)


def left_english(found: set[str]) -> set[str]:
    with override("de"):
        same = {text for text in found if method_in_words(text) == text}
    return {text for text in same if text and not is_name(text)}


def is_name(text: str) -> bool:
    """What is the same in every language."""
    return text in FORMULAS or NAMES.fullmatch(text) is not None


def test_every_sentence_of_the_engines_source_is_listed():
    listed = {as_source(text).removeprefix("{}") for text in (*SAID, *METHODS, *LABELS, *ASSUMPTIONS)}
    there = {text: where for text, where in sentences().items() if text.removeprefix("{}") not in listed}

    assert {t: where for t, where in there.items() if not is_name(t) and not NEVER_SHOWN.fullmatch(t)} == {}


def test_no_listed_reason_is_left_over():
    """A text of several words stands in the engine's source; one word can stand anywhere."""
    several = {as_source(text) for text in SAID if " " in text}

    assert several - set(sentences()) == set()


def test_methods_of_hostile_input_are_said_in_german():
    found = set(methods_in(answers()))
    assert len(found) > 60

    assert left_english(found) == set()


@pytest.mark.django_db
def test_methods_of_a_study_are_said_in_german():
    found = set(methods_in(json.loads(bytes(finished_analysis().result))))
    assert len(found) > 15

    assert left_english(found) == set()


@pytest.mark.parametrize("text", METHODS)
def test_every_listed_text_is_found_again_and_has_german(text):
    said = text % FILLED if "%(" in text else text
    assert method_in_words(said) == said
    with override("de"):
        german = method_in_words(said)

    assert german != said or text in ("linear", "%(how)s, df %(n)s")
    for number in ("91", "17"):
        assert (number in said) == (number in german)


@pytest.mark.django_db
def test_notes_on_paper_are_german():
    document = json.loads(bytes(finished_analysis().result))
    with override("de"):
        notes = notes_of(document)

    assert any(note["name"] == "Fleiss-Kappa" and note["how"].startswith("Fleiss-Kappa, ungewichtet") for note in notes)
    english = re.compile(r"\b(of|the|with|and|over|mean|share|limits|divisor|reading|interval|distance)\b")
    assert not [note for note in notes if english.search(f"{note['name']} {note['how']} {note['interval']}")]


@pytest.mark.django_db
def test_pictures_have_the_words_of_the_page_and_their_bytes_stay(client):
    analysis = finished_analysis()
    form, figures = form_of_analysis(analysis), json.loads(bytes(analysis.result))["figures"]
    with override("en"):
        assert [in_language(figure["spec"], form) for figure in figures] == [figure["spec"] for figure in figures]
    client.force_login(analysis.requested_by)
    at = next(i for i, figure in enumerate(figures) if figure["name"].startswith("bland-altman"))
    address = reverse("analysis_figure", args=[analysis.public_id, at, "json"])

    english, german = (client.get(address, headers={"accept-language": code}) for code in ("en", "de"))

    assert english.json() == figures[at]["spec"] and english["ETag"] != german["ETag"]
    said = json.dumps(german.json(), ensure_ascii=False)
    for word in ("Befunder − Referenz", "Befunder 1", "Zentrum 1", "Grenzen", '"title": "Differenz"'):
        assert word in said
    for word in ("Reader 1", "Centre 1", '"limits"'):
        assert word in json.dumps(figures[at]["spec"]) and word not in said


@pytest.mark.django_db
def test_the_forest_names_features_and_statistics_in_german():
    analysis = finished_analysis()
    figures = json.loads(bytes(analysis.result))["figures"]
    spec = next(figure["spec"] for figure in figures if figure["name"] == "agreement")

    with override("de"):
        found = in_language(spec, form_of_analysis(analysis))

    rows = found["data"]["values"]
    assert {row["feature"] for row in rows}.isdisjoint(
        {row["feature"] for row in spec["data"]["values"]} - {"Necrosis"}
    )
    assert {"Fleiss-Kappa", "ICC(2,1)"} <= {row["statistic"] for row in rows}
    assert found["layer"][1]["encoding"]["shape"]["scale"]["domain"] == ["ICC(2,1)", "Fleiss-Kappa"]
    assert [row["value"] for row in rows] == [row["value"] for row in spec["data"]["values"]]
