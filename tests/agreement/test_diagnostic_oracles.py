"""Known answers of proportions, 2x2 tables, paired tests, ROC, MRMC and sample size."""

from __future__ import annotations

import pytest

from annotations.agreement.verify import verify_case
from tests.agreement.oracle_cases import ORACLES, oracle_cases

FILES = ("diagnostic_proportions", "diagnostic_roc", "diagnostic_sample_size", "mrmc_or", "mrmc_gallas")


@pytest.mark.parametrize("case", oracle_cases(*FILES))
def test_the_known_answer_is_met(case):
    assert verify_case(case, ORACLES) == []


def test_every_file_of_diagnostic_and_reader_studies_is_run():
    if not ORACLES.is_dir():
        pytest.skip("the oracles are not here; set LYMPHUS_SHARED")
    known = {path.stem for path in ORACLES.glob("*.json") if path.stem.startswith(("diagnostic", "mrmc"))}
    data = {"diagnostic_aSAH", "mrmc_datasets", "mrmc_datasets_incomplete", "mrmc_datasets_more"}

    assert known - data == set(FILES)
