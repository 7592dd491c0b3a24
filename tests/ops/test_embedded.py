"""The embedded form's children are started with words that they know."""

from __future__ import annotations

import subprocess
from pathlib import Path

from lymphus_web import embedded

ROOT = Path(__file__).resolve().parents[2]


def test_celery_knows_every_option_of_the_embedded_worker():
    """A wrong option ends the worker at once, and the household would start another for ever."""
    said = subprocess.run(
        [*embedded.worker_command(), "--help"], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert said.returncode == 0, said.stderr
