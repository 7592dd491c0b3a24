"""What lies beside the zips: the scale of each picture, the truth of each case, the contradictory rows, and a
plain warning.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from annotations.demo.codes import HEADERS
from annotations.demo.contradictions import RULES, contradictions
from annotations.demo.plan import CaseSpec
from annotations.demo.published import PUBLISHED_CASES

_KEY = ["centre", "group", "number"]

_README = """SYNTHETIC DATA. No picture here is of a patient, and no figure computed from them is
about patients.

Center 1.zip and Center 2.zip have the form of LymphUs (Mohammadi et al., Data in Brief 66 (2026) 112694,
doi:10.1016/j.dib.2026.112694) and none of its contents. {cases} cases were drawn by a computer (seed {seed}):
{cells}
The counts of the thirteen qualitative features per centre and status are those of Table 1{scaled},
and so are the means of the three quantities. The pictures show what their rows say: hypo-, hyper- and
isoechogenicity and the internal component first.

spacing.csv         mm per pixel of each picture: the masks measured with it have the diameters of the sheets.
                    {unscaled} of {cases} pictures are left out of it, as if nobody had noted their scale.
contradictions.csv  rows whose answers do not go together, as Table 1 has it: {contradictory} of {cases}.
truth.csv           every feature as a code, the size of the picture, and how many arrows it bears.

Written by make_demo_dataset --cases {cases} --seed {seed}.
"""


def write_companions(folder: Path, cases: Sequence[CaseSpec], seed: int) -> int:
    """Write spacing.csv, truth.csv, contradictions.csv and README.txt. Returns how many cases contradict
    themselves.
    """
    spacing = ([*_key(c), f"{c.mm_per_px:.4f}", "synthetic"] for c in cases if c.scale_known)
    _table(folder / "spacing.csv", [*_KEY, "mm_per_px", "source"], spacing)
    truth = ([*_key(c), *(c.values[code] for code in HEADERS), c.width_px, c.height_px, c.arrows] for c in cases)
    _table(folder / "truth.csv", [*_KEY, *HEADERS, "width_px", "height_px", "arrows"], truth)
    broken = [(c, name) for c in cases for name in contradictions(c.answers)]
    _table(
        folder / "contradictions.csv",
        [*_KEY, "rule", "what"],
        ([*_key(c), name, RULES[name][0]] for c, name in broken),
    )
    contradictory = len({tuple(_key(c)) for c, _ in broken})
    (folder / "README.txt").write_text(_readme(cases, seed, contradictory), encoding="utf-8")
    return contradictory


def _readme(cases: Sequence[CaseSpec], seed: int, contradictory: int) -> str:
    counts: dict[tuple[int, str], int] = {}
    for c in cases:
        counts[c.centre, c.group] = counts.get((c.centre, c.group), 0) + 1
    cells = "".join(f"  centre {centre}: {n} {group.lower()}\n" for (centre, group), n in counts.items())
    scaled = "" if len(cases) == PUBLISHED_CASES else " in proportion"
    unscaled = sum(not c.scale_known for c in cases)
    return _README.format(
        cases=len(cases), seed=seed, cells=cells, scaled=scaled, contradictory=contradictory, unscaled=unscaled
    )


def _key(case: CaseSpec) -> list[str | int]:
    return [case.centre, case.group, case.number]


def _table(path: Path, head: list[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as f:
        writer = csv.writer(f, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)
