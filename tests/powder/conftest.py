"""Powders of one or several phases, simulated and counted, and their analysis without a registry."""

from dataclasses import replace

import numpy as np
import pytest

from spectra.core.components import NoParameters
from spectra.plugins.powder.fitting.refiner import WholePatternParameters, WholePatternRefiner
from spectra.plugins.powder.forward import PowderPattern
from spectra.plugins.powder.sample import PowderSample
from spectra.plugins.powder.technique import Powder


def sample_of(*phases, **given):
    """A sample of phases, each a document."""
    known = {"angles": {"from": "15 °", "to": "90 °"}, "instrument": {"W": 0.004}} | given
    return PowderSample.model_validate({"name": "x", "technique": "powder", "phases": list(phases)} | known)


def counted(sample, values, seed=0):
    """The pattern of a row of quantities as a detector counts it."""
    pattern = PowderPattern(sample, NoParameters()).simulate(np.array([values]))
    return replace(pattern, y=np.random.default_rng(seed).poisson(pattern.y).astype(float))


def refined(sample, profile, **parameters):
    """What the refiner makes of a profile, from the middle of the ranges."""
    quantities = Powder().quantities(sample)
    middle = np.array([[(quantity.lower + quantity.upper) / 2 for quantity in quantities]])
    refiner = WholePatternRefiner(WholePatternParameters(**parameters))
    return refiner.refine(profile, PowderPattern(sample, NoParameters()), starts=middle, quantities=quantities)


@pytest.fixture
def powder():
    return Powder()
