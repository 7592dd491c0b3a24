"""Every known answer, within its own tolerance: the set that ships with the project, and the shared ones where present."""

import json
import os
from pathlib import Path

import pytest

from annotations import agreement
from annotations.agreement.verify import verify_case, verify_paths

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("LYMPHUS_SHARED", ROOT.parent / "shared")) / "oracles"
OWN = sorted((Path(agreement.__file__).parent / "own_oracles").glob("*.json"))
SHARED_CASES = {
    "agreement_bootstrap": 9,
    "agreement_comparison": 39,
    "agreement_continuous": 116,
    "agreement_edge_cases": 88,
    "agreement_many_readers": 232,
    "agreement_two_readers_nominal": 267,
}


@pytest.mark.parametrize("family", SHARED_CASES)
def test_shared_oracles_agree(family):
    file = SHARED / f"{family}.json"
    if not file.exists():
        pytest.skip(f"the shared oracles are not here: set LYMPHUS_SHARED ({file} is absent)")

    outcomes = list(verify_paths([file]))

    assert [(o.case, o.differences) for o in outcomes if o.differences] == []
    assert len(outcomes) == SHARED_CASES[family]


@pytest.mark.parametrize("file", OWN, ids=lambda file: file.stem)
def test_own_oracles_agree(file):
    outcomes = list(verify_paths([file]))

    assert [(o.case, o.differences) for o in outcomes if o.differences] == []
    assert outcomes


@pytest.mark.parametrize("file", OWN, ids=lambda file: file.stem)
def test_own_oracles_lie_within_what_was_printed(file):
    for case in json.loads(file.read_text())["cases"]:
        printed = dict(case.get("published", {}))
        precision = printed.pop("precision", 0)
        for name, value in printed.items():
            if isinstance(value, int | float):
                assert abs(case["expected"][name] - value) <= precision, case["id"]


KAPPA = {
    "id": "one",
    "statistic": "Cohen's kappa",
    "options": {},
    "input": {"table": [[40, 9], [6, 45]]},
    "expected": {"value": 0.699519230769231, "n": 100},
    "tolerance": 1e-9,
}


def test_a_case_that_agrees_has_no_difference():
    assert verify_case(KAPPA, Path()) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"expected": {"value": 0.6995}}, "value: expected 0.6995"),
        ({"expected": {"undefined": True, "reason": "0/0"}}, "expected undefined (0/0), got a defined answer"),
        ({"expected": {"kappa": 0.7}}, "kappa: expected 0.7, got None"),
        ({"expected": {"value": [0.7]}}, "value: expected [0.7]"),
        ({"statistic": "kappa of the moon"}, "'kappa of the moon' is not known here"),
        ({"input": {"table": [[1, -1], [0, 1]]}}, "raised WrongCall"),
        ({"input": {"table": [[9, 0], [0, 0]]}}, "expected a defined answer, got undefined"),
        ({"expected": {"value": 0.7, "se_range": [0.2, 0.3]}}, "se_range: expected [0.2, 0.3]"),
    ],
)
def test_a_case_that_differs_says_where(change, said):
    differences = verify_case({**KAPPA, **change}, Path())

    assert any(said in difference for difference in differences), differences
