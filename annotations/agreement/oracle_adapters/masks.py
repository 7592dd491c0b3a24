"""Oracle names of the mask statistics."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotations.agreement.comparisons import BOTH_EMPTY, OTHER_EMPTY, REFERENCE_EMPTY
from annotations.agreement.geometry import centroid_distance, mask_geometry
from annotations.agreement.hulls import Axes
from annotations.agreement.oracle_adapters import Adapter
from annotations.agreement.outlines import Outline, outline
from annotations.agreement.overlap import overlap
from annotations.agreement.staple import staple
from annotations.agreement.surfaces import surface_edge_elements, surface_pixel
from annotations.agreement.votes import majority, votes

Fields = dict[str, Any]
_POSTERIOR = 5e-5  # posteriors are compared as the oracle's sensitivities are


@lru_cache(maxsize=4)
def _arrays(path: Path) -> Mapping[str, NDArray]:
    with np.load(path, allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def _mask(given: Mapping[str, Any], name: str, base_dir: Path) -> Outline:
    value = given[name]
    return outline(_rows(value) if isinstance(value, list) else _arrays(base_dir / given["npz"])[value])


def _rows(rows: list[str]) -> NDArray[np.bool_]:
    return np.array([[sign == "#" for sign in row] for row in rows])


def _spacing(given: Mapping[str, Any]) -> tuple[float, float]:
    row, column = given["spacing_row_col"]
    return float(row), float(column)


def _or_undefined(value: float | None) -> Any:
    return {"undefined": "0/0"} if value is None else value


def _overlap(options: Mapping[str, Any], given: Mapping[str, Any], base_dir: Path) -> Fields:
    counts = overlap(_mask(given, "ref", base_dir), _mask(given, "pred", base_dir))
    fields = {
        "dice": counts.dice,
        "iou": counts.iou,
        "sensitivity": counts.recall,
        "precision": counts.precision,
        "specificity": counts.specificity,
        "relative_area_difference": counts.relative_area_difference,
        "pixel_kappa": counts.kappa,
    }
    whole = {"tp": counts.tp, "fp": counts.fp, "fn": counts.fn, "tn": counts.tn}
    return whole | {name: _or_undefined(value) for name, value in fields.items()}


def _surface_distances(options: Mapping[str, Any], given: Mapping[str, Any], base_dir: Path) -> Fields:
    reference, other = _mask(given, "ref", base_dir), _mask(given, "pred", base_dir)
    if reference.empty or other.empty:
        return {
            "undefined": BOTH_EMPTY
            if other.empty and reference.empty
            else OTHER_EMPTY
            if other.empty
            else REFERENCE_EMPTY
        }
    by_edges = options["definition"].startswith("boundary = edge elements")
    figures = (surface_edge_elements if by_edges else surface_pixel)(
        reference, other, _spacing(given), options["nsd_tolerances"]
    )
    return {
        "n_boundary_ref": figures.boundary_of_reference,
        "n_boundary_pred": figures.boundary_of_other,
        "hausdorff": figures.hausdorff,
        "directed_hausdorff_ref_to_pred": figures.directed_from_reference,
        "directed_hausdorff_pred_to_ref": figures.directed_from_other,
        "average_distance_ref_to_pred": figures.mean_from_reference,
        "average_distance_pred_to_ref": figures.mean_from_other,
        "hd95_max_of_directed": figures.hd95,
        "hd95_pooled": figures.hd95_pooled,
        "assd": figures.assd,
        "masd": figures.masd,
        "nsd": {str(tolerance): value for tolerance, value in figures.nsd.items()},
    }


def _centroid_distance(options: Mapping[str, Any], given: Mapping[str, Any], base_dir: Path) -> Fields:
    first, second = _mask(given, "ref", base_dir), _mask(given, "pred", base_dir)
    value = centroid_distance(first, second, _spacing(given))
    return {"undefined": "a mask is empty"} if value is None else {"value": value}


def _mask_geometry(options: Mapping[str, Any], given: Mapping[str, Any], base_dir: Path) -> Fields:
    geometry = mask_geometry(_mask(given, "mask", base_dir), _spacing(given))
    if geometry is None:
        return {"undefined": "the mask is empty"}
    return {
        "area_pixels": geometry.area_px,
        "area": geometry.area,
        "centroid_row_col": list(geometry.centroid),
        "n_components_4": geometry.parts_4,
        "n_components_8": geometry.parts_8,
        "bbox_rows_cols": list(geometry.box),
        "height": geometry.height,
        "width": geometry.width,
        "pixel_corner": _axes(geometry.corner),
        "pixel_centre": _axes(geometry.centre),
    }


def _axes(axes: Axes) -> Fields:
    return {
        "max_feret": axes.longest,
        "perpendicular_extent": axes.perpendicular[-1],
        "perpendicular_extent_all": list(axes.perpendicular),
        "n_maximal_pairs": axes.pairs,
        "axis_count": axes.pairs,
        "min_feret": axes.least,
    }


def _stack(given: Mapping[str, Any], base_dir: Path) -> NDArray:
    if "npz" in given:
        return np.stack([_arrays(base_dir / given["npz"])[name] for name in given["masks"]])
    return np.stack([_rows(rows) for rows in given["masks_inline"]])


def _named(given: Mapping[str, Any], base_dir: Path, ending: str, ours: NDArray) -> str:
    """The name of the stored array, as `expected` gives it, if ours equals it; else another text."""
    name = f"{given['masks'][0].rsplit('__', 1)[0]}__{ending}"
    theirs = _arrays(base_dir / given["npz"])[name]
    far = float(np.abs(theirs.astype(np.float64) - ours).max()) if theirs.shape == ours.shape else np.inf
    return name if far <= (_POSTERIOR if ending.endswith("posterior") else 0) else f"{far:.3g} from {name}"


def _staple(options: Mapping[str, Any], given: Mapping[str, Any], base_dir: Path) -> Fields:
    found = staple(votes(_stack(given, base_dir)))
    if found.undefined is not None:
        return {"undefined": found.undefined}
    mask = found.mask()
    fields = {
        "sensitivity": found.sensitivity.tolist(),
        "specificity": found.specificity.tolist(),
        "prior": found.prior,
        "mask_rule": "posterior >= 0.5",
        "mask_pixels": int(mask.sum()),
        "mask_inline": ["".join("#" if pixel else "." for pixel in row) for row in mask],
    }
    if "npz" in given:
        fields["posterior"] = _named(given, base_dir, "staple_posterior", found.posterior_image())
        fields["mask"] = _named(given, base_dir, "staple_mask", mask)
    return fields


def _majority_vote(options: Mapping[str, Any], given: Mapping[str, Any], base_dir: Path) -> Fields:
    found = majority(votes(_stack(given, base_dir)))
    return {
        "strict": _named(given, base_dir, "majority_strict", found.strict),
        "ties_in": _named(given, base_dir, "majority_ties_in", found.ties_in),
        "strict_pixels": int(found.strict.sum()),
        "ties_in_pixels": int(found.ties_in.sum()),
        "tied_pixels": found.tied_px,
    }


ADAPTERS: dict[str, Adapter] = {
    "overlap": _overlap,
    "surface_distances": _surface_distances,
    "centroid_distance": _centroid_distance,
    "mask_geometry": _mask_geometry,
    "staple_binary": _staple,
    "majority_vote": _majority_vote,
}
