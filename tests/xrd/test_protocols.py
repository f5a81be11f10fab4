"""The encoder of profiles is what the core's protocols ask for; mypy checks this file."""

from spectra.core.components import Encoder, PartitioningEncoder
from spectra.plugins.xrd.encoders import Binned, BinnedParameters


def test_the_encoder_keeps_the_protocols() -> None:
    encoder: Encoder = Binned(BinnedParameters())
    assert isinstance(encoder, PartitioningEncoder)
