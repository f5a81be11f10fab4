"""The steel sample of the examples, and the parts of RUS made for it."""

from pathlib import Path

import pytest

from spectra.core.basics.documents import load_document
from spectra.plugins.rus.forward import RusForwardModel
from spectra.plugins.rus.sample import RusSample
from spectra.plugins.rus.technique import Rus

STEEL = Path(__file__).parents[2] / "examples" / "rus" / "steel"


@pytest.fixture(scope="session")
def steel_sample():
    return load_document(STEEL / "sample.yaml", RusSample, what="sample file")


@pytest.fixture(scope="session")
def steel_forward(steel_sample):
    return RusForwardModel(steel_sample)


@pytest.fixture(scope="session")
def steel_quantities(steel_sample):
    return Rus().quantities(steel_sample)


@pytest.fixture
def steel_peaks():
    return STEEL / "peaks.dat"
