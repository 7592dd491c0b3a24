"""The two ways to call it."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from annotations.demo.__main__ import main
from annotations.demo.bar import Bar

ROOT = Path(__file__).parents[2]


def test_the_module_writes_a_dataset_and_says_so(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "annotations.demo", "--out", str(tmp_path / "new"), "--cases", "4"],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip

    assert "4 synthetic cases" in done.stdout
    assert "4/4" in done.stderr
    assert {p.name for p in (tmp_path / "new").iterdir()} == {
        "Center 1.zip", "Center 2.zip", "README.txt", "contradictions.csv", "spacing.csv", "truth.csv",
    }  # fmt: skip


_CALL = """
from django.conf import settings
settings.configure(USE_I18N=False)
from django.core.management import CommandError, call_command
from annotations.management.commands.make_demo_dataset import Command
call_command(Command(), out={out!r}, cases=4, seed=2)
try:
    call_command(Command(), out={out!r}, cases=2)
except CommandError as error:
    print(error)
"""


def test_the_management_command_names_its_archives_and_refuses_in_a_sentence(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _CALL.format(out=str(tmp_path))],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip

    said = done.stdout.splitlines()
    assert [line.split(" (")[0] for line in said[:2]] == [str(tmp_path / f"Center {c}.zip") for c in (1, 2)]
    assert said[2].startswith("4 synthetic cases in ")
    assert said[3] == "2 cases: at least 4 are needed, one per centre and status"


def test_too_few_cases_end_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--out", str(tmp_path), "--cases", "2"])

    assert ended.value.code == 2
    assert capsys.readouterr().err.strip().endswith("one per centre and status")


def test_a_bar_off_a_terminal_writes_a_line_for_every_tenth() -> None:
    stream = io.StringIO()
    bar = Bar(stream, "Drawing")
    for done in range(1, 41):
        bar(done, 40)

    assert len(stream.getvalue().splitlines()) == 10
