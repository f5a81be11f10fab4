"""The sample file of the technique 'symmetry': which pictures to generate."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from spectra.core.samples import Sample
from spectra.plugins.images.symmetry.generator.groups import SYMBOLS


class SymmetrySample(Sample):
    """Periodic pictures of plane groups."""

    technique: Literal["symmetry"]
    groups: tuple[str, ...] = Field(default=SYMBOLS, min_length=2, description="plane groups, by their short symbols")
    pictures: Annotated[int, Field(ge=1, le=10_000)] = Field(default=60, description="number of each group")
    side: Annotated[int, Field(ge=32, le=512)] = Field(default=64, description="pixels along an edge of a picture")
    noise: Annotated[float, Field(ge=0, le=2)] = Field(
        default=0.0, description="standard deviation of white noise, in units of the pattern's own"
    )
    motif: Literal["fourier", "atoms", "both"] = Field(
        default="both", description="random harmonics, two to five round atoms of different weight, or half of each"
    )
    seed: Annotated[int, Field(ge=0, lt=2**31)] = Field(default=0, description="other pictures for another seed")

    @field_validator("groups")
    @classmethod
    def _known(cls, groups: tuple[str, ...]) -> tuple[str, ...]:
        if strange := [name for name in groups if name not in SYMBOLS]:
            raise ValueError(f"{strange[0]!r} is none of the 17 plane groups: {', '.join(SYMBOLS)}")
        if len(set(groups)) < len(groups):
            raise ValueError("a group is listed twice")
        return groups
