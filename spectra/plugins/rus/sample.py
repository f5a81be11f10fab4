"""The RUS sample file: shape, mass, symmetry and the ranges in which the moduli are searched."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Discriminator, Field, Tag, model_validator

from spectra.core.errors import InputError
from spectra.core.samples import Document, PositiveIn, Sample, SearchRange
from spectra.plugins.rus.bodies.schema import Shape
from spectra.plugins.rus.crystals.elasticity import SYMMETRIES, Symmetry, SymmetryName, violated_criterion
from spectra.plugins.rus.crystals.orientation import (
    Lattice,
    from_bunge_angles,
    from_faces,
    from_quaternion,
    from_rotation_vector,
    from_ruscal_angles,
)
from spectra.plugins.rus.crystals.parametrization import PARAMETRIZATIONS, Parametrization
from spectra.plugins.rus.expansion import Expansion
from spectra.plugins.rus.modes.unknown_orientation import HOLDS_ITS_ORIENTATION, UnknownOrientation

if TYPE_CHECKING:
    from spectra.plugins.rus.modes.expected import ExpectedModes
    from spectra.plugins.rus.modes.rayleigh_ritz import RayleighRitz

_MOST_POINTS = 1_000_000
MAIN_MODULI = {"C11", "C22", "C33", "C44", "C55", "C66", "K", "G", "E"}
_ENDLESS = 1e18  # points of an axis: as good as infinitely many
_SIZE = 1.04  # moduli larger by so much: frequencies larger by 2 %
_SAMPLED = 10_000  # of them are looked at for the softest
_SPARED = 0.1  # share of the solids for which the order need not be enough
_WORST_TRUNCATION = 0.1  # a mode that is off by this much is another mode

Mass = Annotated[float, PositiveIn("g")]
Density = Annotated[float, PositiveIn("kg/m^3")]
AtomicMass = Annotated[float, PositiveIn("g/mol")]


class ModulusRange(SearchRange):
    """A range of an elastic modulus, in GPa."""

    unit: ClassVar = "GPa"


class RatioRange(SearchRange):
    """A range of Poisson's ratio or of an anisotropy, without unit."""

    unit: ClassVar = ""


class Window(Document):
    """``{from: 0.2 MHz, to: 1.3 MHz}``: the measured frequency range."""

    lower: Annotated[float, PositiveIn("MHz")] = Field(alias="from")
    upper: Annotated[float, PositiveIn("MHz")] = Field(alias="to")

    @model_validator(mode="after")
    def _holds_something(self) -> Self:
        if not self.lower < self.upper:
            raise ValueError(f"the window from {self.lower:g} to {self.upper:g} MHz is empty; swap its ends")
        return self


class LatticeParameters(Document):
    """``{a: 4.76, c: 12.99, gamma: 120}``: only ratios of the lengths and the angles in degrees matter."""

    a: float = 1.0
    b: float | None = Field(default=None, description="default: a")
    c: float | None = Field(default=None, description="default: a")
    alpha: float = 90.0
    beta: float = 90.0
    gamma: float = 90.0

    def lattice(self) -> Lattice:
        """Return the unit cell."""
        b, c = self.b or self.a, self.c or self.a
        return Lattice(a=self.a, b=b, c=c, alpha=self.alpha, beta=self.beta, gamma=self.gamma)


