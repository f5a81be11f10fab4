"""Every real profile at hand is read; only where the collection lies beside the checkout."""

from pathlib import Path

import pytest

COLLECTIONS = [Path(__file__).parents[level] / "shared" / "data" / "xrd" for level in (3, 4)]  # checkout or work tree
SHARED = next((folder for folder in COLLECTIONS if folder.is_dir()), None)


@pytest.mark.skipif(SHARED is None, reason="the collection of real profiles is not beside this checkout")
def test_every_real_profile_is_read(read):
    profiles = [
        p for p in SHARED.rglob("*") if p.is_file() and p.suffix not in {".npz", ".csv"} and p.name != "LICENSE"
    ]
    assert len(profiles) > 100
    for path in profiles:
        measurement = read(path)
        assert len(measurement.signal.x) > 100
        assert measurement.signal.y.max() > 10
        if path.suffix == ".xrdml":
            assert measurement.details["wavelength [Å]"] == 1.540598
