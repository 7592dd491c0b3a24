"""What comes out of an archive, and what is said of an odd one. Runs on data made here."""

import datetime
import os
import unicodedata

import pytest

from annotations.imports.lymphus import read_lymphus
from annotations.mask_codec import decode
from annotations.pictures import pixel_sha256
from tests.imports.small import archive, encoded, members, node, picture, rows_with, seed_of, sheet, write_zip


def codes(reading, *verdicts):
    return sorted({f.code for f in reading.report.of(*verdicts or ("refused", "look"))})


def only(reading, code):
    found = [f for f in reading.report.findings if f.code == code]
    assert len(found) == 1, [f.code for f in reading.report.findings]
    return found[0]


def keys(reading):
    return sorted(str(c.key) for c in reading.cases)


def test_a_good_archive_gives_every_case_and_nothing_to_report(tmp_path):
    reading = read_lymphus([archive(tmp_path)])

    assert reading.report.verdict == "accept"
    assert keys(reading) == [
        "1 Benign, centre 1",
        "1 Malignant, centre 1",
        "2 Benign, centre 1",
        "2 Malignant, centre 1",
    ]
    assert reading.left_out == 0


def test_pixels_mask_and_answers_are_those_of_the_files(tmp_path):
    case = next(c for c in read_lymphus([archive(tmp_path)]).cases if str(c.key) == "2 Malignant, centre 1")

    seed = seed_of(1, "Malignant", 2)
    assert case.pictures.pixel_sha256 == pixel_sha256(picture(seed))
    assert (decode(case.pictures.mask_payload) == node(seed)).all()
    assert case.row.answers["max_diameter_mm"] == {"value": {"mm": 12.0}}
    assert case.row.answers["aspect_ratio"] == {"value": 0.5}
    assert case.row.answers["prominent_echogenicity"] == {"value": "hypoechoic"}


def test_the_word_none_is_a_value_of_necrosis_and_an_empty_cell_is_not(tmp_path):
    reading = read_lymphus([archive(tmp_path, rows=rows_with(r1_13=None))])

    said = {str(c.key): c.row.answers.get("necrosis") for c in reading.cases}
    assert said["1 Benign, centre 1"] == {"value": "none"}
    assert said["2 Benign, centre 1"] is None
    assert only(reading, "missing_value").probably == "the word “None” would be a value"


def test_misspelt_values_are_counted_as_synonyms(tmp_path):
    reading = read_lymphus([archive(tmp_path)])

    column = "Prominent Echogenicty (For Heterogeneous nodes)"
    assert reading.report.synonyms[column, "Hypochoic", "hypoechoic"] == 4


def test_one_zip_may_hold_both_centres(tmp_path):
    reading = read_lymphus([write_zip(tmp_path / "both.zip", members(1) | members(2))])

    assert reading.report.verdict == "accept"
    assert {c.key.centre for c in reading.cases} == {1, 2}
    assert len(reading.cases) == 8


def test_an_unpacked_folder_reads_as_its_zip(tmp_path):
    for name, content in members(1).items():
        path = tmp_path / "unpacked" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    from_folder = read_lymphus([tmp_path / "unpacked"])
    from_zip = read_lymphus([archive(tmp_path)])

    assert sorted(c.content_sha256 for c in from_folder.cases) == sorted(c.content_sha256 for c in from_zip.cases)
    assert from_folder.report.verdict == "accept"


def test_a_folder_of_zips_reads_both(tmp_path):
    archive(tmp_path, 1)
    archive(tmp_path, 2)

    assert len(read_lymphus([tmp_path]).cases) == 8


def test_a_link_in_a_folder_is_not_followed(tmp_path):
    root = tmp_path / "Center 1"
    for name, content in members(1).items():
        path = root / name.split("/", 1)[1]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    os.symlink("/etc/passwd", root / "Benign" / "9 Benign Image.bmp")

    reading = read_lymphus([root])

    assert only(reading, "link_member").verdict == "refused"
    assert reading.cases == ()


def test_files_of_operating_systems_are_ignored_and_counted(tmp_path):
    files = members(1) | {
        "__MACOSX/Center 1/Benign/._1 Benign Image.bmp": b"x",
        "Center 1/._note": b"x",
        "Center 1/Thumbs.db": b"x",
    }

    reading = read_lymphus([write_zip(tmp_path / "Center 1.zip", files)])

    assert reading.report.verdict == "accept"
    assert reading.report.ignored == {"__MACOSX": 1, "._*": 1, "Thumbs.db": 1}