class Orientation(Document):
    """Orientation of the crystal in the sample, in one of five conventions; see :mod:`.crystals.orientation`."""

    bunge: tuple[float, float, float] | None = Field(default=None, description="phi1, Phi, phi2 in degrees (ZXZ)")
    ruscal: tuple[float, float, float] | None = Field(default=None, description="psi, theta, phi of a RUScal deck")
    quaternion: tuple[float, float, float, float] | None = Field(default=None, description="w, x, y, z")
    rotation_vector: tuple[float, float, float] | None = Field(default=None, description="axis times angle in radians")
    z_face: tuple[int, int, int] | None = Field(default=None, description="Miller indices of the face normal to z")
    x_face: tuple[int, int, int] | None = Field(default=None, description="Miller indices of the face normal to x")
    lattice: LatticeParameters = LatticeParameters()

    @model_validator(mode="after")
    def _is_one_rotation(self) -> Self:
        self.matrix()
        return self

    def matrix(self) -> NDArray[np.float64]:
        """Return the rotation, shape (3, 3), whose columns are the crystal's axes in the sample.

        Raises
        ------
        ValueError
            If it is given not at all, in two ways, or wrongly.
        """
        ways = [self.bunge, self.ruscal, self.quaternion, self.rotation_vector, self.z_face or self.x_face]
        if sum(way is not None for way in ways) != 1:
            raise ValueError("give one of bunge, ruscal, quaternion, rotation_vector, or both z_face and x_face")
        if self.bunge:
            return from_bunge_angles(*self.bunge)
        if self.ruscal:
            return from_ruscal_angles(*self.ruscal)
        if self.quaternion:
            return from_quaternion(self.quaternion)
        if self.rotation_vector:
            return from_rotation_vector(self.rotation_vector)
        if self.z_face is None or self.x_face is None:
            raise ValueError("two faces are needed: give both z_face and x_face")
        return from_faces(self.z_face, self.x_face, self.lattice.lattice())


