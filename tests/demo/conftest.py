"""A small dataset, made once: enough cases that every feature level of the table occurs."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from annotations.demo.build import make_demo_dataset

SMALL = 8


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    make_demo_dataset(folder, SMALL, seed=7, workers=1)
    return folder


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f))
