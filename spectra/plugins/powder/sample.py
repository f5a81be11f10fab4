"""The sample file of powder diffraction: the phases, the radiation, the diffractometer and the range of angles."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_serializer, field_validator, model_validator

from spectra.core.basics.attachments import Attachment
from spectra.core.basics.units import parse_quantity
from spectra.core.errors import SpectraError
from spectra.core.samples import Document, PositiveIn, Sample
from spectra.plugins.powder.crystals.structure import Structure, read_cif, structure_of_cell
from spectra.plugins.powder.radiation import Radiation, radiation_of

_WIDEST_RANGE = 10.0  # %
_MOST_PHASES = 8


class Cell(Document):
    """A published cell: what the crystal system leaves free of it is enough."""

    a: Annotated[float, PositiveIn("angstrom")]
    b: Annotated[float | None, PositiveIn("angstrom")] = None
    c: Annotated[float | None, PositiveIn("angstrom")] = None
    alpha: Annotated[float | None, PositiveIn("deg")] = None
    beta: Annotated[float | None, PositiveIn("deg")] = None
    gamma: Annotated[float | None, PositiveIn("deg")] = None

    def given(self) -> dict[str, float]:
        """Return what is given, by the names a, b, c, α, β, γ."""
        values = dict(zip("abcαβγ", (self.a, self.b, self.c, self.alpha, self.beta, self.gamma), strict=True))
        return {name: value for name, value in values.items() if value is not None}


class Phase(Document):
    """A phase that the powder is known to hold."""

    name: str = Field(max_length=40, pattern=r"^\w[\w+-]*$", description="of the phase, without blanks")
    cif: Attachment | None = Field(default=None, description="CIF file of its structure; or give space group and cell")
    space_group: str | None = Field(default=None, max_length=30, description="symbol, as 'I 41/a m d', or number")
    cell: Cell | None = Field(default=None, description="published cell: a, b, c, alpha, beta, gamma")
    range: Annotated[float, PositiveIn("%")] = Field(
        default=2.0, description="how far the edges may differ from the published ones, either way"
    )

    standard: bool = Field(
        default=False, description="whether the cell is certified and held, so that its lines tell the shift"
    )

    @model_validator(mode="after")
    def _is_a_crystal(self) -> Self:
        if (self.cif is None) == (self.space_group is None) or (self.space_group is None) != (self.cell is None):
            raise ValueError(f"the phase {self.name!r} needs either 'cif', or 'space_group' and 'cell'")
        if self.range > _WIDEST_RANGE:
            raise ValueError(f"a range of {self.range:g} % is more than {_WIDEST_RANGE:g} %")
        try:
            structure_of(self)
        except SpectraError as error:
            raise ValueError(str(error).removesuffix(".")) from error
        return self


class Angles(Document):
    """``{from: 20 °, to: 100 °}``: the range of 2θ that is fitted."""

    lower: float = Field(alias="from", json_schema_extra={"type": "string"})
    upper: float = Field(alias="to", json_schema_extra={"type": "string"})
    step: float = Field(default=0.02, description="of simulated patterns", json_schema_extra={"type": "string"})

    @field_validator("lower", "upper", "step", mode="before")
    @classmethod
    def _in_degrees(cls, text: Any) -> float:
        return parse_quantity(text, "deg")

    @field_serializer("lower", "upper", "step")
    def _with_unit(self, value: float) -> str:
        return f"{value:.12g} deg"

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        if not 1 <= self.lower < self.upper <= 170:
            raise ValueError(f"angles from {self.lower:g} to {self.upper:g} deg are no range between 1 and 170 deg")
        if not 0.001 <= self.step <= 0.1 or self.upper - self.lower < 200 * self.step:
            raise ValueError(
                f"the step of {self.step:g} deg is not between 0.001 and 0.1 deg, or too wide for the range"
            )
        return self


class Instrument(Document):
    """The resolution of the diffractometer, from a standard: widths in degrees 2θ.

    Gaussian: FWHM² = U tan²θ + V tan θ + W (Caglioti); Lorentzian: FWHM = X / cos θ + Y tan θ.
    """

    U: float = Field(default=0.0, description="deg²", ge=-1, le=1)
    V: float = Field(default=0.0, description="deg²", ge=-1, le=1)
    W: float = Field(description="deg²", gt=0, le=1)
    X: float = Field(default=0.0, description="deg", ge=0, le=1)
    Y: float = Field(default=0.0, description="deg", ge=0, le=1)


class PowderSample(Sample):
    """A powder of known phases, and how it is measured."""

    technique: Literal["powder"]
    radiation: str = Field(
        default="Cu Kα",
        max_length=40,
        description="'Cu Kα', 'Cu Kα1' behind a monochromator, or a wavelength '0.4592 Å'",
    )
    phases: tuple[Phase, ...] = Field(min_length=1, max_length=_MOST_PHASES)
    angles: Angles
    geometry: Literal["reflection", "transmission"] = Field(
        default="reflection",
        description="in reflection (Bragg-Brentano) lines are shifted as by a specimen too high or low, else all alike",
    )
    radius: Annotated[float | None, PositiveIn("mm")] = Field(default=None, description="of the goniometer")
    instrument: Instrument | None = Field(
        default=None, description="resolution, from a standard; without it sizes are lower bounds"
    )

    @field_validator("radiation")
    @classmethod
    def _is_known(cls, text: str) -> str:
        radiation_of(text)
        return text

    @model_validator(mode="after")
    def _tells_phases_apart(self) -> Self:
        names = [phase.name for phase in self.phases]
        if len(set(names)) < len(names):
            raise ValueError(f"two phases have one name: {', '.join(names)}")
        return self

    @property
    def lines(self) -> Radiation:
        """The wavelengths of the radiation."""
        return radiation_of(self.radiation)


@lru_cache(maxsize=64)
def structure_of(phase: Phase) -> Structure:
    """Return symmetry, cell and atoms of a phase; raises like :func:`read_cif` and :func:`structure_of_cell`."""
    if phase.cif is not None:
        return read_cif(phase.cif.content, phase.cif.name)
    assert phase.space_group is not None  # noqa: S101 - its own check
    assert phase.cell is not None  # noqa: S101
    return structure_of_cell(phase.space_group, phase.cell.given())
