"""Every known answer about masks is met."""

import os
from pathlib import Path

import pytest

from annotations.agreement.verify import verify_paths

ORACLES = Path(os.environ.get("LYMPHUS_SHARED", Path(__file__).parents[3] / "shared")) / "oracles"


@pytest.mark.parametrize(("file", "cases"), [("masks_pairs.json", 164), ("masks_consensus.json", 8)])
def test_the_oracle_is_met_in_every_case(file, cases):
    if not (ORACLES / file).exists():
        pytest.skip("the oracles are not here: set LYMPHUS_SHARED to the folder that holds them")

    outcomes = list(verify_paths([ORACLES / file]))

    assert [(outcome.case, outcome.differences) for outcome in outcomes if outcome.differences] == []
    assert len(outcomes) == cases


def test_an_array_that_differs_from_the_stored_one_is_told(monkeypatch):
    if not ORACLES.exists():
        pytest.skip("the oracles are not here: set LYMPHUS_SHARED to the folder that holds them")
    from annotations.agreement.oracle_adapters import masks

    honest = masks.majority
    monkeypatch.setattr(masks, "majority", lambda cast: _swapped(honest(cast)))

    differing = [outcome.case for outcome in verify_paths([ORACLES / "masks_consensus.json"]) if outcome.differences]

    assert differing == ["majority/four_one_outlier"]  # the one with ties, where the two masks differ


def _swapped(found):
    return type(found)(strict=found.ties_in, ties_in=found.strict, tied_px=found.tied_px)
