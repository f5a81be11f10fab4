"""Real diffraction profiles and what reads them."""

from pathlib import Path

import pytest

from spectra.core.components import NoParameters
from spectra.core.measurements import RawFile
from spectra.plugins.xrd.text_reader import ProfileTextParameters, ProfileTextReader
from spectra.plugins.xrd.xrdml_reader import XrdmlReader

MEASURED = Path(__file__).parents[1] / "data" / "xrd"


@pytest.fixture
def read():
    """Read a file of ``tests/data/xrd``, or any other, by its format."""

    def run(path):
        path = MEASURED / path
        xrdml = path.suffix == ".xrdml"
        reader = XrdmlReader(NoParameters()) if xrdml else ProfileTextReader(ProfileTextParameters())
        return reader.read(RawFile.read(path))

    return run
