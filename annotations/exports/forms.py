"""The four forms by name, and the one function that writes any of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from annotations.exports.bundle import Bundle, bundle
from annotations.exports.coco_form import write_coco
from annotations.exports.gathering import Gathered
from annotations.exports.lymphus_form import write_lymphus
from annotations.exports.png_form import write_png
from annotations.exports.table_form import write_csv

FORMS: dict[str, Callable[[Gathered, Bundle], None]] = {
    "lymphus": write_lymphus,
    "csv": write_csv,
    "coco": write_coco,
    "png": write_png,
}


def write_export(gathered: Gathered, form: str, path: Path) -> None:
    """Write the zip at `path`, whole or not at all. Raises KeyError for an unknown form."""
    since = {} if gathered.since is None else {"changed_since_published": gathered.since}
    with bundle(path, {"format": form, **gathered.about, **since}) as out:
        FORMS[form](gathered, out)
