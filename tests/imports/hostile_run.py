"""Run in a process of its own: reads every hostile input, prints one JSON line each, and at the end its peak memory.

python -m tests.imports.hostile_run FOLDER
"""

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

import django

django.setup()

from annotations.imports.greys import read_grey  # noqa: E402
from annotations.imports.lymphus import read_lymphus  # noqa: E402
from annotations.imports.masks import read_mask  # noqa: E402
from annotations.imports.members import Unreadable  # noqa: E402
from annotations.pictures import pixel_sha256  # noqa: E402


def of_archive(path: Path) -> dict[str, Any]:
    reading = read_lymphus([path])
    cases = {f"{c.key.group.capitalize()} {c.key.number}": c for c in reading.cases}
    return {
        "verdict": reading.report.verdict,
        "cases": {
            name: {
                "grey_sha256": c.pictures.pixel_sha256,
                "mask_foreground": c.pictures.mask_area_px,
                "mm": {k: a["value"]["mm"] for k, a in c.row.answers.items() if k.endswith("_mm")},
            }
            for name, c in cases.items()
        },
        "report": reading.as_json(),
    }


def of_picture(path: Path, kind: str) -> dict[str, Any]:
    read = read_grey if kind == "images" else read_mask
    try:
        pixels, remarks = read(path.read_bytes(), path.name)
    except Unreadable as problem:
        return {"verdict": "refuse", "codes": [problem.code], "sentences": [problem.sentence]}
    return {
        "verdict": "accept_with_warning" if remarks else "accept",
        "codes": [r.code for r in remarks],
        "sentences": [r.sentence for r in remarks],
        "grey_sha256": pixel_sha256(pixels),
        "size": [pixels.shape[1], pixels.shape[0]],
        "mask_foreground": int(pixels.sum()) if kind == "masks" else None,
    }


def main(folder: Path) -> None:
    for entry in json.loads((folder / "expected.json").read_text(encoding="utf-8"))["inputs"]:
        start = time.monotonic()
        out: dict[str, Any] = {"id": entry["id"]}
        archive = entry.get("wrapped") or (entry["file"] if entry["kind"] == "zips" else None)
        if archive:
            out["archive"] = of_archive(folder / archive)
        if entry["kind"] in ("images", "masks"):
            out["picture"] = of_picture(folder / entry["file"], entry["kind"])
        out["seconds"] = time.monotonic() - start
        sys.stdout.write(json.dumps(out, ensure_ascii=True) + "\n")
    # VmHWM, not ru_maxrss: the latter is inherited from the process that started this one
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    sys.stdout.write(json.dumps({"peak_mb": int(peak.split()[1]) / 1024}) + "\n")


if __name__ == "__main__":
    # a mistake ends in MemoryError here, not in a machine that swaps
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    main(Path(sys.argv[1]))
