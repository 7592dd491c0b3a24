"""Why a figure is undefined and what it is warned of is said in the person's language, wherever results meet it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils.translation import override

from annotations.results.engine_reasons import SAID
from annotations.results.reasons import in_words, kinds_in_words
from tests.analyses.made import finished_analysis
from tests.pages.engine_source import answers

FILLED = {
    "n": "91",
    "every": "120",
    "slope": "-0.12",
    "p": "0.003",
    "what": "cases",
    "why": "no case",
    "which": "first",
}


def said_in(value: Any) -> Iterator[str]:
    """Every reason and warning of a result."""
    if isinstance(value, list):
        for entry in value:
            yield from said_in(entry)
    elif isinstance(value, dict):
        for name in ("undefined", "no_interval"):
            if isinstance(value.get(name), str):
                yield value[name]
        yield from (text for text in value.get("warnings", ()) if isinstance(text, str))
        for entry in value.values():
            yield from said_in(entry)


@pytest.mark.django_db
def test_what_a_studys_result_says_of_its_figures_is_said_in_german():
    found = set(said_in(json.loads(bytes(finished_analysis().result))))
    assert len(found) > 5

    with override("de"):
        assert {text for text in found if in_words(text) == text} == set()


def test_what_the_statistics_say_of_hostile_input_is_said_in_german():
    """The sentences as they come out, with their numbers and their parts: the list above knows only how they are written."""
    found = {re.sub("^[ab]: ", "", text) for text in said_in(answers())}  # strata are called a and b there
    assert len(found) > 60

    with override("de"):
        assert {text for text in found if in_words(text) == text} == set()


@pytest.mark.parametrize("text", SAID)
def test_every_listed_text_has_german(text):
    said = text % FILLED if "%(" in text else text
    assert in_words(said) == said  # English stays what the engine said
    with override("de"):
        german = in_words(f"centre 2: {said}")

    assert german.startswith("Zentrum 2: ") and (said not in german or said == "AUC")
    for number in ("91", "120", "-0.12", "0.003"):
        assert (number in said) == (number in german)


def test_another_text_is_shown_as_it_is():
    with override("de"):
        assert in_words("the readers were asleep") == "the readers were asleep"
        assert in_words("") == ""


def test_each_warning_is_said_once_with_its_numbers_from_the_least_to_the_greatest():
    few = "Only {} cases: the interval can be a little too narrow."
    said = [
        few.format(13),
        f"centre 1: {few.format(2)}",
        few.format(13),
        "the readers were asleep",
        "a single case has no variance",
    ]

    assert kinds_in_words(said) == [few.format("2 … 13"), "the readers were asleep", "a single case has no variance"]
    assert kinds_in_words([few.format(4)]) == [few.format(4)]
    with override("de"):
        assert kinds_in_words(said)[0] == "Nur 2 … 13 Fälle: Das Intervall kann etwas zu eng sein."