def test_decomposed_names_are_matched(tmp_path):
    files = {unicodedata.normalize("NFD", n.replace("Center 1", "Étude/Center 1")): c for n, c in members(1).items()}

    assert len(read_lymphus([write_zip(tmp_path / "a.zip", files)]).cases) == 4


def test_a_date_says_what_it_probably_was(tmp_path):
    reading = read_lymphus([archive(tmp_path, rows=rows_with(r0_3=datetime.datetime(2026, 10, 9)))])

    finding = only(reading, "date_in_number")
    assert (finding.verdict, finding.row, finding.column, finding.value) == (
        "refused",
        2,
        "Min diameter (mm)",
        "2026-10-09",
    )
    assert finding.probably == "a date: perhaps 9.10, turned by the spreadsheet"
    assert "1 Benign, centre 1" not in keys(reading)
    assert (len(reading.cases), reading.left_out) == (3, 1)


@pytest.mark.parametrize(
    ("cells", "code", "verdict"),
    [
        ({"r0_2": 4.0}, "max_below_min", "refused"),
        ({"r0_4": 0.9}, "aspect_contradiction", "look"),
        ({"r0_4": 1.9}, "aspect_contradiction", "look"),
        ({"r0_2": 0}, "implausible_value", "refused"),
        ({"r0_11": "peripheral"}, "unknown_value", "refused"),
        ({"r0_2": "11,0"}, "decimal_comma", "look"),
        ({"r0_2": "1,100"}, "ambiguous_number", "refused"),
        ({"r0_2": "1.1 cm"}, "unit_in_cell", "look"),
        ({"r0_2": "long"}, "not_a_number", "refused"),
        ({"r0_0": "Normal"}, "unknown_value", "refused"),
        ({"r0_1": "one"}, "bad_case_number", "refused"),
        ({"r0_2": "=10+1"}, "formula", "refused"),
        ({"r0_4": "=D2/C2"}, "formula", "look"),
        ({"r0_2": "#DIV/0!"}, "error_cell", "refused"),
    ],
)
def test_an_odd_cell_is_named_by_row_and_judged(tmp_path, cells, code, verdict):
    reading = read_lymphus([archive(tmp_path, rows=rows_with(**cells))])

    finding = next(f for f in reading.report.findings if f.code == code)
    assert (finding.row, finding.verdict) == (2, verdict)
    assert ("1 Benign, centre 1" in keys(reading)) == (verdict == "look")


def test_a_contradictory_ratio_is_stored_as_published(tmp_path):
    reading = read_lymphus([archive(tmp_path, rows=rows_with(r0_4=0.9))])

    case = next(c for c in reading.cases if str(c.key) == "1 Benign, centre 1")
    assert case.row.answers["aspect_ratio"] == {"value": 0.9}


def test_a_nearly_known_value_says_what_it_probably_was(tmp_path):
    reading = read_lymphus([archive(tmp_path, rows=rows_with(r2_13="Coagulativ"))])

    assert only(reading, "unknown_value").probably == "perhaps “coagulative”; not yet a known synonym"


def test_exchanged_margins_are_told(tmp_path):
    reading = read_lymphus([archive(tmp_path, rows=rows_with(r2_14="Well defined", r2_15="Irregular"))])

    assert [f.probably for f in reading.report.findings if f.code == "unknown_value"] == [
        "a value of Margin definition: perhaps in the wrong column",
        "a value of Margin regularity: perhaps in the wrong column",
    ]


def test_a_lesion_that_is_not_image_times_mask_is_told_with_its_pixels(tmp_path):
    seed = seed_of(1, "Malignant", 1)
    lesion = picture(seed) * node(seed)
    lesion[0, :3] = 9

    reading = read_lymphus([archive(tmp_path, Malignant_1_Lesion=encoded(lesion, "BMP"))])

    assert only(reading, "lesion_differs").value == "3 px"
    assert len(reading.cases) == 4


def test_a_mask_of_another_size_leaves_its_case_out(tmp_path):
    reading = read_lymphus([archive(tmp_path, Malignant_1_Mask=encoded(node(3)[:, :-1].astype(bool), "TIFF"))])

    finding = only(reading, "mask_size")
    assert (finding.value, finding.probably) == ("63 × 48", "from another crop")
    assert len(reading.cases) == 3


