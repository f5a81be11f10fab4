"""A lineage as a graph: what stands where, and which lines are drawn."""

import re
from xml.etree import ElementTree as ET

import pytest

from spectra.registry.registry import Registry
from spectra.views.charts.lineage import lineage_nodes, lineage_svg
from tests.web.conftest import Laboratory


@pytest.fixture
def registry(tmp_path):
    with Registry.open(tmp_path / "home") as opened:
        yield opened


def drawn(lineage):
    tree = ET.fromstring(lineage_svg(lineage, "/records/{}".format))
    boxes = {
        node.find("title").text: float(node.find("rect").get("x")) for node in tree if node.find("rect") is not None
    }
    return boxes, [path.get("d") for path in tree.iter("path")]


def test_a_prediction_stands_right_of_everything_that_it_was_made_from(registry):
    prediction = Laboratory(registry).measured("p2.dat", 300.0)
    lineage = registry.lineage(prediction.id)
    nodes = {node.kind: node for node in lineage_nodes(lineage)}
    assert set(nodes) == {"sample", "measurement", "data set", "model", "prediction"}
    assert nodes["prediction"].parents == (nodes["model"].id, nodes["measurement"].id)
    assert nodes["model"].parents == (nodes["data set"].id,)
    assert nodes["data set"].parents == nodes["measurement"].parents == (nodes["sample"].id,)
    boxes, lines = drawn(lineage)
    places = {title.split()[0]: x for title, x in boxes.items()}
    assert places["sample"] < places["measurement"] == places["data"] < places["model"] < places["prediction"]
    assert len(lines) == 5


def test_lines_touch_the_boxes_that_they_join_and_cross_none(registry):
    lineage = registry.lineage(Laboratory(registry).measured("p2.dat", 300.0).id)
    tree = ET.fromstring(lineage_svg(lineage))
    boxes = [[float(rect.get(name)) for name in ("x", "y", "width", "height")] for rect in tree.iter("rect")]
    for path in tree.iter("path"):
        x, y, *_, end, to = map(float, re.findall(r"-?[\d.]+", path.get("d")))
        assert any((x, y) == (left + width, top + height / 2) for left, top, width, height in boxes)
        assert any((end, to) == (left, top + height / 2) for left, top, _, height in boxes)
        between = [(left, top, width, height) for left, top, width, height in boxes if x < left and left + width < end]
        assert not any(top < (y + to) / 2 < top + height for _, top, _, height in between)


def test_of_many_descendants_the_newest_are_shown_and_the_others_counted(registry):
    put = Laboratory(registry)
    made = [put.measured(f"{run}.dat", 300.0) for run in range(8)]
    boxes, _ = drawn(registry.lineage(registry.get_measurement(made[0].measurement_id).sample_id))
    assert "3 more predictions" in boxes
    assert "3 more measurements" in boxes
    assert sum(title.startswith("prediction ") for title in boxes) == 5


def test_nothing_is_a_link_without_an_address(registry):
    lineage = registry.lineage(Laboratory(registry).measured("p2.dat", 300.0).id)
    assert "<a" not in lineage_svg(lineage)
    assert lineage_svg(lineage, "/records/{}".format).count("<a") == 4
