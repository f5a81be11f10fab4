"""The whole-pattern fit, on patterns whose answer is known and on a real one."""

import numpy as np
import pytest

from spectra.plugins.powder.technique import Powder
from tests.powder.conftest import counted, refined, sample_of

CELLS = {
    "cubic": ("F d -3 m", {"a": "5.431 Å"}),
    "tetragonal": ("P 42/m n m", {"a": "4.594 Å", "c": "2.959 Å"}),
    "hexagonal": ("P 63 m c", {"a": "3.250 Å", "c": "5.207 Å"}),
    "trigonal": ("R -3 c", {"a": "4.759 Å", "c": "12.991 Å"}),
    "rhombohedral": ("R -3 m:R", {"a": "4.746 Å", "alpha": "57.2 deg"}),
    "orthorhombic": ("P n m a", {"a": "5.44 Å", "b": "7.64 Å", "c": "5.38 Å"}),
    "monoclinic": ("P 21/c", {"a": "5.15 Å", "b": "5.21 Å", "c": "5.317 Å", "beta": "99.2 deg"}),
    "triclinic": (
        "P -1",
        {"a": "4.2 Å", "b": "5.1 Å", "c": "6.3 Å", "alpha": "92 deg", "beta": "97 deg", "gamma": "103 deg"},
    ),
}
SLOW = {"orthorhombic", "monoclinic", "triclinic"}


def drawn(sample, seed):
    """A powder somewhere in the ranges, up to 1.4 % from the published cell."""
    rng, quantities = np.random.default_rng(seed), Powder().quantities(sample)
    lower, upper = np.array([(quantity.lower, quantity.upper) for quantity in quantities]).T
    values = lower + (upper - lower) * rng.uniform(0.15, 0.85, len(quantities))
    values[-3:] = np.exp(rng.uniform(np.log(10), np.log(100))), rng.uniform(0.02, 0.3), rng.uniform(-0.2, 0.2)
    return values


@pytest.mark.parametrize(
    "system", [pytest.param(name, marks=[pytest.mark.slow] if name in SLOW else []) for name in CELLS]
)
def test_cells_of_every_system_are_found_from_far_away(system):
    group, cell = CELLS[system]
    sample = sample_of({"name": "X", "space_group": group, "cell": cell})
    values = drawn(sample, seed=2)
    found = refined(sample, counted(sample, values))
    edges = len(values) - 3
    deviations = np.sqrt(np.diag(found.covariance))
    assert np.all(np.abs(found.values - values) < 4.5 * deviations)
    assert np.all(deviations[:edges] < 3e-4 * values[:edges])
    assert not found.doubts


@pytest.mark.slow
def test_uncertainties_are_as_large_as_the_errors():
    sample = sample_of({"name": "X", "space_group": "P 63 m c", "cell": {"a": "3.250 Å", "c": "5.207 Å"}})
    scores = []
    for seed in range(60):
        values = drawn(sample, seed)
        found = refined(sample, counted(sample, values, seed))
        scores.append((found.values - values) / np.sqrt(np.diag(found.covariance)))
    spread = np.sqrt(np.nanmean(np.square(scores), axis=0))
    assert np.all((spread > 0.75) & (spread < 1.3)), spread


def test_a_standard_tells_the_shift():
    silicon = {"name": "Si", "space_group": "F d -3 m", "cell": {"a": "5.4312 Å"}, "standard": True}
    zincite = {"name": "ZnO", "space_group": "P 63 m c", "cell": {"a": "3.250 Å", "c": "5.207 Å"}}
    sample = sample_of(silicon, zincite)
    names = [quantity.name for quantity in Powder().quantities(sample)]
    assert "a Si" not in names
    values = np.array([80.0, 0.1, 3.262, 5.198, 50.0, 0.05, 0.21])
    found = refined(sample, counted(sample, values))
    deviations = np.sqrt(np.diag(found.covariance))
    place = names.index("shift")
    assert np.abs(found.values - values)[place] < 4.5 * deviations[place]
    np.testing.assert_allclose(found.values[2:4], values[2:4], rtol=1e-4)
    alone = sample_of({**silicon, "standard": False}, zincite)
    free = refined(alone, counted(sample, values))
    assert np.sqrt(free.covariance[-1, -1]) > 1.5 * deviations[place]
