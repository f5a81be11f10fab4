"""The search for moduli without a regressor: simulated bodies whose moduli we chose, starts far from them."""

import numpy as np
import pytest

from spectra.core.signals import Peaks
from spectra.plugins.peaks.posterior import Posterior, PosteriorParameters
from spectra.plugins.rus.forward import RusForwardModel, SampledRusForwardModel
from spectra.plugins.rus.sample import RusSample
from spectra.plugins.rus.technique import Rus

OLIVINE = {"C11": 324, "C22": 198, "C33": 249, "C12": 59, "C13": 79, "C23": 78, "C44": 66.7, "C55": 81, "C66": 79.3}
CORUNDUM = {"C11": 497, "C33": 501, "C12": 163, "C13": 116, "C44": 147, "C14": 22}


def box(symmetry, moduli, upper=1.9):
    return RusSample.model_validate(
        {
            "name": "box",
            "technique": "rus",
            "shape": {"kind": "box", "x": "2.1 mm", "y": "2.6 mm", "z": "3.7 mm"},
            "density": "4000 kg/m^3",
            "symmetry": symmetry,
            "search": {
                name: {"from": f"{0.7 * c} GPa", "to": f"{1.3 * c} GPa", "step": f"{0.3 * c} GPa"}
                for name, c in moduli.items()
            },
            "window": {"from": "0.4 MHz", "to": f"{upper} MHz"},
            "order": 10,
        }
    )


@pytest.mark.parametrize(("symmetry", "moduli"), [("trigonal", CORUNDUM), ("orthorhombic", OLIVINE)])
def test_a_reduced_model_is_accurate_all_over_the_ranges(symmetry, moduli):
    sample = box(symmetry, moduli)
    forward = SampledRusForwardModel(sample)
    solids = forward.training_points()
    reduced = forward.reduced()
    for values in solids[:5]:
        modes, slopes = forward.linearize(values)
        ours, our_slopes = reduced.linearize(values)
        assert modes.positions.shape == ours.positions.shape
        assert np.abs(ours.positions / modes.positions - 1).max() < 3e-3
        assert np.sqrt(np.mean((ours.positions / modes.positions - 1) ** 2)) < 3e-4
        assert np.median(np.abs(our_slopes - slopes)) < 0.01 * np.median(np.abs(slopes))
        lines, exact = reduced.lines(values[None])[0], modes.positions[0]
        assert abs(len(lines) - len(exact)) <= 1
        assert all(np.abs(ours / truth - 1) < 1e-2 for ours, truth in zip(lines, exact, strict=False))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("symmetry", "moduli"), [("trigonal", CORUNDUM), ("orthorhombic", OLIVINE)])
def test_moduli_are_found_from_one_start_in_the_corner_of_the_ranges(symmetry, moduli, seed):
    rng, reference = np.random.default_rng(seed), np.array(list(moduli.values()))
    sample = box(symmetry, moduli, upper={"trigonal": 3.0, "orthorhombic": 1.9}[symmetry])
    forward, quantities = RusForwardModel(sample), Rus().quantities(sample)
    truth = reference * rng.uniform(0.85, 1.15, len(reference))
    modes, slopes = forward.linearize(truth)
    positions, slopes = modes.positions[0, :40], slopes[:40]
    window = (0.4, float(positions[-1] + 1e-6))
    forward.window = window
    seen = rng.random(40) > 0.1
    relative = (slopes / positions[:, None])[seen]
    bound = 1e-3 * np.sqrt(np.diag(np.linalg.inv(relative.T @ relative)))
    peaks = Peaks.from_lists([(positions * np.exp(rng.normal(0, 1e-3, 40)))[seen]], unit="MHz", window=window)
    refiner = Posterior(PosteriorParameters(spectra=2000))
    found = refiner.refine(peaks, forward, starts=0.99 * 1.3 * reference[None], quantities=quantities)
    assert np.all(np.abs(found.values - truth) < 5 * bound)
