"""The picture of the practice case: one node of a plan of its own, in no dataset. Written once into the static files
(`python -m annotations.demo.practice`), where it is as public as the page that shows it."""

from __future__ import annotations

from pathlib import Path

from annotations.demo.picture import Picture, draw_case
from annotations.demo.plan import CaseSpec
from annotations.pictures import encode_png

FILE = Path(__file__).resolve().parents[2] / "static" / "practice" / "image.png"
WIDTH_PX, HEIGHT_PX, MM_PER_PX = 600, 440, 0.08

_ANSWERS = {
    "hypoechoic": "yes", "hyperechoic": "no", "isoechoic": "no", "homogeneity": "heterogeneous",
    "prominent_echogenicity": "hypoechoic", "fatty_hilum_loss": "absent", "centrality": "concentric",
    "microcalcifications": "absent", "necrosis": "none", "margin_regularity": "regular",
    "margin_definition": "well_defined", "internal_component": "solid", "intranodal_cystic_lesion": "absent",
}  # fmt: skip


def draw_practice() -> Picture:
    """The same pixels every time: a node with a plain border, so that nobody has to wonder where it is."""
    return draw_case(
        CaseSpec(
            centre=2, group="practice", number=1, max_diameter_mm=22.4, min_diameter_mm=10.6, aspect_ratio=0.47,
            answers=_ANSWERS, width_px=WIDTH_PX, height_px=HEIGHT_PX, mm_per_px=MM_PER_PX, arrows=0, seed=(2026, 3),
        )
    )  # fmt: skip


if __name__ == "__main__":
    FILE.write_bytes(encode_png(draw_practice().grey))
