"""The parts for lists of lines are what the core's protocols ask for; mypy checks this file."""

from spectra.core.components import Distortion, Encoder, Reader, Refiner
from spectra.plugins.peaks.distortions import Missing, MissingParameters, Shift, ShiftParameters
from spectra.plugins.peaks.encoders import (
    Broadened,
    BroadenedParameters,
    Derivative,
    Direct,
    Fingerprint,
    FingerprintParameters,
    SequenceParameters,
)
from spectra.plugins.peaks.peak_list import PeakListParameters, PeakListReader
from spectra.plugins.peaks.posterior import Posterior, PosteriorParameters


def test_the_parts_keep_the_protocols() -> None:
    encoders: list[Encoder] = [
        Fingerprint(FingerprintParameters()),
        Broadened(BroadenedParameters()),
        Direct(SequenceParameters()),
        Derivative(SequenceParameters()),
    ]
    distortions: list[Distortion] = [Shift(ShiftParameters()), Missing(MissingParameters())]
    refiner: Refiner = Posterior(PosteriorParameters())
    reader: Reader = PeakListReader(PeakListParameters())
    assert all((encoders, distortions, refiner, reader))
