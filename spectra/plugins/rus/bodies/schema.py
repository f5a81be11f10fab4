"""The body of a RUS sample: its shape as a sample file gives it, its volume, and its polynomial basis."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from spectra.core.basics.attachments import Attachment
from spectra.core.errors import InputError
from spectra.core.samples import Document, PositiveIn

if TYPE_CHECKING:
    from spectra.plugins.rus.bodies.basis import Basis
    from spectra.plugins.rus.bodies.triangulation import MassProperties, Mesh

_METRES = {"m": 1.0, "cm": 1e-2, "mm": 1e-3, "um": 1e-6, "in": 0.0254}

Length = Annotated[float, PositiveIn("mm")]
# Which lengths of a body are measured, and along which of the axes x, y and z each stretches it.
Stretches = dict[str, tuple[int, int, int]]
_ALONG_AXES: Stretches = {"x": (1, 0, 0), "y": (0, 1, 0), "z": (0, 0, 1)}


class Box(Document):
    """A rectangular parallelepiped, its edges along x, y and z."""

    stretches: ClassVar[Stretches] = _ALONG_AXES

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
        from spectra.plugins.rus.bodies.basis import box_basis

        return box_basis((1e-3 * self.x, 1e-3 * self.y, 1e-3 * self.z), order)


class Cylinder(Document):
    """A circular cylinder along z, hollow if it has an inner diameter."""

    stretches: ClassVar[Stretches] = {"diameter": (1, 1, 0), "height": (0, 0, 1)}

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
        from spectra.plugins.rus.bodies.shapes import cylinder_basis

        inner = 5e-4 * (self.inner_diameter or 0.0)
        return cylinder_basis(5e-4 * self.diameter, 1e-3 * self.height, order, inner_radius=inner)


class EllipticCylinder(Document):
    """A cylinder along z over an ellipse with full axes along x and y."""

    stretches: ClassVar[Stretches] = {"x": (1, 0, 0), "y": (0, 1, 0), "height": (0, 0, 1)}

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
        from spectra.plugins.rus.bodies.shapes import elliptic_cylinder_basis

        return elliptic_cylinder_basis((5e-4 * self.x, 5e-4 * self.y), 1e-3 * self.height, order)


class ConeFrustum(Document):
    """A cone frustum along z."""

    stretches: ClassVar[Stretches] = {"diameters": (1, 1, 0), "height": (0, 0, 1)}

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
        from spectra.plugins.rus.bodies.shapes import cone_frustum_basis

        return cone_frustum_basis(5e-4 * self.bottom_diameter, 5e-4 * self.top_diameter, 1e-3 * self.height, order)


class Sphere(Document):
    """A sphere."""

    stretches: ClassVar[Stretches] = {"diameter": (1, 1, 1)}

    kind: Literal["sphere"]
    diameter: Length

    @property
    def volume(self) -> float:
        """In mm³."""
        return math.pi / 6 * self.diameter**3

    def basis(self, order: int) -> Basis:
        """Return the polynomial basis, in metres."""
        from spectra.plugins.rus.bodies.shapes import ellipsoid_basis

        radius = 5e-4 * self.diameter
        return ellipsoid_basis((radius, radius, radius), order)


class Ellipsoid(Document):
    """An ellipsoid with full axes along x, y and z; a spheroid if two are equal."""

    stretches: ClassVar[Stretches] = _ALONG_AXES

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
        from spectra.plugins.rus.bodies.shapes import ellipsoid_basis

        return ellipsoid_basis((5e-4 * self.x, 5e-4 * self.y, 5e-4 * self.z), order)


class RegularPrism(Document):
    """A prism along z over a regular polygon with a corner on the x axis; its edges have the length ``side``."""

    stretches: ClassVar[Stretches] = {"side": (1, 1, 0), "height": (0, 0, 1)}

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
        from spectra.plugins.rus.bodies.shapes import regular_prism_basis

        circumradius = 5e-4 * self.side / math.sin(math.pi / self.sides)
        return regular_prism_basis(self.sides, circumradius, 1e-3 * self.height, order)


class Surface(Document):
    """Any body, given by its closed surface in an STL, PLY or OBJ file beside the sample file.

    The file's axes are those of the sample, or its principal axes of inertia are, by ascending moment. Where the body
    lies does not matter: its centre of mass is the origin.
    """

    stretches: ClassVar[Stretches] = {"size": (1, 1, 1)}

    kind: Literal["mesh"]
    file: Attachment
    unit: Literal["m", "cm", "mm", "um", "in"] = Field(description="unit of the coordinates; the formats have none")
    axes: Literal["file", "principal"] = "file"

    @model_validator(mode="after")
    def _bounds_a_body(self) -> Self:
        try:
            self._read  # noqa: B018 - reads and checks
        except InputError as error:
            raise ValueError(str(error).removesuffix(".")) from error
        return self

    @property
    def volume(self) -> float:
        """In mm³."""
        return 1e9 * self._read[1].volume

    @property
    def mesh(self) -> Mesh:
        """The surface in m, along the sample's axes, about the centre of mass."""
        mesh, body = self._read
        turn = body.axes if self.axes == "principal" else np.eye(3)
        return replace(mesh, vertices=(mesh.vertices - body.centre) @ turn.T)

    def basis(self, order: int) -> Basis:
        """Return the polynomial basis, in metres.

        Raises
        ------
        InputError
            If the body is a thin-walled ring away from the axes.
        """
        from spectra.plugins.rus.bodies.basis import mesh_basis

        # The basis of a lower order is the first part of that of a higher one, which takes seconds on a fine surface.
        known = self._bases.get("highest")
        if known is None or known.degree < order:
            try:
                self._bases["highest"] = known = mesh_basis(self.mesh, order)
            except ValueError as error:
                raise InputError(f"{self.file.name}: {error}.", hint="Turn it, or use 'axes: principal'.") from error
        return known.truncated(order)

    def description(self) -> str:
        """Say what the file holds."""
        mesh, body = self._read
        centre = ", ".join(f"{1e3 * x:.4g}" for x in body.centre)
        axes = "; ".join(f"({', '.join(f'{x:.3f}' for x in axis)})" for axis in body.axes)
        return (
            f"{self.file.name} bounds {self.volume:.6g} mm³ by {len(mesh.faces):,} triangles; centre of mass "
            f"({centre}) mm and principal axes {axes} in the file's coordinates."
        )

    @cached_property
    def _read(self) -> tuple[Mesh, MassProperties]:
        from spectra.plugins.rus.bodies.triangulation import mass_properties, parse_mesh

        mesh = parse_mesh(self.file.content, self.file.name)
        mesh = replace(mesh, vertices=_METRES[self.unit] * mesh.vertices)
        return mesh, mass_properties(mesh)

    @cached_property
    def _bases(self) -> dict[str, Basis]:
        return {}


Shape = Annotated[
    Box | Cylinder | EllipticCylinder | ConeFrustum | Sphere | Ellipsoid | RegularPrism | Surface,
    Field(discriminator="kind"),
]
