"""The worked examples in the docstrings of the diagnostic modules are true."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest

MODULES = ("auc", "auc_power", "binormal", "calibration", "mrmc_power", "paired_calls", "proportion", "roc")


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_hold(name):
    results = doctest.testmod(import_module(f"annotations.agreement.{name}"))

    assert results.attempted > 0
    assert results.failed == 0
