"""Rounded numbers give the same bytes whether they were kept in a row in between or not, on either database."""

from __future__ import annotations

import json

import pytest

from annotations.canonical import canonical_json, rounded
from annotations.models import Analysis

NUMBERS = [1e15, 9.99999999996e15, 1e16, -1e16, 1.234567890123e20, 1e300, 1e-300, 1 / 3, -0.0, 5.0, 10**17]


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_kept_parts_come_back_to_the_same_bytes():
    straight = rounded({"numbers": NUMBERS})
    row = Analysis.objects.create(title="t", spec={}, inputs={}, inputs_sha256="", parts=straight)

    row.refresh_from_db()

    assert canonical_json(rounded(row.parts)) == canonical_json(straight)


def test_a_large_float_becomes_the_whole_number_that_its_digits_say():
    assert rounded(1.234567890123e20) == 123456789000000000000
    assert canonical_json(rounded(1e16)) == b"10000000000000000"
    assert rounded(json.loads(canonical_json(rounded(1e300)))) == 10**300


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(ValueError, match="Out of range"):
        canonical_json(rounded(value))
