"""Maps as files: what goes in comes out, and nothing else is taken for one."""

import numpy as np
import pytest

from spectra.core.basics.files import pack_arrays
from spectra.core.errors import InputError
from spectra.core.formats.maps import QuantityMap


def test_a_map_survives_its_file():
    rng = np.random.default_rng(0)
    mean, spread = rng.random((2, 4, 5, 2), dtype=np.float32)
    mean[0, 0] = np.nan
    written = QuantityMap(
        mean=mean,
        spread=spread,
        novelty=rng.random((4, 5), dtype=np.float32),
        names=("hardness", "modulus"),
        units=("GPa", "GPa"),
        um_per_step=2.0,
    )
    read = QuantityMap.from_bytes(written.to_bytes())
    for name in ("mean", "spread", "novelty"):
        assert np.array_equal(getattr(read, name), getattr(written, name), equal_nan=True)
    assert (read.names, read.units, read.um_per_step) == (("hardness", "modulus"), ("GPa", "GPa"), 2.0)


def test_another_archive_is_refused():
    with pytest.raises(InputError, match="lacks names, novelty, spread, units"):
        QuantityMap.from_bytes(pack_arrays({"mean": np.zeros((2, 2, 1), np.float32)}))
