"""The parts of RUS are what the core's protocols ask for; mypy checks this file."""

from spectra.core.components import DifferentiableForwardModel, ForwardModel
from spectra.core.technique import Technique
from spectra.plugins.rus.forward import RusForwardModel
from spectra.plugins.rus.technique import Rus


def test_rus_keeps_the_protocols(steel_forward: RusForwardModel) -> None:
    technique: Technique = Rus()
    forward: ForwardModel = steel_forward
    assert isinstance(forward, DifferentiableForwardModel)
    assert technique
