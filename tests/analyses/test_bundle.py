"""A bundle holds all that an analysis came from; what was tampered with is refused by name."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.core.management import CommandError, call_command

from annotations.analyses import made_with
from annotations.analyses.bundle import read_bundle, write_bundle
from annotations.canonical import canonical_json
from annotations.models import Analysis, ReadingRevision
from tests.analyses.made import closed_study, finished_analysis

pytestmark = pytest.mark.django_db


@pytest.fixture
def analysis():
    return finished_analysis(closed_study(n_cases=4, n_readers=2), features=["margin_regularity"])


@pytest.fixture
def path(analysis, tmp_path):
    call_command("bundle_analysis", analysis.public_id, out=tmp_path / "a.zip", stdout=io.StringIO())
    return tmp_path / "a.zip"


def reproduced(path) -> str:
    out = io.StringIO()
    call_command("reproduce", str(path), stdout=out)
    return out.getvalue()


def rewrite(path, name, change) -> None:
    with zipfile.ZipFile(path) as archive:
        entries = {n: archive.read(n) for n in archive.namelist()}
    entries[name] = change(entries[name])
    with zipfile.ZipFile(path, "w") as archive:
        for n, content in entries.items():
            if content is not None:
                archive.writestr(n, content)


def test_a_bundle_gives_the_same_bytes_without_the_database(analysis, path, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert f"the same {len(bytes(analysis.result))} bytes" in reproduced(path)


def test_the_same_analysis_gives_the_same_zip(analysis, path, tmp_path):
    write_bundle(analysis, tmp_path / "b.zip")

    assert (tmp_path / "b.zip").read_bytes() == path.read_bytes()


def test_a_bundle_holds_every_revision_and_mask(analysis, path):
    found = read_bundle(path)

    assert len(found.revisions) == 4 * 2 + 4
    assert all(kept.mask_payload for kept in found.revisions.values())


def test_a_changed_answer_is_refused(path):
    def lie(content):
        said = json.loads(content)
        next(iter(said.values()))["content"]["score"] = 99
        return canonical_json(said)

    rewrite(path, "revisions.json", lie)

    with pytest.raises(CommandError, match=r"Revision \w+ is not what its hash says"):
        reproduced(path)


def test_a_mask_of_another_reading_is_refused(path):
    with zipfile.ZipFile(path) as archive:
        masks = [n for n in archive.namelist() if n.startswith("masks/")]
        payloads = {n: archive.read(n) for n in masks}
    other = next(p for p in payloads.values() if p != payloads[masks[0]])
    rewrite(path, masks[0], lambda _own: other)

    with pytest.raises(CommandError, match="the mask is not what its hash says"):
        reproduced(path)


@pytest.mark.parametrize("name", ["inputs.json", "spec.json", "result.json"])
def test_a_changed_part_is_refused(path, name):
    rewrite(path, name, lambda content: canonical_json({**json.loads(content), "version": 1, "notes": {}, "seed": 7}))

    with pytest.raises(CommandError, match="is not what its hash says"):
        reproduced(path)


def test_a_missing_mask_is_refused(path):
    with zipfile.ZipFile(path) as archive:
        mask = next(n for n in archive.namelist() if n.startswith("masks/"))
    rewrite(path, mask, lambda _content: None)

    with pytest.raises(CommandError, match="a mask is missing"):
        reproduced(path)


def test_other_bytes_under_the_same_lock_file_are_a_difference(analysis, tmp_path):
    nudge(analysis)
    write_bundle(analysis, tmp_path / "b.zip")

    with pytest.raises(CommandError, match="other bytes under the same lock file"):
        reproduced(tmp_path / "b.zip")


def test_on_another_architecture_numbers_count(analysis, tmp_path, monkeypatch):
    nudge(analysis)
    write_bundle(analysis, tmp_path / "b.zip")
    here = made_with.made_with()
    monkeypatch.setattr(made_with, "made_with", lambda: here | {"machine": "another"})

    assert "every number equal at 1e-8 (computed with another processor architecture)" in reproduced(tmp_path / "b.zip")


def nudge(analysis) -> None:
    document = json.loads(bytes(analysis.result))
    document["averages"]["sensitivity"]["by_centre"]["1"]["value"] *= 1 + 1e-10
    Analysis.objects.filter(pk=analysis.pk).update(result=canonical_json(document))
    analysis.refresh_from_db()


def test_what_is_no_bundle_is_a_sentence(tmp_path):
    (tmp_path / "x.zip").write_bytes(b"no zip")

    with pytest.raises(CommandError, match=r"x\.zip"):
        reproduced(tmp_path / "x.zip")
    with pytest.raises(CommandError, match=r"y\.zip"):
        reproduced(tmp_path / "y.zip")


def test_a_revision_changed_in_the_database_is_named(analysis, tmp_path):
    ReadingRevision.objects.unscoped().filter(pk=ReadingRevision.objects.unscoped().first().pk).update(sha256="0" * 64)

    with pytest.raises(CommandError, match="is not as it was when this analysis was frozen"):
        call_command("bundle_analysis", analysis.public_id, out=tmp_path / "c.zip")
