"""Figures and reports of designs, whatever their number."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from spectra.core.basics.verdict import Verdict
from spectra.core.quantities import Quantity
from spectra.core.recipe import Choice
from spectra.core.samples import Sample
from spectra.core.session import Specimen
from spectra.core.store import ModelRecord
from spectra.core.workflows.designs.search import Aim, Found, Worth
from spectra.core.workflows.designs.structures import Evolution, Plan, StructureDesign, StructureDesigns
from spectra.views.figures.canvas import figure_bytes
from spectra.views.figures.design import controls_figure, designs_figure
from spectra.views.tasks.design import design_blocks

HARDNESS = Quantity(name="hardness", unit="GPa", description="", lower=2.0, upper=5.0)


def design(target, start, doubtful=False):
    rng = np.random.default_rng(start)
    worth = Worth(values=target + rng.normal(0, 0.1, 30), spreads=np.full(30, 0.2), distances=rng.uniform(3, 12, 30))
    found = Found(points=rng.normal(size=(30, 4)), worth=worth, trace=np.array([[10, 3, 0.2], [20, 3, 0.1]]))
    return StructureDesign(
        start=start,
        aim=Aim(value=target, scale=0.3, tolerance=0.01, reach=10.0, evaluations=100),
        verdict=Verdict(reasons=("It is unlike anything real.",) if doubtful else ()),
        found=found,
        code=found.points[0],
        value=target + 0.004,
        spread=0.2,
        distance=4.0,
        controls={"mean colour": target - 0.3, "scrambled": 3.0},
    )


def designs(found, refused=()):
    count = len(found)
    picture = np.linspace(0, 1, 5 * 5 * 3).reshape(5, 5, 3)
    return StructureDesigns(
        specimen=Specimen(technique=None, sample=Sample(name="ti", technique="indenter")),
        model=ModelRecord.__new__(ModelRecord),
        quantity=HARDNESS,
        plan=Plan(quantity=None, targets=[], optimizer=Choice(name="cma"), generator=Choice(name="pca"), starts=2),
        limit=10.0,
        real=100,
        designs=[*found, *refused],
        signal=None,
        controls=dict.fromkeys(("mean colour", "scrambled")),
        pictures={name: np.tile(picture, (count, 1, 1, 1)) for name in ("design", "mean colour", "scrambled")},
        evolution=Evolution(
            target=3.0,
            evaluations=np.array([1, 5, 30]),
            values=np.full(3, 3.0),
            pictures=np.tile(picture, (3, 1, 1, 1)),
        ),
        measured=(2.0, 4.5),
        predicted=(2.5, 4.0),
        trained_now=False,
        notes=["One model is the only judge."],
    )


def test_a_series_has_a_picture_of_each_design_framed_by_its_verdict():
    figure = designs_figure(designs([design(t, s, doubtful=t > 4) for t in (3.0, 4.5) for s in (0, 1)]))
    pictures = [axes for axes in figure.get_axes() if axes.get_images()]
    assert len(pictures) == 3 + 4
    edges = [to_hex(axes.spines["top"].get_edgecolor()) for axes in pictures[3:]]
    assert edges.count("#009e73") == 2
    assert edges.count("#d55e00") == 2
    assert len(figure_bytes(figure, "png")) > 10_000


@pytest.mark.parametrize("count", [1, 30])
def test_a_series_of_any_length_can_be_drawn(count):
    figure = designs_figure(designs([design(2.5 + 0.05 * k, 0) for k in range(count)]))
    assert figure.get_size_inches()[0] < 13
    figure_bytes(figure, "svg")


def test_controls_have_a_row_of_pictures_each_and_their_answers_against_the_targets():
    figure = controls_figure(designs([design(t, s) for t in (3.0, 3.5, 4.0) for s in (0, 1)]))
    assert sum(bool(axes.get_images()) for axes in figure.get_axes()) == 3 * 3
    lines = {line.get_label(): line.get_ydata() for line in figure.get_axes()[-1].get_lines()}
    assert np.asarray(lines["mean colour"]) == pytest.approx([2.7, 3.2, 3.7])
    assert np.asarray(lines["scrambled"]) == pytest.approx([3, 3, 3])


def test_the_report_says_of_each_design_what_it_is_worth():
    aim = Aim(value=6.0, scale=0.3, tolerance=0.01, reach=10.0, evaluations=100)
    refused = StructureDesign(start=0, aim=aim, verdict=Verdict(reasons=("6 GPa was not measured.",), refused=True))
    made = designs([design(3.0, 0), design(4.5, 0, doubtful=True)], [refused])
    object.__setattr__(made.model, "id", "m1")
    blocks = list(design_blocks(made))
    (table,) = (block for block in blocks if hasattr(block, "columns"))
    assert table.column("verdict") == ["trusted", "doubtful", "refused"]
    assert table.column("hardness (GPa)") == ["3.00 ± 0.20", "4.50 ± 0.20", ""]
    assert table.column("distance") == ["4.00", "4.00", ""]
    assert "4.5 GPa, start 1, doubtful: It is unlike anything real." in blocks
    assert "6 GPa, start 1, refused: 6 GPa was not measured." in blocks
    assert "Note: One model is the only judge." in blocks
