"""Oracle names of the agreement statistics."""

from __future__ import annotations

from annotations.agreement.oracle_adapters import Adapter

ADAPTERS: dict[str, Adapter] = {}
