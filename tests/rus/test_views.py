"""Views of a prediction: the differences of its modes."""

import numpy as np
import pytest

from spectra.core.formats.views import Plot, Recorded
from spectra.plugins.rus.technique import Rus


class Report:
    """What a view asks a prediction for."""

    def __init__(self, **tables):
        self.report = {"tables": tables}


def shown(report):
    view = Rus().views["differences"]
    return view.show(Recorded(sample=None, prediction=report, file=None, measurement=None))


def test_differences_are_drawn_over_the_frequency_without_lines_that_were_not_matched():
    columns = {"measured": [0.5, None, 1.0, 2.0], "difference": [0.3, None, -0.4, None]}
    plot, said = shown(Report(modes={"title": "Modes", "units": {"measured": "MHz"}, "columns": columns}))
    assert isinstance(plot, Plot)
    assert plot.x_label == "measured frequency (MHz)"
    none, points = plot.curves
    assert (points.marks, points.x.tolist(), points.y.tolist()) == ("points", [0.5, 1.0], [0.3, -0.4])
    assert (none.x.tolist(), none.y.tolist()) == ([0.5, 1.0], [0.0, 0.0])
    assert f"rms difference of 2 modes is {np.sqrt((0.09 + 0.16) / 2):.3f} %" in said


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (Report(), "Nothing was refined, so that no mode was matched."),
        (
            Report(modes={"title": "", "units": {}, "columns": {"measured": [1.0], "difference": [None]}}),
            "No measured line was matched with a mode.",
        ),
    ],
)
def test_without_matched_modes_a_sentence_says_so(report, said):
    assert shown(report) == [said]
