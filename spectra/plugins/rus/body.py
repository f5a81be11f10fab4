"""The body of a RUS sample: its shape as a sample file gives it, its volume, and its polynomial basis."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from spectra.core.samples import Document, PositiveIn

if TYPE_CHECKING:
    from spectra.plugins.rus.basis import Basis

Length = Annotated[float, PositiveIn("mm")]


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

    def basis(self, order: int) -> Basis:
        """Return the polynomial basis, in metres."""
        from spectra.plugins.rus.basis import box_basis

        return box_basis((1e-3 * self.x, 1e-3 * self.y, 1e-3 * self.z), order)


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

    def basis(self, order: int) -> Basis:
        """Return the polynomial basis, in metres."""
        from spectra.plugins.rus.shapes import cylinder_basis

        inner = 5e-4 * (self.inner_diameter or 0.0)
        return cylinder_basis(5e-4 * self.diameter, 1e-3 * self.height, order, inner_radius=inner)


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

    def basis(self, order: int) -> Basis:
        """Return the polynomial basis, in metres."""
        from spectra.plugins.rus.shapes import elliptic_cylinder_basis

        return elliptic_cylinder_basis((5e-4 * self.x, 5e-4 * self.y), 1e-3 * self.height, order)


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

    def basis(self, order: int) -> Basis:
        """Return the polynomial basis, in metres."""
        from spectra.plugins.rus.shapes import cone_frustum_basis

        return cone_frustum_basis(5e-4 * self.bottom_diameter, 5e-4 * self.top_diameter, 1e-3 * self.height, order)


class Sphere(Document):
    """A sphere."""

    kind: Literal["sphere"]
    diameter: Length

    @property
    def volume(self) -> float:
        """In mm³."""
        return math.pi / 6 * self.diameter**3

    def basis(self, order: int) -> Basis:
        """Return the polynomial basis, in metres."""
        from spectra.plugins.rus.shapes import ellipsoid_basis

        radius = 5e-4 * self.diameter
        return ellipsoid_basis((radius, radius, radius), order)


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

    def basis(self, order: int) -> Basis:
        """Return the polynomial basis, in metres."""
        from spectra.plugins.rus.shapes import ellipsoid_basis

        return ellipsoid_basis((5e-4 * self.x, 5e-4 * self.y, 5e-4 * self.z), order)


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

    def basis(self, order: int) -> Basis:
        """Return the polynomial basis, in metres."""
        from spectra.plugins.rus.shapes import regular_prism_basis

        circumradius = 5e-4 * self.side / math.sin(math.pi / self.sides)
        return regular_prism_basis(self.sides, circumradius, 1e-3 * self.height, order)


Shape = Annotated[
    Box | Cylinder | EllipticCylinder | ConeFrustum | Sphere | Ellipsoid | RegularPrism, Field(discriminator="kind")
]
