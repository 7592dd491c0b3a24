"""All hostile inputs of the shared material, against the expected.json of the same run: verdicts, pixels, memory, time."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

MEMORY_MB = 300
SECONDS_EACH = 20
# The inputs whose mask or picture stands alone, and is judged only beside its image.
NEEDS_ITS_IMAGE = {"mask_wrong_size", "mask_double_size", "mask_transposed"}
# Our code for what expected.json calls otherwise; "" where it is counted, not listed (`synonyms` of the report).
OTHER_CODE = {"synonym_used": ""}
NAMES = ("DOE^JANE", "DOE JANE", "Jane Doe", "0000042")


@pytest.fixture(scope="module")
def run(shared, tmp_path_factory):
    """(expected by id, ours by id, peak memory in MB), from one process that reads everything."""
    root = tmp_path_factory.mktemp("hostile")
    folder = root / "inputs"
    subprocess.run(
        [sys.executable, shared / "data/hostile/make_hostile.py", "--out", folder],
        check=True,
        capture_output=True,
        timeout=300,
    )
    done = subprocess.run(
        [sys.executable, "-m", "tests.imports.hostile_run", folder], capture_output=True, text=True, timeout=600,
        cwd=settings.BASE_DIR, env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    *lines, last = (json.loads(line) for line in done.stdout.splitlines())
    expected = {e["id"]: e for e in json.loads((folder / "expected.json").read_text(encoding="utf-8"))["inputs"]}
    owned = [*root.rglob("*owned*"), *settings.BASE_DIR.glob("*owned*")]
    return expected, {line["id"]: line for line in lines}, last["peak_mb"], owned, done.stderr


def allowed(entry):
    return {entry["expect"], *entry.get("also_acceptable", ())}


def test_every_input_is_read_within_memory_and_time(run):
    expected, ours, peak_mb, _owned, _stderr = run

    assert len(expected) == 164
    assert ours.keys() == expected.keys()
    assert peak_mb < MEMORY_MB
    assert max(line["seconds"] for line in ours.values()) < SECONDS_EACH


def test_every_archive_gets_an_allowed_verdict(run):
    expected, ours, *_ = run

    wrong = {
        k: (line["archive"]["verdict"], expected[k]["expect"])
        for k, line in ours.items()
        if "archive" in line and line["archive"]["verdict"] not in allowed(expected[k])
    }
    assert wrong == {}


def test_every_lone_picture_gets_an_allowed_verdict(run):
    expected, ours, *_ = run

    wrong = {
        k: line["picture"]["verdict"]
        for k, line in ours.items()
        if "picture" in line and k not in NEEDS_ITS_IMAGE and line["picture"]["verdict"] not in allowed(expected[k])
    }
    assert wrong == {}


def test_every_finding_bears_the_suggested_code(run):
    expected, ours, *_ = run

    missing = {}
    for k, line in ours.items():
        code = OTHER_CODE.get(expected[k].get("code", ""), expected[k].get("code", ""))
        found = {f["code"] for f in line["archive"]["report"]["findings"]} if "archive" in line else set()
        found |= set(line.get("picture", {}).get("codes", ()))
        verdicts = {line[w]["verdict"] for w in ("archive", "picture") if w in line}
        if code and verdicts != {"accept"} and code not in found:
            missing[k] = (code, sorted(found))
    assert missing == {}


def test_stored_pixels_masks_and_numbers_are_those_expected(run):
    expected, ours, *_ = run

    wrong = []
    for k, line in ours.items():
        entry = expected[k]
        picture = line.get("picture", {})
        case = line.get("archive", {}).get("cases", {}).get("Malignant 1")
        for got in [g for g in (picture, case) if g and g.get("verdict") != "refuse"]:
            wrong += [
                (k, n) for n in ("grey_sha256", "mask_foreground") if n in entry and got.get(n) not in (None, entry[n])
            ]
        for name, values in entry.get("values", {}).items():
            if line["archive"]["cases"][name]["mm"] | values != line["archive"]["cases"][name]["mm"]:
                wrong.append((k, name))
    assert wrong == []


def test_a_refused_case_is_not_stored_and_the_others_are_read(run):
    """Scope case or file: only Malignant 1 is left out. Scope archive: nothing of it is stored."""
    expected, ours, *_ = run

    wrong = {}
    for k, line in ours.items():
        if line.get("archive", {}).get("verdict") != "refuse":
            continue
        stored, entry = set(line["archive"]["cases"]), expected[k]
        if entry["kind"] in ("images", "masks") and stored != {"Benign 1", "Benign 2", "Malignant 2"}:
            wrong[k] = stored
        if entry["kind"] == "zips" and entry["scope"] == "archive" and stored:
            wrong[k] = stored
    assert wrong == {}


def test_every_finding_is_a_sentence_that_names_its_file(run):
    _expected, ours, *_ = run

    wrong = [
        (k, f)
        for k, line in ours.items()
        for f in line.get("archive", {}).get("report", {}).get("findings", ())
        if not f["file"] or not f["sentence"].endswith(".")
    ]
    assert wrong == []


def test_no_patients_name_and_no_foreign_file_gets_out(run):
    _expected, ours, _peak, owned, stderr = run

    said = json.dumps(ours, ensure_ascii=False) + stderr
    assert [name for name in NAMES if name in said] == []
    assert "root:x:0" not in said
    assert owned == []
