"""Measured titanium: what the indents of one part say about the hardness of the other, against the indents there."""

from pathlib import Path

import numpy as np
import pytest

from spectra.core.inventory.catalogue import Catalogue
from spectra.core.manager import load_plugins
from spectra.core.progress import Silent
from spectra.interactive.session import InteractiveSession
from spectra.plugins import BUILT_IN
from spectra.registry.registry import Registry

EXAMPLE = Path(__file__).parents[2] / "examples/indenter"
MEASURED = Path(__file__).parents[1] / "data/titanium/registered.npz"
START = 160.0  # µm, where the other part begins
FAILED = (1.3, 4.8)  # GPa, beyond which indents are


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    catalogue: Catalogue = load_plugins(BUILT_IN, {}).catalogue
    with InteractiveSession(
        Registry.open(tmp_path_factory.mktemp("home")), catalogue, progress=Silent(), jobs=1
    ) as session:
        yield session


@pytest.mark.parametrize(
    ("recipe", "explained"), [("quick", 0.62), pytest.param("default", 0.64, marks=pytest.mark.slow)]
)
def test_hardness_of_a_part_that_no_model_has_seen(session, recipe, explained):
    answer = session.analyze(EXAMPLE / "other-part.csv", sample=EXAMPLE / "titanium.yaml", recipe=recipe)
    with np.load(MEASURED) as arrays:
        x, y, measured = (arrays[name].astype(float) for name in ("x_um", "y_um", "hardness_GPa"))
    there = (x >= START) & (measured > FAILED[0]) & (measured < FAILED[1])
    rows, columns = (np.rint(along[there] / 2).astype(int) for along in (y, x - START))
    truth = measured[there]
    mean, spread = answer.map.mean[rows, columns, 0], answer.map.spread[rows, columns, 0]
    assert len(truth) > 4000
    assert 1 - np.mean((mean - truth) ** 2) / truth.var() > explained
    assert 0.86 < np.mean(np.abs(mean - truth) < 1.645 * spread) < 0.94
    value, std = answer.quantities.loc["hardness", ["value", "std"]]
    assert abs(value - truth.mean()) < 2 * std
    assert std < 0.08
    assert answer.verdict.trusted
