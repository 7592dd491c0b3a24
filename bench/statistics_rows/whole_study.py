"""A whole study through the parts of a stored analysis: 20 readers x 338 cases, 16 features, masks, ROC, 2,000 resamples.

It runs in a process of its own on one core, which says what the work alone takes of memory: no database, the answers are
made here. What a worker has imported before it begins is not counted. `python -m bench.statistics_rows.whole_study`
prints seconds and MB; `--profile` where they went.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.statistics_rows import Timed

READERS, CASES, SIDE = 20, 338, (455, 468)
REACH_SECONDS, REACH_MB = 20.0, 400.0
ONE_CORE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def rows() -> Iterator[Timed]:
    """The whole study, and for the growth its sixteenth and its quarter."""
    taken = {factor: _run(round(CASES * factor)) for factor in (1 / 16, 1 / 4, 1)}
    found = taken[1]
    yield Timed(
        work=f"whole study, {READERS} readers x {CASES} cases, 16 features, masks, ROC, 2,000 bootstraps, one core",
        ours_ms=1000 * found["seconds"],
        reach=f"{1000 * REACH_SECONDS:g} ms, {REACH_MB:g} MB",
        fine=found["seconds"] <= REACH_SECONDS and found["mb"] <= REACH_MB,
        resident_mb=found["mb"],
        by_factor={factor: 1000 * own["seconds"] for factor, own in taken.items()},
        why="`python -m bench.statistics_rows.whole_study --profile` shows where the time goes",
    )


def _run(cases: int) -> dict[str, float]:
    environment = {**os.environ, **ONE_CORE}
    command = [sys.executable, "-m", "bench.statistics_rows.whole_study", str(cases)]
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def made_material(cases: int = CASES) -> Any:
    """A study's material: every reader's answers and masks, and the reference's, of made-up nodes."""
    import numpy as np

    from annotations import mask_codec
    from annotations.analyses.material import Material, Said
    from annotations.answers import Resolved
    from annotations.features import LYMPHUS

    random = np.random.default_rng(1)
    height, width = SIDE
    yy, xx = np.arange(height)[:, None], np.arange(width)[None]
    spacing = {"row_mm": 0.1, "col_mm": 0.1, "source": "made"}
    readers = [{"id": str(n), "label": f"Reader {n}", "number": n, "simulated": True} for n in range(1, READERS + 1)]
    material = Material(LYMPHUS, readers, [])

    def mask(radii: tuple[float, float], wobble: float) -> bytes:
        place = random.normal(0, wobble, 4)
        rows, columns = (
            (yy - height / 2 - place[0]) / (radii[0] + place[1]),
            (xx - width / 2 - place[2]) / (radii[1] + place[3]),
        )
        return mask_codec.encode((rows**2 + columns**2 <= 1).astype(np.uint8))

    def said(levels: Any, size: float, malignant: bool, radii: tuple[float, float], wobble: float) -> Said:
        answers = {}
        for place, feature in enumerate(LYMPHUS.features):
            if feature.kind == "continuous":
                answers[feature.code] = Resolved("value", float(size * random.normal(1, 0.05)), feature.unit and "mm")
                continue
            right = levels[place] % len(feature.value_codes)
            chosen = right if random.random() < 0.8 else int(random.integers(len(feature.value_codes)))
            unable = random.random() < 0.01
            value = feature.value_codes[chosen]
            answers[feature.code] = Resolved("cannot_assess") if unable else Resolved("value", value)
        score = int(np.clip(random.normal(60 if malignant else 40, 20), 0, 100))
        return Said(answers, score, "malignant" if score > 50 else "benign", False, mask(radii, wobble))

    for column in range(cases):
        malignant = bool(random.random() < 0.5)
        material.cases.append({
            "id": f"C{column}", "centre": 1 + column % 2, "patient": f"P{column}", "spacing": spacing,
            "pathology": "malignant" if malignant else "benign", "image": {"height": height, "width": width},
        })  # fmt: skip
        radii, size = tuple(random.uniform(60, 150, 2)), float(random.uniform(5, 30))
        levels = random.integers(0, 12, len(LYMPHUS.features))
        material.reference[column] = said(levels, size, malignant, radii, 0.0)
        for row in range(READERS):
            material.said[row, column] = said(levels, size, malignant, radii, 6.0)
    return material


def analysis() -> Callable[[Any], bytes]:
    """What makes every part and the document of a material, as `work.compute` does of a stored study."""
    from annotations.analyses.parts import arms_at_work, document, parts_of
    from annotations.analyses.spec import complete_spec
    from annotations.canonical import canonical_json, rounded

    def analysed(material: Any) -> bytes:
        spec = complete_spec({}, material.form)
        inputs = {"cases": material.cases, "readers": material.readers, "notes": {}}
        arms = arms_at_work([material], spec)
        parts = {name: rounded(part()) for name, part in parts_of(arms, spec).items()}
        return canonical_json(document(spec, inputs, "", arms, parts))

    return analysed


def _peak_mb() -> float:
    """Of this process alone: what getrusage says begins at the peak of the process that started it."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return float(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


def main(words: list[str]) -> None:
    import cProfile
    import pstats

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lymphus_web.settings")
    django.setup()
    cases = int(next((word for word in words if word.isdigit()), CASES))
    material, analysed = made_material(cases), analysis()
    profile = cProfile.Profile()
    start, before = time.perf_counter(), time.process_time()
    if "--profile" in words:
        profile.runcall(analysed, material)
        pstats.Stats(profile, stream=sys.stderr).sort_stats("cumulative").print_stats(45)
    else:
        analysed(material)
    seconds, core = time.perf_counter() - start, time.process_time() - before
    sys.stdout.write(json.dumps({"seconds": seconds, "core_seconds": core, "mb": _peak_mb()}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
