"""Charts: points and bars stand where their numbers are, doubtful ones are open, texts never act."""

import re
from xml.etree import ElementTree as ET

import pytest

from spectra.core.quantities import EstimatedQuantity
from spectra.views.charts.errorbars import SERIES, Point, comparison_svg, errorbar_svg, key_svg

HOSTILE = '"><script>alert(1)</script>'
POINTS = [
    Point(x=300.0, y=270.0, std=0.5, id="aaaaaaaaaa", text=f"first {HOSTILE}"),
    Point(x=400.0, y=266.0, std=2.0, id="bbbbbbbbbb", text="second", series=1, open=True),
    Point(x=500.0, y=262.0, std=None, id="cccccccccc", text="third", series=9),
]


def chart(**options):
    given = {"x_label": f"T {HOSTILE}", "y_label": "C11 (GPa)", "kind": "number"} | options
    return ET.fromstring(errorbar_svg(POINTS, address="/records/{}".format, **given))


def axis(tree, anchor):
    """Pixels and numbers of the ticks whose texts are anchored so."""
    ticks = [it for it in tree.iter("text") if it.get("class") == "tick" and it.get("text-anchor") == anchor]
    place = "x" if anchor == "middle" else "y"
    return [(float(it.get(place)) - (0 if place == "x" else 4), float(it.text)) for it in ticks]


def value_at(ticks, pixel):
    (first, low), (last, high) = ticks[0], ticks[-1]
    return low + (pixel - first) / (last - first) * (high - low)


def test_points_and_bars_can_be_read_off_against_the_ticks():
    tree = chart()
    across, up = axis(tree, "middle"), axis(tree, "end")
    circle = next(tree.iter("circle"))
    assert value_at(across, float(circle.get("cx"))) == pytest.approx(300, abs=0.3)
    assert value_at(up, float(circle.get("cy"))) == pytest.approx(270, abs=0.05)
    bars = [path for path in tree.iter("path") if path.get("class").startswith("bar")]
    assert len(bars) == 2  # the third has no known uncertainty
    _, low, _, high, *_ = map(float, re.findall(r"[\d.]+", bars[1].get("d")))
    assert (value_at(up, low), value_at(up, high)) == pytest.approx((264, 268), abs=0.05)


def test_a_doubtful_value_is_open_and_every_point_leads_to_its_record():
    tree = chart()
    signs = [it.get("class") for it in tree.iter() if (it.get("class") or "").startswith("sign")]
    assert signs == ["sign s0", "sign s1 hollow", f"sign s{9 % SERIES}"]
    links = [link.get("href") for link in tree.iter("a")]
    assert links == [f"/records/{point.id}" for point in POINTS]
    assert [link.find("title").text for link in tree.iter("a")] == [point.text for point in POINTS]


def test_words_and_dates_have_axes_of_their_own():
    names = ["cold", f"warm {HOSTILE}"]
    points = [Point(x=float(place), y=1.0 + place, std=0.1, id="aaaaaaaaaa", text="") for place in range(2)]
    tree = ET.fromstring(errorbar_svg(points, x_label="", y_label="", kind="text", categories=names))
    texts = [it.text for it in tree.iter("text") if it.get("text-anchor") == "middle" and it.text]
    assert texts[0] == "cold"
    assert texts[1].endswith("…")
    dated = [Point(x=1.77e9 + 3600 * hour, y=1.0, std=0.1, id="aaaaaaaaaa", text="") for hour in range(5)]
    assert "<a" not in errorbar_svg(dated, x_label="", y_label="", kind="moment")


def test_several_records_stand_above_each_other_on_one_axis_for_each_quantity():
    def quantity(value, std):
        return EstimatedQuantity(name="C11", unit="GPa", method="refined", value=value, std=std, note="at an end")

    rows = [("C11 (GPa)", [quantity(270.0, 1.0), quantity(272.0, None), None]), (HOSTILE, [None, None, None])]
    tree = ET.fromstring(comparison_svg(rows, ["a", "b", "c"], doubtful=[False, True, False], address="/{}".format))
    ticks = axis(tree, "middle")[: len([it for it in tree.iter("text") if it.get("class") == "tick"])]
    assert value_at(ticks[:3], float(next(tree.iter("circle")).get("cx"))) == pytest.approx(270, abs=0.05)
    assert [it.get("class") for it in tree.iter("polygon")] == ["sign s1 hollow"]
    assert [link.find("title").text for link in tree.iter("a")] == [
        "a: C11 (GPa) 270.0 ± 1.0",
        "b: C11 (GPa) 272 (uncertainty unknown)",
    ]


def test_each_series_has_a_shape_of_its_own():
    assert len({re.sub(r"s\d", "", key_svg(series)) for series in range(SERIES)}) == SERIES
