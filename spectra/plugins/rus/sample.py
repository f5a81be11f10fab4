"""The RUS sample file: shape, mass, symmetry and the ranges in which the moduli are searched."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from spectra.core.samples import Document, PositiveIn, Sample, SearchRange
from spectra.plugins.rus.elasticity import SYMMETRIES, Symmetry, SymmetryName
from spectra.plugins.rus.parametrization import PARAMETRIZATIONS, Parametrization

_MOST_POINTS = 1_000_000

Length = Annotated[float, PositiveIn("mm")]
Mass = Annotated[float, PositiveIn("g")]
Density = Annotated[float, PositiveIn("kg/m^3")]
AtomicMass = Annotated[float, PositiveIn("g/mol")]


class ModulusRange(SearchRange):
    """A range of an elastic modulus, in GPa."""

    unit: ClassVar = "GPa"


class RatioRange(SearchRange):
    """A range of Poisson's ratio, without unit."""

    unit: ClassVar = ""


class Window(Document):
    """``{from: 0.2 MHz, to: 1.3 MHz}``: the frequencies in which the instrument looked for peaks."""

    lower: Annotated[float, PositiveIn("MHz")] = Field(alias="from")
    upper: Annotated[float, PositiveIn("MHz")] = Field(alias="to")

    @model_validator(mode="after")
    def _holds_something(self) -> Self:
        if not self.lower < self.upper:
            raise ValueError(f"the window from {self.lower:g} to {self.upper:g} MHz is empty; swap its ends")
        return self


class Box(Document):
    """A rectangular parallelepiped, its edges along x, y and z."""

    kind: Literal["box"]
    x: Length
    y: Length
    z: Length

    @property
    def volume(self) -> float:
        """In mm³."""
        return self.x * self.y * self.z


class Cylinder(Document):
    """A circular cylinder along z, hollow if it has an inner diameter."""

    kind: Literal["cylinder"]
    diameter: Length
    height: Length
    inner_diameter: Length | None = None

    @model_validator(mode="after")
    def _has_a_wall(self) -> Self:
        if self.inner_diameter is not None and self.inner_diameter >= self.diameter:
            raise ValueError(f"the inner diameter, {self.inner_diameter:g} mm, is not below {self.diameter:g} mm")
        return self

    @property
    def volume(self) -> float:
        """In mm³."""
        return math.pi / 4 * (self.diameter**2 - (self.inner_diameter or 0.0) ** 2) * self.height


class EllipticCylinder(Document):
    """A cylinder along z over an ellipse with full axes along x and y."""

    kind: Literal["elliptic cylinder"]
    x: Length
    y: Length
    height: Length

    @property
    def volume(self) -> float:
        """In mm³."""
        return math.pi / 4 * self.x * self.y * self.height


class ConeFrustum(Document):
    """A cone frustum along z."""

    kind: Literal["cone frustum"]
    bottom_diameter: Length
    top_diameter: Length
    height: Length

    @property
    def volume(self) -> float:
        """In mm³."""
        bottom, top = self.bottom_diameter, self.top_diameter
        return math.pi / 12 * (bottom**2 + bottom * top + top**2) * self.height


class Sphere(Document):
    """A sphere."""

    kind: Literal["sphere"]
    diameter: Length

    @property
    def volume(self) -> float:
        """In mm³."""
        return math.pi / 6 * self.diameter**3


class Ellipsoid(Document):
    """An ellipsoid with full axes along x, y and z; a spheroid if two are equal."""

    kind: Literal["ellipsoid"]
    x: Length
    y: Length
    z: Length

    @property
    def volume(self) -> float:
        """In mm³."""
        return math.pi / 6 * self.x * self.y * self.z


class RegularPrism(Document):
    """A prism along z over a regular polygon with a corner on the x axis; its edges have the length ``side``."""

    kind: Literal["regular prism"]
    sides: int = Field(ge=3, le=24)
    side: Length
    height: Length

    @property
    def volume(self) -> float:
        """In mm³."""
        return self.sides * self.side**2 / (4 * math.tan(math.pi / self.sides)) * self.height