KnownOrUnknown = Annotated[
    Annotated[Orientation, Tag("angles")] | Annotated[Literal["unknown"], Tag("unknown")],
    Discriminator(lambda given: "unknown" if isinstance(given, str) else "angles"),
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
    C14: ModulusRange | None = None
    C15: ModulusRange | None = None
    C16: ModulusRange | None = None
    C24: ModulusRange | None = None
    C25: ModulusRange | None = None
    C26: ModulusRange | None = None
    C34: ModulusRange | None = None
    C35: ModulusRange | None = None
    C36: ModulusRange | None = None
    C45: ModulusRange | None = None
    C46: ModulusRange | None = None
    C56: ModulusRange | None = None
    K: ModulusRange | None = None
    G: ModulusRange | None = None
    E: ModulusRange | None = None
    nu: RatioRange | None = None
    A: RatioRange | None = None

    def given(self) -> dict[str, SearchRange]:
        """Return the ranges that the file gives."""
        return {name: bounds for name, bounds in self if bounds is not None}


class RusSample(Sample):
    """A specimen for resonant ultrasound spectroscopy."""

    technique: Literal["rus"]
    shape: Shape
    mass: Mass | None = Field(default=None, description="mass, or give the density")
    density: Density | None = Field(default=None, description="density, or give the mass")
    symmetry: SymmetryName = Field(description="symmetry of the crystal; isotropic for a polycrystal without texture")
    orientation: KnownOrUnknown | None = Field(
        default=None, description="orientation of the crystal, or unknown; default: along the sample's axes"
    )
    search: Search
    window: Window
    order: Literal["auto"] | Annotated[int, Field(ge=4, le=24)] = Field(
        default="auto", description="order of the expansion (highest degree of the polynomials), or auto"
    )
    accuracy: float = Field(
        default=1e-3,
        ge=1e-9,
        le=1e-2,
        description="relative accuracy of the modes in the window, for order auto",
    )
    mean_atomic_mass: AtomicMass | None = Field(default=None, description="mean atomic mass, for the Debye temperature")
    expansion: Expansion | None = Field(
        default=None, description="thermal expansion of the lengths, for measurements with a temperature"
    )

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
    def _faces_have_a_convention(self) -> Self:
        if (
            self.symmetry == "hexagonal-x"
            and isinstance(self.orientation, Orientation)
            and self.orientation.z_face is not None
        ):
            raise ValueError("Miller indices need the sixfold axis along c; use 'symmetry: hexagonal'")
        return self

    @model_validator(mode="after")
    def _an_orientation_can_be_found(self) -> Self:
        if self.orientation == "unknown":
            if self.symmetry in HOLDS_ITS_ORIENTATION:
                raise ValueError(
                    f"the orientation of a crystal of symmetry '{self.symmetry}' cannot be searched, because its "
                    "moduli say it already, or it has none; use 'cubic', 'hexagonal', 'tetragonal', 'trigonal' or "
                    "'orthorhombic', or leave 'orientation' out"
                )
            _ = self.unknown_orientation  # says if the shape has none
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
        """The symmetry with its stiffness matrices, in the sample's axes; of an unknown orientation, the lowest."""
        if self.orientation == "unknown":
            return SYMMETRIES["triclinic"]
        symmetry = SYMMETRIES[self.symmetry]
        return symmetry if self.orientation is None else symmetry.rotated(self.orientation.matrix())

    @cached_property
    def unknown_orientation(self) -> UnknownOrientation | None:
        """What is searched besides the moduli, where the orientation is unknown."""
        if self.orientation != "unknown":
            return None
        return UnknownOrientation(SYMMETRIES[self.symmetry], self.shape.basis)

    @cached_property
    def parametrization(self) -> Parametrization:
        """How the searched quantities determine the moduli of :attr:`elastic_symmetry`."""
        unknown, crystal = self.unknown_orientation, self.crystal_parametrization
        return crystal if unknown is None else unknown.parametrization(crystal)

    @property
    def crystal_parametrization(self) -> Parametrization:
        """How the searched moduli determine those along the crystal's axes."""
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
    def ranges(self) -> dict[str, SearchRange]:
        """The searched ranges of the moduli, in the order of the parametrization."""
        given = self.search.given()
        return {name: given[name] for name in self.crystal_parametrization.names}

    @property
    def grid_size(self) -> int:
        """Number of points of the full grid, at most."""
        moduli = len(self._sizes) * math.prod(_count(bounds) for bounds in self.ranges.values())
        return moduli if self.unknown_orientation is None else moduli * len(self.unknown_orientation.spread)

    def softest(self, spared: float = 0.0) -> NDArray[np.float64]:
        """Return the moduli in GPa, shape (k,), of the softest solid of the ranges, which has the most modes.

        Parameters
        ----------
        spared
            Share of the solids in the ranges that may be softer.

        Raises
        ------
        InputError
            If no solid in the ranges is stable.
        """
        return self._solids[int(spared * (len(self._solids) - 1))]

    @cached_property
    def _solids(self) -> NDArray[np.float64]:
        """Solids all over the ranges, the softest first."""
        grid = self.grid()
        moduli = self.parametrization.to_moduli(grid[:: 1 + len(grid) // _SAMPLED])
        symmetry = self.elastic_symmetry
        stable = moduli[symmetry.is_stable(moduli)]
        if not len(stable):
            criterion = violated_criterion(symmetry, moduli[len(moduli) // 2])
            raise InputError(
                f"No solid is stable anywhere in the searched ranges of {self.name!r}; in their middle, {criterion}.",
                hint="Check the ranges; perhaps two moduli are swapped.",
            )
        solids: NDArray[np.float64] = stable[np.argsort(np.linalg.slogdet(symmetry.stiffness(stable))[1])]
        return solids

    @cached_property
    def convergence(self) -> tuple[int, float]:
        """The order of the expansion, and the relative error of the modes in the window that most solids do not exceed.

        Those are nine in ten in the ranges. Wide ranges reach solids so nearly unstable that no order describes them;
        where an answer is among those, the forward model raises the order there, or says that it has not converged.

        Raises
        ------
        InputError
            If no mode, or far too many, are expected in the window; if no order is enough for the ``accuracy``, or the
            given one leaves more than 10 %.
        """
        from spectra.plugins.rus.modes.convergence import converged_order, truncation_error

        self.check_units()
        highest = 1e6 * self.window.upper
        solid = (self.elastic_symmetry, 1e9 * self.softest(_SPARED), self.density_kg_m3)
        if self.order == "auto":
            try:
                return converged_order(self.shape.basis, *solid, highest=highest, accuracy=self.accuracy)
            except ValueError as error:
                raise InputError(
                    f"Of one in ten solids in the searched ranges of {self.name!r} no order describes the modes: "
                    f"{error}; about {self.most_modes:.0f} modes are expected at the softest.",
                    hint="Lower the window's end, narrow the ranges, or ask for less 'accuracy'.",
                ) from error
        too_high = truncation_error(self.shape.basis, self.order, *solid, highest)
        if too_high > _WORST_TRUNCATION:
            raise InputError(
                f"At order {self.order}, modes up to {self.window.upper:g} MHz of one in ten solids in the searched "
                f"ranges of {self.name!r} are computed up to {too_high:.0%} too high, or more.",
                hint="Raise 'order' in the sample file, or leave it out.",
            )
        return self.order, too_high

    def expected_modes(self, moduli: NDArray[np.float64]) -> ExpectedModes:
        """Return where the modes of the body are expected for ``moduli`` in GPa, shape (k,)."""
        from spectra.plugins.rus.modes.expected import ExpectedModes

        stiffness = 1e9 * self.elastic_symmetry.stiffness(moduli)
        return ExpectedModes(self.shape.basis, stiffness, self.density_kg_m3, 1e-9 * self.shape.volume)

    @cached_property
    def _most(self) -> ExpectedModes:
        return self.expected_modes(self.softest())

    @property
    def most_modes(self) -> float:
        """How many modes are expected in the window at the softest solid in the ranges, which has the most."""
        return self._most.count(1e6 * self.window.lower, 1e6 * self.window.upper)

    def check_units(self) -> None:
        """Refuse a sample of which no solid has a mode in the window, or whose window holds thousands.

        Raises
        ------
        InputError
            With the fact of the sample whose unit is the likely cause.
        """
        from spectra.plugins.rus.modes.units import Facts, check_units

        facts = Facts(
            name=self.name,
            density=self.density_kg_m3,
            mass=self.mass,
            length=self.shape.volume ** (1 / 3),
            window=(self.window.lower, self.window.upper),
            stiffness=float(np.abs(self.elastic_symmetry.stiffness(self.softest())).max()),
            modes=self._most,
            usual=self.expected_modes(self.softest(_SPARED)).count(1e6 * self.window.lower, 1e6 * self.window.upper),
        )
        check_units(facts)

    @cached_property
    def solver(self) -> RayleighRitz:
        """The assembled specimen, in SI units: for all forward models of the sample."""
        from spectra.plugins.rus.modes.rayleigh_ritz import RayleighRitz  # SciPy, which listings do without

        return RayleighRitz(self.shape.basis(self.degree), self.elastic_symmetry, self.density_kg_m3)

    @property
    def degree(self) -> int:
        """Highest degree of the polynomials."""
        return self.convergence[0] if self.order == "auto" else self.order

    def grid(self) -> NDArray[np.float64]:
        """Return all points of the searched ranges, shape (n, p), with every orientation that makes a difference.

        Where the grid is coarse, each comes in several sizes, all moduli larger or smaller together: those cost
        nothing, since all frequencies grow as the root of that size.
        """
        axes = [bounds.lower + bounds.step * np.arange(_count(bounds)) for bounds in self.ranges.values()]
        points = np.stack([axis.ravel() for axis in np.meshgrid(*axes, indexing="ij")], axis=-1)
        if self.unknown_orientation is not None:
            turned = self.unknown_orientation.spread
            points = np.concatenate([np.repeat(points, len(turned), axis=0), np.tile(turned, (len(points), 1))], axis=1)
        sized = [points * np.where(self.are_moduli, size, 1.0) for size in self._sizes]
        all_sizes = np.stack(sized, axis=1).reshape(-1, points.shape[1])
        low, high = np.array([[bounds.lower, bounds.upper] for bounds in self.ranges.values()]).T
        searched, rounding = all_sizes[:, : len(low)], 1e-9 * (high - low)
        return all_sizes[np.all((searched >= low - rounding) & (searched <= high + rounding), axis=1)]

    @property
    def are_moduli(self) -> NDArray[np.bool_]:
        """Which of the quantities grow with the size of the moduli."""
        units = [bounds.unit for bounds in self.ranges.values()]
        return np.array(
            [unit == ModulusRange.unit for unit in units] + [False] * len(self.parametrization.names[len(units) :])
        )

    @property
    def _sizes(self) -> NDArray[np.float64]:
        """Factors that fill the step of the coarsest modulus; 1 alone if the grid is fine."""
        # Those off the diagonal, such as C14, may be near zero and say nothing of the size.
        stiff = [bounds for name, bounds in self.ranges.items() if name in MAIN_MODULI]
        step = max(bounds.step / max(abs(bounds.lower), abs(bounds.upper)) for bounds in stiff)
        count = round(math.log1p(step) / math.log(_SIZE) / 2)
        return _SIZE ** np.arange(-count, count + 1.0)


def _count(bounds: SearchRange) -> int:
    """Points of one axis; the upper end counts although steps such as 0.1 never quite reach it."""
    return int(min((bounds.upper - bounds.lower) / bounds.step, _ENDLESS) + 1e-9) + 1
