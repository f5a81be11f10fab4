"""What differences cannot show: against generalised least squares, in which a wrong premise is correlated noise."""

from types import SimpleNamespace

import numpy as np
import pytest

from spectra.plugins.peaks.allowance import hidden_covariance
from spectra.plugins.peaks.assignment import DetectionModel
from spectra.plugins.peaks.doubts import Suspect

RNG = np.random.default_rng(0)
SLOPES, WAYS = RNG.normal(size=(40, 2)), RNG.normal(size=(40, 3))
TOLERANCE, SPREAD = 3e-3, 1e-3


def fit(count, deviations=None):
    pairs = SimpleNamespace(peaks=np.arange(count), modes=np.arange(count))
    detection = DetectionModel(spread=SPREAD, seen=0.9, spurious_density=1.0, deviations=deviations)
    return SimpleNamespace(assignment=pairs, modes=SimpleNamespace(slopes=SLOPES), detection=detection)


def hidden(count, directions=WAYS, own=None):
    suspect = Suspect(directions=directions, clause="", remedy="", measured=True)
    return hidden_covariance(fit(count, own), [suspect], TOLERANCE)


@pytest.mark.parametrize("count", [6, 12, 40])
@pytest.mark.parametrize("own", [None, np.linspace(1e-4, 5e-3, 40)])
def test_the_covariance_is_that_of_generalised_least_squares(count, own):
    noise = np.diag(SPREAD**2 + (0 if own is None else own[:count] ** 2) + np.zeros(count))
    j, d = SLOPES[:count], WAYS[:count]
    plain = np.linalg.inv(j.T @ np.linalg.solve(noise, j))
    whole = np.linalg.inv(j.T @ np.linalg.solve(noise + TOLERANCE**2 * d @ d.T, j))
    assert hidden(count, own=own) == pytest.approx(whole - plain, rel=1e-6)


def test_many_peaks_leave_less_open():
    few, many = (np.trace(hidden(count)) for count in (6, 40))
    assert many < few / 10


def test_what_no_list_could_show_is_left_out():
    copied = np.column_stack([SLOPES @ [1.0, -2.0], WAYS[:, 0]])
    alone = hidden(8, WAYS[:, :1])
    assert hidden(8, copied) == pytest.approx(alone, rel=0.2)
    assert hidden(8, copied[:, :1]) == pytest.approx(np.zeros((2, 2)), abs=1e-15)