Shape = Annotated[
    Box | Cylinder | EllipticCylinder | ConeFrustum | Sphere | Ellipsoid | RegularPrism, Field(discriminator="kind")
]


class Search(Document):
    """The searched quantities: a set that determines the solid, such as C11 and C44 of an isotropic one."""

    C11: ModulusRange | None = None
    C22: ModulusRange | None = None
    C33: ModulusRange | None = None
    C12: ModulusRange | None = None
    C13: ModulusRange | None = None
    C23: ModulusRange | None = None
    C44: ModulusRange | None = None
    C55: ModulusRange | None = None
    C66: ModulusRange | None = None
    K: ModulusRange | None = None
    G: ModulusRange | None = None
    E: ModulusRange | None = None
    nu: RatioRange | None = None

    def given(self) -> dict[str, SearchRange]:
        """Return the ranges that the file gives."""
        return {name: bounds for name, bounds in self if bounds is not None}


class RusSample(Sample):
    """A specimen for resonant ultrasound spectroscopy."""

    technique: Literal["rus"]
    shape: Shape
    mass: Mass | None = None
    density: Density | None = None
    symmetry: SymmetryName
    search: Search
    window: Window
    order: int = Field(default=14, ge=4, le=24, description="highest degree of the polynomials")
    mean_atomic_mass: AtomicMass | None = Field(default=None, description="for the Debye temperature")

    @model_validator(mode="after")
    def _one_of_mass_and_density(self) -> Self:
        if self.mass is None and self.density is None:
            raise ValueError("give the 'mass' (for example '0.48 g') or the 'density' of the sample")
        if self.mass is not None and self.density is not None:
            implied = 1e6 * self.mass / self.shape.volume
            if abs(implied / self.density - 1) > 0.02:
                raise ValueError(
                    f"the mass and dimensions imply a density of {implied:.0f} kg/m^3, but {self.density:g} is given; "
                    "correct one or leave out 'density'"
                )
        return self

    @model_validator(mode="after")
    def _search_determines_the_solid(self) -> Self:
        given = set(self.search.given())
        sets = PARAMETRIZATIONS[self.symmetry]
        if all(given != set(candidate.names) for candidate in sets):
            wanted = " or ".join(", ".join(candidate.names) for candidate in sets)
            listed = ", ".join(sorted(given)) or "nothing"
            raise ValueError(f"'search' gives {listed}, but a solid of symmetry '{self.symmetry}' needs {wanted}")
        if self.grid_size > _MOST_POINTS:
            raise ValueError(f"the grid has {self.grid_size:,} points, more than {_MOST_POINTS:,}; widen the steps")
        return self

    @property
    def elastic_symmetry(self) -> Symmetry:
        """The symmetry with its stiffness matrices."""
        return SYMMETRIES[self.symmetry]

    @property
    def parametrization(self) -> Parametrization:
        """How the searched quantities determine the moduli."""
        given = set(self.search.given())
        return next(p for p in PARAMETRIZATIONS[self.symmetry] if set(p.names) == given)

    @property
    def density_kg_m3(self) -> float:
        """From mass and volume, where the mass is given: that is what the frequencies depend on."""
        if self.mass is not None:
            return 1e6 * self.mass / self.shape.volume
        assert self.density is not None  # noqa: S101 - the validator saw to it
        return self.density

    @property
    def ranges(self) -> tuple[SearchRange, ...]:
        """The searched ranges in the order of the parametrization."""
        given = self.search.given()
        return tuple(given[name] for name in self.parametrization.names)

    @property
    def grid_size(self) -> int:
        """Number of points of the full grid."""
        return math.prod(_count(bounds) for bounds in self.ranges)

    def grid(self) -> NDArray[np.float64]:
        """Return all points of the searched ranges, shape (n, p)."""
        axes = [bounds.lower + bounds.step * np.arange(_count(bounds)) for bounds in self.ranges]
        return np.stack([axis.ravel() for axis in np.meshgrid(*axes, indexing="ij")], axis=-1)


def _count(bounds: SearchRange) -> int:
    """Points of one axis; the upper end counts although steps such as 0.1 never quite reach it."""
    return int((bounds.upper - bounds.lower) / bounds.step + 1e-9) + 1
