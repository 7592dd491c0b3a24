"""Known answers of proportions, 2x2 tables, paired tests, ROC, MRMC and sample size."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from annotations import agreement
from annotations.agreement.verify import verify_case
from tests.agreement.oracle_cases import ORACLES, oracle_cases

FILES = ("diagnostic_proportions", "diagnostic_roc", "diagnostic_sample_size", "mrmc_or", "mrmc_gallas")
OWN = Path(agreement.__file__).parent / "own_oracles" / "diagnostic.json"


@pytest.mark.parametrize("case", json.loads(OWN.read_text(encoding="utf-8"))["cases"], ids=lambda case: case["id"])
def test_the_known_answer_that_ships_with_the_project_is_met(case):
    assert verify_case(case, OWN.parent) == []


@pytest.mark.parametrize("case", oracle_cases(*FILES))
def test_the_known_answer_is_met(case):
    assert verify_case(case, ORACLES) == []


def test_every_file_of_diagnostic_and_reader_studies_is_run():
    if not ORACLES.is_dir():
        pytest.skip("the oracles are not here; set LYMPHUS_SHARED")
    known = {path.stem for path in ORACLES.glob("*.json") if path.stem.startswith(("diagnostic", "mrmc"))}
    data = {"diagnostic_aSAH", "mrmc_datasets", "mrmc_datasets_incomplete", "mrmc_datasets_more"}

    assert known - data == set(FILES)
