"""The parts of RUS are what the core's protocols ask for; mypy checks this file."""

from spectra.core.components import DifferentiableForwardModel, ForwardModel, SamplingForwardModel
from spectra.core.technique import Technique
from spectra.plugins.peaks.exploration import ApproximateForwardModel, ReducedModel, ReducibleForwardModel
from spectra.plugins.rus.forward import ReducedForwardModel, RusForwardModel, SampledRusForwardModel
from spectra.plugins.rus.technique import Rus


def test_rus_keeps_the_protocols(steel_forward: RusForwardModel) -> None:
    technique: Technique = Rus()
    forward: ForwardModel = steel_forward
    assert isinstance(forward, DifferentiableForwardModel)
    assert technique


def test_the_search_is_offered_what_it_asks_for(steel_forward: RusForwardModel) -> None:
    reducible: ReducibleForwardModel = steel_forward
    approximate: ApproximateForwardModel = steel_forward
    reduced: ReducedModel | None = steel_forward.reduced()
    sampling: SamplingForwardModel = SampledRusForwardModel(steel_forward.sample)
    assert isinstance(reducible, ReducibleForwardModel)
    assert isinstance(approximate, ApproximateForwardModel)
    assert isinstance(reduced, ReducedForwardModel)
    assert isinstance(sampling, SamplingForwardModel)
    assert not isinstance(steel_forward, SamplingForwardModel)
