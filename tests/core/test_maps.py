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


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"mean": np.full((2, 2, 1), "a")}, "no numbers"),
        ({"names": np.array("hardness")}, "no row of words"),
        ({"um_per_step": np.array("two")}, "no length"),
        ({"um_per_step": np.array([1.0, 2.0])}, "no length"),
        ({"um_per_step": np.array(np.nan)}, "no length"),
    ],
)
def test_arrays_that_are_no_map_are_refused(changed, sentence):
    arrays = {
        "mean": np.zeros((2, 2, 1), np.float32),
        "spread": np.zeros((2, 2, 1), np.float32),
        "novelty": np.zeros((2, 2), np.float32),
        "names": np.array(["hardness"]),
        "units": np.array(["GPa"]),
    }
    assert QuantityMap.from_bytes(pack_arrays(arrays)).names == ("hardness",)
    with pytest.raises(InputError, match=sentence):
        QuantityMap.from_bytes(pack_arrays(arrays | changed))