def test_the_same_picture_in_both_centres_is_told(tmp_path):
    same = picture(seed_of(1, "Benign", 1))

    reading = read_lymphus([archive(tmp_path, 1), archive(tmp_path, 2, Malignant_2_Image=encoded(same, "BMP"))])

    finding = only(reading, "duplicate_image")
    assert {finding.case, finding.value} == {"1 Benign, centre 1", "2 Malignant, centre 2"}


def test_a_nearly_equal_picture_is_told(tmp_path):
    nearly = picture(seed_of(1, "Benign", 1))
    nearly[5, 5:20] = 0

    reading = read_lymphus([archive(tmp_path, 1), archive(tmp_path, 2, Malignant_2_Image=encoded(nearly, "BMP"))])

    assert "near_duplicate" in codes(reading)


def test_what_is_no_archive_is_told_and_the_other_is_read(tmp_path):
    (tmp_path / "Center 2.zip").write_bytes(b"<html>please log in</html>")

    reading = read_lymphus([archive(tmp_path, 1), tmp_path / "Center 2.zip", tmp_path / "nowhere.zip"])

    assert codes(reading) == ["no_such_file", "not_a_zip"]
    assert len(reading.cases) == 4


def test_the_same_centre_in_two_archives_is_read_once(tmp_path):
    (tmp_path / "copy").mkdir()

    reading = read_lymphus([archive(tmp_path, 1), archive(tmp_path / "copy", 1)])

    assert codes(reading, "refused") == ["two_sheets"]
    assert len(reading.cases) == 4


def test_scales_beside_the_archive_reach_their_cases(tmp_path):
    table = tmp_path / "spacing.csv"
    table.write_text(
        "centre,group,number,mm_per_px,source\n1,Benign,1,0.0613,ruler\n1,Malignant,9,0.06,\n1,Benign,2,60,\n"
    )

    reading = read_lymphus([archive(tmp_path)], table)

    spacing = {str(c.key): c.spacing for c in reading.cases}
    assert (spacing["1 Benign, centre 1"].row_mm, spacing["1 Benign, centre 1"].source) == (0.0613, "ruler")
    assert spacing["2 Benign, centre 1"] is None
    assert [(f.verdict, f.row) for f in reading.report.findings if f.code == "spacing_row"] == [
        ("refused", 4),
        ("look", None),
    ]


def test_an_unreadable_table_of_scales_is_told(tmp_path):
    table = tmp_path / "spacing.csv"
    table.write_bytes(b"PK\x03\x04\0\0")

    assert codes(read_lymphus([archive(tmp_path)], table)) == ["spacing_unreadable"]


def test_the_first_rows_are_not_blamed_on_another_sheet(tmp_path):
    files = members(1) | {"Center 2/Lymphnode US features Database 2.xlsx": b"nothing"}

    reading = read_lymphus([write_zip(tmp_path / "both.zip", files)])

    assert only(reading, "sheet_unreadable").file.endswith("Database 2.xlsx")


def test_every_progress_step_is_told(tmp_path):
    steps = []

    read_lymphus([archive(tmp_path)], progress=lambda done, total, text: steps.append((done, total)))

    assert steps == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]


def test_the_report_escapes_nothing_and_hides_control_characters(tmp_path):
    reading = read_lymphus([write_zip(tmp_path / "Center 1.zip", members(1) | {"Center 1/\u202egpj\x07.exe": b"x"})])

    assert only(reading, "unexpected_file").file == "Center 1.zip: Center 1/�gpj�.exe"


def test_a_sheet_in_cm_is_told_once_for_the_column(tmp_path):
    rows = [[*r[:2], r[2] / 10, r[3] / 10, *r[4:]] for r in rows_with()]

    reading = read_lymphus([write_zip(tmp_path / "Center 1.zip", members(1, rows))])

    assert any(f.probably == "cm, not mm" for f in reading.report.findings)


def test_the_sheet_of_another_kind_of_file_is_named(tmp_path):
    files = members(1)
    name = next(n for n in files if n.endswith(".xlsx"))
    del files[name]
    files[name.replace(".xlsx", ".xls")] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600

    assert codes(read_lymphus([write_zip(tmp_path / "Center 1.zip", files)])) == ["sheet_is_xls"]


def test_rows_beyond_the_limit_are_refused(tmp_path):
    content = sheet([["Benign", n] for n in range(1, 5200)])

    files = members(1)
    files[next(n for n in files if n.endswith(".xlsx"))] = content

    assert codes(read_lymphus([write_zip(tmp_path / "Center 1.zip", files)]), "refused") == ["too_many_rows"]
