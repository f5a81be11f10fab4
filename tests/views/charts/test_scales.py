"""Axes: round ticks, few of them, at the places that the scale gives them."""

import time
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.ticker import MaxNLocator

from spectra.views.charts.scales import category_scale, date_scale, number_scale

NUMBERS = st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 3))


@given(st.lists(NUMBERS, min_size=1, max_size=20))
def test_all_values_lie_within_the_axis_and_ticks_are_round_and_few(values):
    scale = number_scale(values, 100, 500)
    assert all(100 <= scale(value) <= 500 for value in values)
    assert 1 <= len(scale.ticks) <= 8
    assert len({text for _, text in scale.ticks}) == len(scale.ticks)
    rounding = 1e-9 * (scale.high - scale.low)
    for value, text in scale.ticks:
        assert scale.low - rounding <= value <= scale.high + rounding
        assert float(text) == pytest.approx(value, rel=1e-5, abs=rounding)


def test_ticks_are_those_of_matplotlib():
    for low, high in ((0.0, 10.0), (255.3, 269.6), (0.2, 0.32), (-3e-3, 4e-3), (4300.0, 6300.0)):
        scale = number_scale([low, high], 0, 1, most=7)
        theirs = MaxNLocator(7, steps=[1, 2, 5, 10]).tick_values(scale.low, scale.high)
        within = [at for at in theirs if scale.low <= at <= scale.high]
        assert [at for at, _ in scale.ticks] == pytest.approx(within)


def test_a_value_alone_has_an_axis_and_so_has_nothing():
    for values in ([0.0], [270.0], [1e-12], [-5e9], []):
        scale = number_scale(values, 0, 100)
        assert scale.ticks
        assert all(scale(value) == pytest.approx(50) for value in values)


def test_dates_have_ticks_at_whole_units_of_local_time(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Kolkata")  # half an hour off whole ones
    time.tzset()
    try:
        begin = datetime(2026, 3, 1, 9, 7).astimezone().timestamp()
        for span, first in (
            (200, "09:07"),
            (4 * 3600, "03-01 09:00"),
            (5 * 86400, "2026-03-02"),
            (200 * 86400, "2026-04"),
            (3000 * 86400, "2026"),
        ):
            scale = date_scale([begin, begin + span], 0, 100)
            assert scale.ticks[0][1] == first
            assert 2 <= len(scale.ticks) <= 8
            for at, text in scale.ticks:
                local = datetime.fromtimestamp(at).astimezone()
                assert local.second == 0
                assert local.strftime("%Y-%m-%d %H:%M").find(text.split(" ")[0]) >= 0
    finally:
        monkeypatch.undo()
        time.tzset()


def test_names_stand_at_equal_distances():
    scale = category_scale(["a", "b", "c"], 0, 90)
    assert [scale(at) for at, _ in scale.ticks] == [15, 45, 75]
