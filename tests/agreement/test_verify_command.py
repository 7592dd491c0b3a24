"""`manage.py verify_statistics`: what a site runs to qualify its installation."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from annotations.management.commands.verify_statistics import Command

CASE = {
    "id": "two",
    "statistic": "percent agreement",
    "options": {"ci_method": "wilson"},
    "input": {"table": [[3, 1], [0, 4]]},
    "expected": {"value": 0.875, "n": 8},
    "tolerance": 1e-12,
}


def run(*paths):
    """Printed lines, and the exit code."""
    out = StringIO()
    try:
        call_command(Command(), *map(str, paths), stdout=out)
    except SystemExit as end:
        return out.getvalue().splitlines(), end.code
    return out.getvalue().splitlines(), 0


def test_without_a_path_our_own_known_answers_are_run_and_agree():
    lines, code = run()

    assert code == 0
    assert len(lines) == 1
    assert lines[0].endswith("cases, 0 differ")
    assert int(lines[0].split()[0]) >= 36


def test_a_difference_has_its_line_and_the_exit_code_says_so(tmp_path):
    wrong = {**CASE, "id": "wrong", "expected": {"value": 0.8}}
    unknown = {**CASE, "id": "unknown", "statistic": "agreement of the stars"}
    (tmp_path / "some.json").write_text(json.dumps({"family": "some", "cases": [CASE, wrong, unknown]}))

    lines, code = run(tmp_path)

    assert code == 1
    assert lines[0].startswith("some.json wrong: value: expected 0.8, got 0.875")
    assert lines[1] == "some.json unknown: statistic 'agreement of the stars' is not known here"
    assert lines[2] == "3 cases, 2 differ"


def test_data_files_beside_the_cases_are_no_cases(tmp_path):
    (tmp_path / "data.json").write_text(json.dumps({"outcome": [0, 1]}))
    (tmp_path / "some.json").write_text(json.dumps({"family": "some", "cases": [CASE]}))

    assert run(tmp_path) == (["1 cases, 0 differ"], 0)


@pytest.mark.parametrize("content", [None, "no json"])
def test_what_cannot_be_read_is_said(tmp_path, content):
    file = tmp_path / "some.json"
    if content is not None:
        file.write_text(content)

    with pytest.raises(CommandError):
        run(file)
