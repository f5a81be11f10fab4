"""Structures, LAMMPS' own profile of one of them, and real profiles with what reads them."""

from pathlib import Path

import numpy as np
import pytest

from spectra.core.components import NoParameters
from spectra.core.measurements import RawFile
from spectra.plugins.xrd.readers.profile_text import ProfileTextParameters, ProfileTextReader
from spectra.plugins.xrd.readers.xrdml import XrdmlReader

MEASURED = Path(__file__).parents[1] / "data" / "xrd"
LAMMPS = MEASURED / "lammps_xrd_au500.npz"


@pytest.fixture(scope="session")
def lammps():
    with np.load(LAMMPS) as stored:
        return dict(stored)


@pytest.fixture
def fcc():
    """Make a perfect crystal of cells^3 cubic cells: shape (4 cells^3, 3), in Å."""

    def make(cells, constant=4.08):
        basis = np.array([[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]])
        corners = np.stack(np.meshgrid(*[np.arange(cells)] * 3, indexing="ij"), axis=-1).reshape(-1, 1, 3)
        return constant * (corners + basis).reshape(-1, 3)

    return make


@pytest.fixture
def hot(fcc):
    """Make the same with thermal displacements, about those of gold at 300 K."""

    def make(cells, rng):
        crystal = fcc(cells)
        return crystal + rng.normal(scale=0.085, size=crystal.shape)

    return make


@pytest.fixture
def read():
    """Read a file of ``tests/data/xrd``, or any other, by its format."""

    def run(path):
        path = MEASURED / path
        xrdml = path.suffix == ".xrdml"
        reader = XrdmlReader(NoParameters()) if xrdml else ProfileTextReader(ProfileTextParameters())
        return reader.read(RawFile.read(path))

    return run
