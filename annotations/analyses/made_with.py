"""What the bytes of a result depend on beside the question and the inputs."""

from __future__ import annotations

import hashlib
import platform
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy
import scipy
from django.conf import settings

from annotations.analyses import ENGINE

# bytes are promised for one engine, lock file and processor architecture
PROMISED_BY = ("engine", "machine", "lock_sha256")


def made_with() -> dict[str, str]:
    """Of this process: kept with each result it makes."""
    lock = Path(settings.BASE_DIR) / "requirements.txt"
    return {
        "engine": ENGINE,
        "python": ".".join(str(part) for part in sys.version_info[:3]),
        "numpy": numpy.__version__,
        "scipy": scipy.__version__,
        "machine": platform.machine(),
        "lock_sha256": hashlib.sha256(lock.read_bytes()).hexdigest() if lock.exists() else "",
    }


def other_than_here(stored: Mapping[str, str]) -> list[str]:
    """Which of what the promise of bytes rests on is another one here, or is not known of the result."""
    here = made_with()
    return [name for name in PROMISED_BY if stored.get(name) != here[name]]
