"""The posterior sample against sums over every possible assignment."""

from itertools import permutations

import numpy as np
import pytest

from spectra.plugins.peaks.sampler.lists import LinearModes, PeakList
from spectra.plugins.peaks.sampler.matching import Chains

WINDOW = (-1.0, 1.0)
SPREAD = 0.05
SEEN = 0.8
SPURIOUS = 0.5


def exact(peaks, modes, shifts, prior):
    """Enumerate: posterior density at each shift of all modes, and the probability of each pair at each shift."""
    m, n = len(peaks), len(modes)
    density = np.zeros(len(shifts))
    pairs = np.zeros((m, n + 1))
    slots = [*range(n), *([n] * m)]
    for chosen in sorted(set(permutations(slots, m))):
        taken = [mode for mode in chosen if mode < n]
        factor = SEEN ** len(taken) * (1 - SEEN) ** (n - len(taken)) * (SPURIOUS / 2) ** (m - len(taken))
        value = factor * prior
        for peak, mode in zip(peaks, chosen, strict=True):
            if mode < n:
                value *= np.exp(-0.5 * ((peak - modes[mode] - shifts) / SPREAD) ** 2) / (SPREAD * np.sqrt(2 * np.pi))
        density += value
        for place, mode in enumerate(chosen):
            pairs[place, mode] += value.sum()
    return density / density.sum(), pairs / density.sum()


class Fixed(Chains):
    """With what this test does not ask for held still."""

    def _move_errors(self):
        pass

    def _move_detection(self):
        pass


@pytest.mark.parametrize(
    ("modes", "peaks", "prior"),
    [
        ((-0.30, -0.26, -0.20, 0.10, 0.16), (-0.24, -0.19, 0.03, 0.20), np.inf),
        ((-0.30, -0.26, -0.20, 0.10, 0.16), (-0.24, -0.19, 0.03, 0.20), 0.05),
        ((0.0, 0.3), (-0.02, 0.01, 0.03, 0.04), np.inf),
        ((0.0, 0.08), (-0.1, -0.04, 0.0, 0.04), np.inf),
    ],
    ids=["5 modes", "5 modes, known shift", "4 peaks for a mode", "4 peaks for 2 modes"],
)
def test_shift_and_pairs_are_those_of_a_sum_over_all_assignments(modes, peaks, prior):
    modes, peaks = np.array(modes), np.array(peaks)
    shifts = np.linspace(-0.3, 0.3, 1201)
    density, pairs = exact(peaks, modes, shifts, np.exp(-0.5 * (shifts / prior) ** 2))
    mean = density @ shifts
    deviation = np.sqrt(density @ (shifts - mean) ** 2)

    chains = Fixed(
        PeakList(logs=peaks, weights=np.ones(4), window=WINDOW, spurious=SPURIOUS),
        LinearModes(values=np.zeros(1), logs=modes, slopes=np.ones((len(modes), 1))),
        starts=np.zeros((200, 1)),
        partners=np.full((200, 4), len(modes)),
        spread=SPREAD,
        bounds=np.array([[-0.3], [0.3]]),
        prior=np.array([prior]),
        rng=np.random.default_rng(1),
    )
    chains.seen[:] = SEEN
    chains.burn_in(50)
    draws = chains.draw(400)

    assert draws.values.mean() == pytest.approx(mean, abs=0.03 * deviation)
    assert draws.values.std() == pytest.approx(deviation, rel=0.02)
    assert draws.partners == pytest.approx(pairs, abs=0.012)
