"""A second start does not hash and compress every static file again; a start after a change does."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from lymphus_web.collected import collect_if_changed


@pytest.fixture
def sources(settings: Any, tmp_path: Path) -> Path:
    """A folder of static files of our own, and where they are collected."""
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "a.css").write_text("body { color: black }")
    settings.STATICFILES_DIRS = [folder]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = str(tmp_path / "static")
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    return folder


def stored(settings: Any) -> str:
    root = Path(settings.STATIC_ROOT)
    return (root / json.loads((root / "staticfiles.json").read_text())["paths"]["a.css"]).read_text()


def test_what_has_not_changed_is_collected_once(sources: Path) -> None:
    assert collect_if_changed() is True
    assert collect_if_changed() is False


def test_a_changed_file_is_collected_again_under_its_new_name(sources: Path, settings: Any) -> None:
    collect_if_changed()
    (sources / "a.css").write_text("body { color: white }")  # as long as before
    os.utime(sources / "a.css", (1, 1))

    assert collect_if_changed() is True
    assert "white" in stored(settings)


def test_what_was_collected_and_lost_is_collected_again(sources: Path, settings: Any) -> None:
    collect_if_changed()
    (Path(settings.STATIC_ROOT) / "staticfiles.json").unlink()

    assert collect_if_changed() is True
    assert "black" in stored(settings)


def test_a_collection_that_broke_off_is_not_taken_for_whole(
    sources: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    collect_if_changed()
    css = sources / "a.css"
    before = css.stat()
    css.write_text("body { color: gray }")
    with monkeypatch.context() as broken:
        broken.setattr(
            "lymphus_web.collected.call_command", lambda *a, **k: (_ for _ in ()).throw(OSError("disk full"))
        )
        with pytest.raises(OSError, match="disk full"):
            collect_if_changed()
    css.write_text("body { color: black }")
    os.utime(css, ns=(before.st_atime_ns, before.st_mtime_ns))  # the files are again those of the whole collection

    assert collect_if_changed() is True
