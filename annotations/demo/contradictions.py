"""Rows whose answers do not go together. Table 1 forces some of them; they are listed, never mended."""

from __future__ import annotations

from collections.abc import Callable, Mapping

Answers = Mapping[str, str]

RULES: dict[str, tuple[str, Callable[[Answers], bool]]] = {
    "prominent_without_part": (
        "Prominent echogenicity names an echogenicity that the node is said not to have.",
        lambda a: (
            (a["prominent_echogenicity"] == "hyperechoic" and a["hyperechoic"] == "no")
            or (a["prominent_echogenicity"] == "hypoechoic" and a["hypoechoic"] == "no")
        ),
    ),
    "isoechoic_with_parts": (
        "The whole node is isoechoic, yet has hypo- or hyperechoic parts.",
        lambda a: a["isoechoic"] == "yes" and "yes" in (a["hypoechoic"], a["hyperechoic"]),
    ),
    "no_echogenicity": (
        "The node is neither hypo- nor hyper- nor isoechoic.",
        lambda a: "yes" not in (a["hypoechoic"], a["hyperechoic"], a["isoechoic"]),
    ),
    "homogeneous_with_two_parts": (
        "The node is homogeneous, yet has hypo- and hyperechoic parts.",
        lambda a: a["homogeneity"] == "homogeneous" and a["hypoechoic"] == a["hyperechoic"] == "yes",
    ),
    "cyst_in_solid_node": (
        "The node is solid (and drawn so), yet has an intranodal cystic lesion or cystic necrosis.",
        lambda a: (
            a["internal_component"] == "solid"
            and (a["intranodal_cystic_lesion"] == "present" or a["necrosis"] == "cystic")
        ),
    ),
    "mixed_without_cyst": (
        "The node has cystic parts, yet neither an intranodal cystic lesion nor cystic necrosis.",
        lambda a: (
            a["internal_component"] == "mixed"
            and a["intranodal_cystic_lesion"] == "absent"
            and a["necrosis"] != "cystic"
        ),
    ),
    "coagulative_in_homogeneous": (
        "The node is homogeneous, yet has coagulative necrosis, which is defined by heterogeneous areas.",
        lambda a: a["homogeneity"] == "homogeneous" and a["necrosis"] == "coagulative",
    ),
}


def contradictions(answers: Answers) -> list[str]:
    """The names of the rules in RULES that these thirteen answers break, in the order of RULES."""
    return [name for name, (_, broken) in RULES.items() if broken(answers)]
