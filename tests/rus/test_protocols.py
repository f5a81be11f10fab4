"""The parts of RUS are what the core's protocols ask for; mypy checks this file."""

from spectra.core.components import (
    DifferentiableForwardModel,
    Distortion,
    Encoder,
    ForwardModel,
    Reader,
    Refiner,
)
from spectra.core.technique import Technique
from spectra.plugins.rus.distortions import Missing, MissingParameters, Shift, ShiftParameters
from spectra.plugins.rus.encoders import Derivative, Direct, Fingerprint, FingerprintParameters, SequenceParameters
from spectra.plugins.rus.forward import RusForwardModel
from spectra.plugins.rus.reader import PeakListParameters, PeakListReader
from spectra.plugins.rus.refiner import Posterior, PosteriorParameters
from spectra.plugins.rus.technique import Rus


def test_rus_keeps_the_protocols(steel_forward: RusForwardModel) -> None:
    technique: Technique = Rus()
    forward: ForwardModel = steel_forward
    encoders: list[Encoder] = [
        Fingerprint(FingerprintParameters()),
        Direct(SequenceParameters()),
        Derivative(SequenceParameters()),
    ]
    distortions: list[Distortion] = [Shift(ShiftParameters()), Missing(MissingParameters())]
    refiner: Refiner = Posterior(PosteriorParameters())
    reader: Reader = PeakListReader(PeakListParameters())
    assert isinstance(forward, DifferentiableForwardModel)
    assert all((technique, encoders, distortions, refiner, reader))
