"""The parts for curves are what the core's protocols ask for; mypy checks this file."""

from spectra.core.components import Distortion, Encoder, PartitioningEncoder
from spectra.plugins.profiles.binned import Binned, BinnedParameters
from spectra.plugins.profiles.distortions import (
    Background,
    BackgroundParameters,
    Broadening,
    BroadeningParameters,
    CountingNoise,
    CountingNoiseParameters,
    ZeroShift,
    ZeroShiftParameters,
)


def test_the_parts_keep_the_protocols() -> None:
    encoder: Encoder = Binned(BinnedParameters())
    distortions: list[Distortion] = [
        Broadening(BroadeningParameters()),
        ZeroShift(ZeroShiftParameters()),
        Background(BackgroundParameters()),
        CountingNoise(CountingNoiseParameters()),
    ]
    assert isinstance(encoder, PartitioningEncoder)
    assert all(distortions)
