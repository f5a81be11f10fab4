"""The sample file of diffraction and vibrational spectra: the simulated structures that a specimen is compared with."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, field_serializer, field_validator, model_validator

from spectra.core.basics.attachments import Attachment
from spectra.core.basics.units import parse_quantity
from spectra.core.errors import InputError
from spectra.core.samples import Document, PositiveIn, Sample
from spectra.core.signals import Bundle, Profile, Signal
from spectra.plugins.xrd.physics.scattering import ANGLE, WAVELENGTH
from spectra.plugins.xrd.physics.vdos import WAVENUMBER
from spectra.plugins.xrd.specimens.molecular_dynamics import HIGHEST_WAVENUMBER

_MOST_STRUCTURES = 1_000_000
_SHORTEST, _LONGEST = 0.2, 1000.0  # ps
_UNITS = {"xrd": ANGLE, "vdos": WAVENUMBER}


class _Range(Document):
    """``{from: 250 K, to: 350 K}``: numbers are drawn evenly from it; a subclass sets the unit and the limits."""

    unit: ClassVar[str]
    least: ClassVar[float]
    most: ClassVar[float]

    lower: float = Field(alias="from", json_schema_extra={"type": "string"})
    upper: float = Field(alias="to", json_schema_extra={"type": "string"})

    @field_validator("lower", "upper", mode="before")
    @classmethod
    def _in_unit(cls, text: object) -> float:
        value = parse_quantity(text, cls.unit)
        if not cls.least <= value <= cls.most:
            raise ValueError(f"{text} is outside {cls.least:g} to {cls.most:g} {cls.unit}")
        return value

    @field_serializer("lower", "upper")
    def _with_unit(self, value: float) -> str:
        return f"{value:.12g} {self.unit}"

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        if not self.lower < self.upper:
            raise ValueError(f"the range from {self.lower:g} to {self.upper:g} {self.unit} is empty; swap its ends")
        return self

    @property
    def ends(self) -> tuple[float, float]:
        """Lower and upper end in ``unit``."""
        return self.lower, self.upper


class Strain(_Range):
    """A range of strain in %, tension positive, within the validity of the potential."""

    unit: ClassVar = "%"
    least: ClassVar = -20.0
    most: ClassVar = 15.0


class Temperature(_Range):
    """A range of temperature in K, below the melting point of gold."""

    unit: ClassVar = "K"
    least: ClassVar = 1.0
    most: ClassVar = 1200.0


class Angles(_Range):
    """The range of 2θ in degrees, and its number of bins."""

    unit: ClassVar = "°"
    least: ClassVar = 5.0
    most: ClassVar = 175.0

    bins: int = Field(default=150, ge=10, le=10_000)


class Simulation(Document):
    """Structures from molecular dynamics, each with its own seed; the default ranges are those of the paper."""

    structures: int = Field(ge=10, le=_MOST_STRUCTURES, description="number of structures; a few in 100 are not usable")
    first_seed: int = Field(default=0, ge=0, le=2**52, description="seed of the first structure; the others follow")
    family: int | None = Field(
        default=None,
        ge=3,
        le=1000,
        description="number of structures that come from one disordered crystal, strained step by step over both "
        "ranges; by default each is for itself",
    )
    atoms: int = Field(default=2000, ge=200, le=100_000, description="approximate number of atoms in each structure")
    hydrostatic: Strain = Strain.model_validate({"from": "-13.8 %", "to": "3.5 %"})
    uniaxial: Strain = Strain.model_validate({"from": "-14 %", "to": "8 %"})
    temperature: Temperature = Temperature.model_validate({"from": "250 K", "to": "350 K"})
    angles: Angles = Angles.model_validate({"from": "30 °", "to": "90 °"})
    duration: Annotated[float, PositiveIn("ps")] = Field(
        default=4.0, description="length of each run; 4 ps resolve 4 1/cm"
    )
    highest_wavenumber: Annotated[float, PositiveIn("cm^-1")] = Field(
        default=500.0, description="end of the vibrational spectra"
    )

    @model_validator(mode="after")
    def _can_be_sampled(self) -> Self:
        if not _SHORTEST <= self.duration <= _LONGEST:
            raise ValueError(f"a duration of {self.duration:g} ps is outside {_SHORTEST:g} to {_LONGEST:g} ps")
        if self.family is not None and self.structures % self.family:
            raise ValueError(f"{self.structures} structures cannot be divided into families of {self.family}")
        if self.highest_wavenumber > HIGHEST_WAVENUMBER:
            raise ValueError(f"velocities are sampled for wavenumbers to {HIGHEST_WAVENUMBER:.0f} cm^-1")
        return self


class AtomisticSample(Sample):
    """A specimen and its simulated structures: a data set file, or molecular dynamics to be run."""

    technique: Literal["xrd", "vdos", "xrd+vdos"]
    wavelength: Annotated[float, PositiveIn("Å")] = Field(
        default=WAVELENGTH, description="wavelength of the simulated profiles; a measurement may have another"
    )
    data_set: Attachment | None = Field(
        default=None, description="data set file of simulated structures, from 'spectra generate'"
    )
    simulation: Simulation | None = None
    split: Literal["random"] | None = Field(
        default=None,
        description="'random' divides families into learned and tested structures, which lets a model know what it is "
        "tested on; by default they stay together",
    )

    @model_validator(mode="after")
    def _has_structures(self) -> Self:
        if (self.data_set is None) == (self.simulation is None):
            raise ValueError("give either 'data_set' (a file of simulated structures) or 'simulation' (make them)")
        return self

    def measured_part(self, signal: Signal) -> Signal:
        """Return what the technique works on: a stack of one profile for each structure, or of bundles of two.

        Raises
        ------
        InputError
            If ``signal``, out of the data set file, lacks it.
        """
        wanted = self.technique.split("+")
        given = signal.parts if isinstance(signal, Bundle) else {_name_of(signal): signal}
        parts = {name: part for name in wanted if isinstance(part := given.get(name), Profile)}
        if missing := [f"{name} (a profile over {_UNITS[name]})" for name in wanted if name not in parts]:
            assert self.data_set is not None  # noqa: S101
            raise InputError(
                f"{self.data_set.name} does not hold {' and '.join(missing)}, but {', '.join(map(str, given))}.",
                hint=f"Generate the data set with the technique {self.technique!r} or 'xrd+vdos'.",
            )
        return parts[wanted[0]] if len(wanted) == 1 else Bundle(parts=dict(parts))


def _name_of(signal: Signal) -> str:
    """Return the technique whose axis a profile has, or else the kind of the signal."""
    unit = signal.x_unit if isinstance(signal, Profile) else ""
    return next((name for name, known in _UNITS.items() if known == unit), signal.kind)
