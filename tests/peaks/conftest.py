"""The steel sample of RUS, whose modes are the lines of these tests."""

from tests.rus.conftest import steel_forward, steel_peaks, steel_quantities, steel_sample

__all__ = ["steel_forward", "steel_peaks", "steel_quantities", "steel_sample"]
