"""The room that a page keeps for a stored figure is the size of the drawing, near enough that fitting it in is not seen."""

from __future__ import annotations

import json
import re

import pytest

from annotations.results.drawing import drawn
from annotations.results.figure_size import figure_size
from tests.analyses.made import closed_study, finished_analysis

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("n_readers", [2, 7])
def test_reckoned_sizes_are_those_of_the_drawings(n_readers):
    study = closed_study(n_cases=6, n_readers=n_readers)
    figures = json.loads(bytes(finished_analysis(study).result))["figures"]
    assert {figure["name"].split("-")[0] for figure in figures} == {"agreement", "roc", "bland", "masks"}
    for figure in figures:
        found = re.match(r'<svg[^>]*width="(\d+)" height="(\d+)"', drawn(figure["spec"], "svg").decode())
        for reckoned, real in zip(figure_size(figure["spec"]), map(int, found.groups()), strict=True):
            assert reckoned == pytest.approx(real, rel=0.08, abs=40), (figure["name"], found.groups())
