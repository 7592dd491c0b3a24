"""From the words of an oracle case to our functions: statistic name -> function(options, input, base_dir) -> named numbers.

Each module holds a dict `ADAPTERS`. An adapter returns a dict with the fields that `expected` names; a field or an answer
without a value is a dict with a reason under "undefined". The modules know the oracles' vocabulary so that the
statistics need not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

Adapter = Callable[[Mapping[str, Any], Mapping[str, Any], Path], Mapping[str, Any]]

# Every module with a dict ADAPTERS; add yours here.
_MODULES: tuple[str, ...] = ("agreement", "continuous", "masks", "diagnostic", "resampled", "mrmc", "sample_size")


@cache
def adapters() -> Mapping[str, Adapter]:
    """All adapters by the statistic's oracle name. Raises KeyError if two modules claim one name."""
    found: dict[str, Adapter] = {}
    for module in _MODULES:
        own: dict[str, Adapter] = import_module(f"{__name__}.{module}").ADAPTERS
        taken = found.keys() & own.keys()
        if taken:
            raise KeyError(f"{module} claims names that another module has: {sorted(taken)}")
        found.update(own)
    return found
