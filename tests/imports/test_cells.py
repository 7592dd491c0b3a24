"""Numbers and levels as sheets write them."""

import pytest

from annotations.features import LYMPHUS
from annotations.imports import cells
from annotations.imports.names import FileKey, centre_of, file_key, ignored_as, is_unsafe, legible, sheet_centre


@pytest.mark.parametrize(
    ("raw", "value", "codes"),
    [
        (14.5, 14.5, []),
        (14, 14.0, []),
        (" 14.5\u00a0", 14.5, ["number_as_text"]),
        ("14,5", 14.5, ["number_as_text", "decimal_comma"]),
        ("۱۴٫۵", 14.5, ["number_as_text", "digits_normalised"]),
        ("0.72 cm", 7.2, ["number_as_text", "unit_in_cell"]),
        ("7 MM", 7.0, ["number_as_text", "unit_in_cell"]),
        ("−3", -3.0, ["number_as_text", "digits_normalised"]),
        ("1,450", None, ["ambiguous_number"]),
        ("1.450,5", None, ["ambiguous_number"]),
        ("about 7", None, ["not_a_number"]),
        ("1e999", None, ["not_a_number"]),
        (float("nan"), None, ["not_a_number"]),
        (True, None, ["not_a_number"]),
    ],
)
def test_a_number(raw, value, codes):
    cell = cells.number(raw)

    assert (cell.value, [o.code for o in cell.oddities]) == (value, codes)


@pytest.mark.parametrize(
    ("raw", "number"),
    [(1.0, 1), ("002", 2), (" 2 ", 2), ("۱", 1), ("2.5", None), (2.5, None), ("1-2", None), (True, None), (None, None)],
)
def test_a_case_number(raw, number):
    assert cells.case_number(raw) == number


@pytest.mark.parametrize(
    ("code", "raw", "level"),
    [
        ("necrosis", "None", "none"), ("centrality", "none ", "none"), ("hypoechoic", True, "yes"), ("hypoechoic", 0, "no"),
        ("homogeneity", "Heterogenous\u200b", "heterogeneous"), ("prominent_echogenicity", "HYPO-ECHOIC", "hypoechoic"),
        ("margin_definition", "Well_Defined", "well_defined"), ("homogeneity", 3, None), ("hypoechoic", "maybe", None),
    ],
)  # fmt: skip
def test_a_level(code, raw, level):
    assert cells.level(LYMPHUS.feature(code), raw).value == level


@pytest.mark.parametrize("feature", LYMPHUS.categorical, ids=lambda f: f.code)
def test_no_synonym_means_two_levels(feature):
    words = [w for v in feature.values for w in v.synonyms]

    assert len(words) == len(set(words))


def test_no_header_means_two_features():
    headers = [h for f in LYMPHUS.features for h in f.headers]

    assert len(headers) == len(set(headers))


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Center 1/Malignant/1 Malignant Image.bmp", FileKey("malignant", 1, "image", "bmp")),
        ("01  malignant  mask.TIFF", FileKey("malignant", 1, "mask", "tiff")),
        ("Center 1\\Benign\\12 Benign Lesion.bmp", FileKey("benign", 12, "lesion", "bmp")),
        ("1 Malignant Image.bmp.exe", None),
        ("x1 Malignant Image.bmp", None),
    ],
)
def test_a_files_own_name(name, key):
    assert file_key(name) == key


@pytest.mark.parametrize("name", ["../a", "a/../../b", "/etc/a", "\\\\server\\a", "C:\\a", "C:a", "a\\..\\b"])
def test_a_path_that_leads_out_is_unsafe(name):
    assert is_unsafe(name)


def test_small_facts_of_names():
    assert not is_unsafe("Center 1/a..b/c.bmp")
    assert (centre_of("Center 2/Benign/1.bmp"), centre_of("Centre_12"), centre_of("center")) == (2, 12, None)
    assert sheet_centre("Lymphnode US features Database 2.xlsx") == 2
    assert ignored_as("__MACOSX/Center 1/x.bmp") == "__MACOSX"
    assert legible("Évaluation".encode().decode("cp437"), utf8=False) == "Évaluation"
