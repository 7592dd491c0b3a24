"""A stored result is computed again from its frozen inputs and compared."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import CommandError, call_command

from annotations.analyses.comparing import first_difference
from annotations.canonical import canonical_json
from annotations.models import Analysis
from tests.analyses.made import closed_study, finished_analysis

pytestmark = pytest.mark.django_db


@pytest.fixture
def analysis():
    return finished_analysis(closed_study(n_cases=4, n_readers=2))


def said(analysis) -> str:
    out = io.StringIO()
    call_command("reproduce", analysis.public_id, stdout=out)
    return out.getvalue()


def store(analysis, change) -> None:
    document = json.loads(bytes(analysis.result))
    change(document)
    Analysis.objects.filter(pk=analysis.pk).update(result=canonical_json(document))


def test_the_same_bytes_are_said_to_be_the_same(analysis):
    assert "the same" in said(analysis)


def nudge(document) -> None:
    document["averages"]["sensitivity"]["by_centre"]["1"]["value"] *= 1 + 1e-10


def test_on_the_machine_that_made_it_a_last_digit_is_a_difference(analysis):
    store(analysis, nudge)

    with pytest.raises(CommandError, match="other bytes under the same lock file"):
        said(analysis)


def test_a_last_digit_of_another_architecture_is_forgiven_and_said(analysis):
    store(analysis, nudge)
    Analysis.objects.filter(pk=analysis.pk).update(made_with=analysis.made_with | {"machine": "another"})

    assert "every number equal at 1e-8 (computed with another processor architecture)" in said(analysis)


def test_another_number_is_named_with_its_place(analysis):
    def spoil(document):
        document["averages"]["sensitivity"]["by_centre"]["1"]["value"] = 0.123

    store(analysis, spoil)

    with pytest.raises(CommandError, match=r"result\.averages\.sensitivity\.by_centre\.1\.value: stored 0\.123"):
        said(analysis)


def test_an_unknown_analysis_is_a_sentence():
    with pytest.raises(CommandError, match="There is no analysis"):
        call_command("reproduce", "NOSUCH")


@pytest.mark.parametrize(
    ("one", "two", "place"),
    [({"a": [1, 2]}, {"a": [1, 3]}, "result.a[1]"), ({"a": 1}, {"b": 1}, "result:"), ([1], [1, 2], "result:"),
     (True, 1, "result:"), (None, 0.0, "result:")],
)  # fmt: skip
def test_the_first_place_that_differs_is_named(one, two, place):
    assert first_difference(one, two).startswith(place)


def test_like_values_do_not_differ():
    assert first_difference({"a": [1.0, "x", None, True]}, {"a": [1.0 + 1e-12, "x", None, True]}) is None
