"""What a LymphUs sheet says and how it says it: codes, headers, wordings, and the value Table 1 leaves
uncounted.

Known from the published files: the headers "Group", "Image name" and the misspelt one, and the misspellings
of the paper ("Hypochoic", "Heterogenous"). The other headers and wordings are assumed. This package keeps its
own list on purpose: the importer is tested against archives that were not written with the importer's
dictionary.
"""

from __future__ import annotations

HEADERS: dict[str, str] = {
    "max_diameter_mm": "Max diameter (mm)",
    "min_diameter_mm": "Min diameter (mm)",
    "aspect_ratio": "Aspect ratio",
    "hypoechoic": "Hypoechoic",
    "hyperechoic": "Hyperechoic",
    "isoechoic": "Isoechoic",
    "homogeneity": "Homogeneity",
    "prominent_echogenicity": "Prominent Echogenicty (For Heterogeneous nodes)",
    "fatty_hilum_loss": "Fatty hilum loss",
    "centrality": "Centrality",
    "microcalcifications": "Microcalcifications",
    "necrosis": "Necrosis",
    "margin_regularity": "Margin1",
    "margin_definition": "Margin2",
    "internal_component": "Internal component",
    "intranodal_cystic_lesion": "Intranodal cystic lesion",
}

# the value of a case that Table 1 does not count
UNCOUNTED: dict[str, str] = {
    "hypoechoic": "no",
    "hyperechoic": "no",
    "isoechoic": "no",
    "homogeneity": "homogeneous",
    "prominent_echogenicity": "isoechoic",
    "fatty_hilum_loss": "absent",
    "centrality": "concentric",
    "microcalcifications": "absent",
    "necrosis": "none",
    "margin_regularity": "regular",
    "margin_definition": "well_defined",
    "internal_component": "solid",
    "intranodal_cystic_lesion": "absent",
}

_SPELT = {
    "ill_defined": "Ill defined",
    "well_defined": "Well defined",
    "heterogeneous": "Heterogenous",
    "hypoechoic": "Hypochoic",
}

GROUPS: tuple[str, ...] = ("Benign", "Malignant")


def worded(value: str | float) -> str | float:
    """The value as the sheet spells it: numbers stay numbers."""
    return value if isinstance(value, float) else _SPELT.get(value, value.capitalize())
