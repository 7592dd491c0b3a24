"""Times in words, and the small picture of times."""

from datetime import UTC, datetime, timedelta

import pytest

from readers.durations import about, clock, spoken
from readers.reading_times import CaseTime
from readers.templatetags.pages import when
from readers.time_chart import HEIGHT, time_chart


@pytest.mark.parametrize(
    ("seconds", "said"), [(None, ""), (0, "0:00"), (135, "2:15"), (59.6, "1:00"), (3735, "1:02:15")]
)
def test_a_clock(seconds, said):
    assert clock(seconds) == said


@pytest.mark.parametrize(("seconds", "said"), [(9, "9 s"), (813, "13 min 33 s"), (7500, "2 h 5 min")])
def test_a_duration_spoken(seconds, said):
    assert " ".join(spoken(seconds).split()) == said


@pytest.mark.parametrize(
    ("minutes", "said"), [(0.2, "1 min"), (9, "9 min"), (42, "40 min"), (57, "55 min"), (58, "1 h"), (100, "1½ h"), (119, "2 h")]
)  # fmt: skip
def test_a_forecast_is_no_finer_than_it_can_be_known(minutes, said):
    assert " ".join(about(minutes * 60).split()) == said


def test_the_day_of_a_moment_is_said_as_people_do():
    now = datetime.now(UTC)

    assert when(now).startswith("today, ")
    assert when(now - timedelta(days=1)).startswith("yesterday, ")
    assert when(datetime(2020, 11, 21, 12, tzinfo=UTC)) == "21 Nov 2020"
    assert when(None) == ""


def test_the_chart_begins_at_zero_and_holds_the_longest():
    day = datetime(2026, 3, 1, 12, tzinfo=UTC)
    chart = time_chart([CaseTime(day, 60), CaseTime(day + timedelta(days=1), 170)], 115)

    assert [line.minutes for line in chart.lines] == [1, 2, 3]
    assert [dot.latest_day for dot in chart.dots] == [False, True]
    assert chart.dots[0].y == chart.lines[0].y
    assert all(0 <= dot.y <= HEIGHT for dot in chart.dots)


def test_the_chart_shows_the_latest_thirty():
    day = datetime(2026, 3, 1, 12, tzinfo=UTC)
    chart = time_chart([CaseTime(day, 60 + i) for i in range(45)], 80)

    assert (len(chart.dots), chart.first, chart.last) == (30, 16, 45)
