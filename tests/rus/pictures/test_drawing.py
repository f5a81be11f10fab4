"""Pictures as a forward model offers them: their sizes, what they show, and what they refuse."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure
from matplotlib.text import Text

from spectra.core.basics.documents import load_document
from spectra.core.components import DrawingForwardModel
from spectra.core.errors import InputError
from spectra.plugins.rus.forward import RusForwardModel
from spectra.plugins.rus.sample import RusSample

EXAMPLES = Path(__file__).parents[3] / "examples" / "rus"
MN3GE = np.array([138.8, 201.8, 54.4, 16.0, 48.28])


@pytest.fixture(scope="module", name="forward")
def fixture_forward():
    read = load_document(EXAMPLES / "mn3ge" / "sample.yaml", RusSample, what="sample file")
    return RusForwardModel(RusSample.model_validate(read.document() | {"order": 8}))


def drawn(forward, picture, values=MN3GE, *, rows=None, width=85.0):
    figure = Figure()
    FigureCanvasAgg(figure)
    figure.set_figwidth(width / 25.4)
    forward.draw(values, figure, picture=picture, rows=rows)
    figure.draw_without_rendering()
    return figure


def test_it_says_what_it_draws(forward):
    assert isinstance(forward, DrawingForwardModel)
    assert list(forward.pictures) == ["modes", "sensitivities", "young"]


@pytest.mark.parametrize("width", [85.0, 170.0])
@pytest.mark.parametrize("picture", ["modes", "sensitivities", "young"])
def test_every_picture_is_as_wide_as_the_column_and_its_words_are_legible_and_within(forward, picture, width):
    figure = drawn(forward, picture, width=width)
    assert figure.get_figwidth() == pytest.approx(width / 25.4)
    assert figure.get_figheight() < 240 / 25.4  # the height of a page
    words = [text for text in figure.findobj(Text) if text.get_text() and text.get_visible()]
    assert min(text.get_fontsize() for text in words) >= 6
    for text in words:
        box = text.get_window_extent()
        inside = box.x0 > -1 and box.x1 < figure.bbox.width + 1 and box.y0 > -1 and box.y1 < figure.bbox.height + 1
        assert inside, text.get_text()


def test_the_sensitivities_of_each_mode_add_up_to_a_half(forward):
    """All frequencies grow as the root of all moduli together."""
    figure = drawn(forward, "sensitivities")
    (mesh,) = figure.axes[0].findobj(QuadMesh)
    values = np.ma.getdata(mesh.get_array())
    assert values.shape == (5, len(forward.simulate(MN3GE[None]).positions[0]))
    np.testing.assert_allclose(values.sum(axis=0), 0.5, rtol=1e-6)
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["C11", "C33", "C12", "C13", "C44"]


def test_the_modes_that_were_asked_for_are_drawn_with_their_frequencies(forward):
    titles = [text.get_text() for text in drawn(forward, "modes", rows=[2, 7]).texts]
    positions = forward.simulate(MN3GE[None]).positions[0]
    assert [title.split()[:2] for title in titles[:2]] == [[str(row), f"{positions[row - 1]:#.4g}"] for row in (2, 7)]


def test_a_turned_crystal_has_no_sensitivity_to_its_angles():
    sample = load_document(EXAMPLES / "cmsx4" / "sample.yaml", RusSample, what="sample file")
    forward = RusForwardModel(RusSample.model_validate(sample.document() | {"order": 6}))
    values = np.array([247.2, 2.866, 131.47, 3.0, 3.0, -17.0])
    figure = drawn(forward, "sensitivities", values)
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["C11", "A", "C44"]
    drawn(forward, "young", values)


@pytest.mark.parametrize(
    ("picture", "rows", "says"),
    [
        ("modes", [1, 900], "The spectrum has the modes 1 to 61, not 900"),
        ("modes", [], "not none"),
        ("young", [1], "has no rows"),
    ],
)
def test_rows_that_are_not_there_are_refused(forward, picture, rows, says):
    with pytest.raises(InputError, match=says):
        drawn(forward, picture, rows=rows)
