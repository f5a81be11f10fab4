"""The reduced model against the full one, everywhere in the region that it is made for."""

import numpy as np

from spectra.core.signals import Peaks
from spectra.plugins.rus.bodies.basis import box_basis
from spectra.plugins.rus.crystals.elasticity import SYMMETRIES
from spectra.plugins.rus.modes.rayleigh_ritz import RayleighRitz
from spectra.plugins.rus.modes.reduced import reduce_model


def test_the_whole_steel_data_set_is_that_of_the_full_model(steel_forward, steel_sample):
    grid = steel_sample.grid()
    grid = grid[steel_sample.elastic_symmetry.is_stable(grid)]
    margin = grid[:, 0] - 4 / 3 * grid[:, 1]
    rng = np.random.default_rng(2)
    chosen = np.concatenate(
        [np.argsort(margin)[:100], np.argsort(grid.sum(axis=1))[:100], rng.permutation(len(grid))[:200]]
    )
    reduced = steel_forward.simulate(grid[chosen])  # enough of them to be computed by the reduced model
    assert "_reduced" in vars(steel_forward)
    frequencies = 1e-6 * steel_forward.solver.frequencies(1e9 * grid[chosen], highest=1.3e6)
    full = Peaks(positions=frequencies, unit="MHz", window=(0.2, 1.3)).within(0.2, 1.3)
    assert np.array_equal(reduced.counts, full.counts)
    assert np.nanmax(np.abs(reduced.positions / full.positions - 1)) < 2e-6
    largest = max(len(block.matrices[0]) for block in steel_forward._reduced.blocks)
    assert largest < max(len(block.matrices[0]) for block in steel_forward.solver.blocks) / 1.5


def test_an_accuracy_that_cannot_be_reached_is_not_claimed():
    model = RayleighRitz(box_basis((1e-3, 1.3e-3, 1.7e-3), 6), SYMMETRIES["cubic"], 5110.0)
    moduli = 1e9 * np.random.default_rng(0).uniform([220, 70, 85], [420, 135, 165], (50, 3))
    assert reduce_model(model, moduli, highest=3e6, accuracy=1e-18) is None
    found = reduce_model(model, moduli, highest=3e6, accuracy=1e-6)
    assert found is not None
    assert found.error <= 1e-6
