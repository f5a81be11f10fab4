"""Figures are drawn without pyplot, and saved as what the name of the file says."""

import subprocess
import sys

import numpy as np
import pytest

from spectra.core.quantities import Quantity
from spectra.views.figures.canvas import blank_figure, save_figure
from spectra.views.figures.posterior import corner_figure, save_posterior

QUANTITIES = [Quantity(name=name, unit="GPa", description="", lower=0.0, upper=1.0) for name in "abc"]
DRAWS = np.random.default_rng(0).normal(size=(500, 3)) @ np.triu(np.ones((3, 3)))


def test_the_corner_plot_draws_every_pair():
    figure = corner_figure(DRAWS, QUANTITIES)
    visible = [axes for axes in figure.axes if axes.get_visible()]
    assert len(visible) == 6
    assert [axes.get_xlabel() for axes in visible[-3:]] == ["a (GPa)", "b (GPa)", "c (GPa)"]


def test_a_posterior_sample_is_saved_in_numbers_with_all_digits(tmp_path):
    save_posterior(DRAWS, QUANTITIES, tmp_path / "draws.csv")
    header, *lines = (tmp_path / "draws.csv").read_text().splitlines()
    assert header == "a (GPa),b (GPa),c (GPa)"
    np.testing.assert_array_equal([line.split(",") for line in lines], DRAWS.astype(str))


@pytest.mark.parametrize(("ending", "begins"), [(".png", b"\x89PNG"), (".PDF", b"%PDF"), (".svg", b"<?xml")])
def test_the_ending_says_the_format(tmp_path, ending, begins):
    path = tmp_path / f"figure{ending}"
    save_figure(blank_figure(), path)
    assert path.read_bytes().startswith(begins)


def test_views_import_matplotlib_only_when_something_is_drawn_and_pyplot_never():
    code = (
        "import sys, spectra.views.tasks.analysis, spectra.views.figures.model\n"
        "from spectra.views.figures import canvas, posterior\n"
        "print('matplotlib' in sys.modules)\n"
        "canvas.blank_figure().subplots()\n"
        "print('matplotlib.pyplot' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["False", "False"]
