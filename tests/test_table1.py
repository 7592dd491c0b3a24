"""Table 1 from the data beside the paper's: the demo's plan stands in for 338 cases, without drawing them."""

import dataclasses

import pytest

from annotations.case_rows import CaseRow
from annotations.demo.plan import plan_cases
from annotations.features import LYMPHUS
from annotations.table1 import make_table1, mean_with_interval


def row_of(spec, state="included") -> CaseRow:
    return CaseRow(
        pk=spec.number, public_id=f"{spec.centre}-{spec.group}-{spec.number}", centre_number=spec.centre,
        centre_name=f"Centre {spec.centre}", state=state, markings=(), status=spec.group.lower(), excluded_reason="",
        sheet_row=None, image="", width=1, height=1, scaled=True, answers=dict(spec.values),
    )  # fmt: skip


def with_answers(row: CaseRow, answers) -> CaseRow:
    return dataclasses.replace(row, answers=answers)


@pytest.fixture(scope="module")
def published():
    return [row_of(spec) for spec in plan_cases(338, seed=1)]


def cell(table, feature, level, column):
    line = next(x for x in table.counts if (str(x.feature), str(x.level)) == (feature, level))
    return line.cells[[c.label for c in table.columns].index(column)]


def test_the_plan_of_338_cases_reproduces_every_published_count(published):
    table = make_table1(published, LYMPHUS)

    assert [(c.label, c.n) for c in table.columns] == [
        ("Centre 1, malignant", 81), ("Centre 1, benign", 99), ("Centre 2, malignant", 82), ("Centre 2, benign", 76),
    ]  # fmt: skip
    assert table.compared == 60
    assert table.differences == []
    # a count by hand, from the paper
    assert cell(table, "Loss of fatty hilum", "Present", "Centre 2, malignant").count == 78


def test_the_means_of_the_plan_are_the_published_ones(published):
    table = make_table1(published, LYMPHUS)

    for line in table.means:
        for one in line.cells:
            assert one.estimate.value == pytest.approx(one.published.mean, abs=0.06)
            assert one.estimate.interval.low < one.estimate.value < one.estimate.interval.high


def test_one_answer_changed_is_one_difference_in_words(published):
    rows = list(published)
    at = next(i for i, r in enumerate(rows) if r.answers["fatty_hilum_loss"] == "present" and r.centre_number == 2
              and r.status == "malignant")  # fmt: skip
    answers = rows[at].answers | {"fatty_hilum_loss": "absent"}
    rows[at] = with_answers(rows[at], answers)

    table = make_table1(rows, LYMPHUS)

    assert table.differences == ["Loss of fatty hilum, Present, Centre 2, malignant: 77 here, 78 published."]
    assert cell(table, "Loss of fatty hilum", "Present", "Centre 2, malignant").differs


def test_a_missing_answer_is_counted_as_missing_and_not_as_absent(published):
    rows = list(published)
    answers = {k: v for k, v in rows[0].answers.items() if k not in ("necrosis", "aspect_ratio")}
    rows[0] = with_answers(rows[0], answers)

    table = make_table1(rows, LYMPHUS)

    column = next(c.label for c in table.columns if rows[0] in c.rows)
    at = [c.label for c in table.columns].index(column)
    assert cell(table, "Necrosis", "None", column).given == table.columns[at].n - 1
    ratio = table.means[2].cells[at].estimate
    assert (ratio.n.cases, ratio.n.missing) == (table.columns[at].n - 1, 1)


def test_columns_of_another_size_are_said_and_not_compared(published):
    table = make_table1([r for r in published if not r.public_id.endswith("-1")], LYMPHUS)

    assert table.compared == 0
    assert table.differences[0] == "Centre 1, malignant: 80 cases here, 81 published; its counts are not compared."
    assert len(table.differences) == 4


def test_what_is_left_out_is_not_in_the_table(published):
    spec = plan_cases(8, seed=1)
    rows = [row_of(s, state="excluded" if i == 0 else "included") for i, s in enumerate(spec)]

    assert sum(c.n for c in make_table1(rows, LYMPHUS).columns) == 7


@pytest.mark.parametrize(
    ("values", "mean", "low", "high"),
    [
        # Student's t by hand: t(3) = 3.182446, s = 1.290994, se = 0.645497
        ([1.0, 2.0, 3.0, 4.0], 2.5, 0.445739, 4.554261),
        # t(1) = 12.7062, se = 1
        ([1.0, 3.0], 2.0, -10.706205, 14.706205),
        ([5.0, 5.0, 5.0], 5.0, 5.0, 5.0),
    ],
)
def test_the_mean_has_students_interval(values, mean, low, high):
    estimate = mean_with_interval(values)

    assert estimate.value == mean
    assert estimate.interval.low == pytest.approx(low, abs=1e-6)
    assert estimate.interval.high == pytest.approx(high, abs=1e-6)


def test_no_value_and_one_value_say_why():
    none, one = mean_with_interval([]), mean_with_interval([4.0])

    assert (none.value, none.undefined) == (None, "no case has a value")
    assert (one.value, one.interval, one.no_interval) == (4.0, None, "one value has no spread")
