"""Crystals of unknown orientation: up to three more quantities, and the equivalence of orientations with one spectrum.

A turn S of the sample that brings its shape to itself, and a turn G of the crystal that brings its moduli to
themselves, change no frequency: the orientations S R G are one answer. Of all of them the one that is turned least is
reported. Neither group is looked up: both are found by trying.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spectra.plugins.rus.crystals.elasticity import SYMMETRIES, Symmetry
from spectra.plugins.rus.crystals.orientation import rotate_stiffness, rotation_derivatives
from spectra.plugins.rus.crystals.parametrization import Parametrization

if TYPE_CHECKING:
    from scipy.spatial.transform import Rotation

    from spectra.plugins.rus.bodies.basis import Basis

Floats = NDArray[np.float64]

# Their moduli tell the orientation in part, or there is none to tell, or their axes are named after the sample's.
HOLDS_ITS_ORIENTATION = {"isotropic", "hexagonal-x", "tetragonal-7", "trigonal-7", "monoclinic", "triclinic"}

_TRICLINIC = SYMMETRIES["triclinic"]
_ROWS, _COLUMNS = np.array([[entry[0][0] - 1, entry[0][1] - 1] for entry in _TRICLINIC.entries]).T
_SPACING = np.radians(12.0)
_TRIED = 4_000  # orientations, of which those are kept that lie apart
_DEGREE = 3  # of polynomials that show the symmetry of a body
_SAME = 1e-7


class UnknownOrientation:
    """The distinguishable orientations of a crystal in a body.

    An orientation is given by the components of its rotation vector about the sample's x, y and z, in degrees; by the
    first two alone if the body or the crystal may be turned about z by any angle, and by one if both may.

    Parameters
    ----------
    crystal
        The crystal's symmetry, along its axes.
    body
        The body's basis of any degree.

    Raises
    ------
    ValueError
        If the body is a sphere.
    """

    def __init__(self, crystal: Symmetry, body: Callable[[int], Basis]) -> None:
        self.crystal = crystal
        about_x, about_z = (_rotation().from_rotvec([axis]).as_matrix() for axis in ([1.0, 0, 0], [0, 0, 1.0]))
        candidates = _candidates()
        turned = _spectra(body, np.concatenate([[np.eye(3)], about_x, about_z, candidates]))
        same = np.abs(turned / turned[0] - 1).max(axis=1) < _SAME
        if same[1]:
            raise ValueError("a sphere does not show how its crystal is turned; leave 'orientation' out")
        self._body_turns_freely, self._body_group = bool(same[2]), candidates[same[3:]]
        kept = [_unchanged(crystal.crystal_basis, turn) for turn in (about_z[0], *candidates)]
        self._crystal_turns_freely, self._crystal_group = kept[0], candidates[kept[1:]]
        self.names = ("rx", "ry", "rz")[: 3 - self._body_turns_freely - self._crystal_turns_freely]

    def matrices(self, values: Floats) -> Floats:
        """Return the rotations R, shape (n, 3, 3), of values (n, p) in degrees."""
        return _rotation().from_rotvec(self._vectors(values)).as_matrix()

    def representative(self, values: Floats) -> Floats:
        """Return for each orientation (n, p) the equivalent one with the smallest rotation."""
        rotations = self.matrices(values)
        best = np.full((len(values), 3), np.inf)
        for turn in self._body_group:
            for other in self._crystal_group:
                vectors = self._chart(turn @ rotations @ other)
                # Ties, as between a turn about x and the same about -x, go to the positive ones.
                keys = [np.linalg.norm(vectors, axis=1) - np.linalg.norm(best, axis=1), *(best - vectors).T]
                better, tied = np.zeros(len(values), bool), np.ones(len(values), bool)
                for key in keys:
                    better |= tied & (key < -_SAME)
                    tied &= np.abs(key) <= _SAME
                best[better] = vectors[better]
        return np.degrees(best[:, : len(self.names)])

    @cached_property
    def spread(self) -> Floats:
        """Orientations all over those that make a difference, about 12° from each other: shape (n, p), in degrees."""
        tried = _rotation().random(_TRIED, rng=np.random.default_rng(0)).as_matrix()
        vectors = np.radians(self.representative(np.degrees(self._chart(tried)[:, : len(self.names)])))
        kept = np.zeros((1, len(self.names)))
        for vector in vectors:
            if np.linalg.norm(kept - vector, axis=1).min() > _SPACING:
                kept = np.append(kept, vector[None], axis=0)
        return np.degrees(kept)

    @cached_property
    def reach(self) -> float:
        """A bound of all components, in degrees, wide enough for what lies around each orientation."""
        return float(np.ceil(np.abs(self.spread).max() + 2 * np.degrees(_SPACING)))

    def parametrization(self, crystal: Parametrization) -> Parametrization:
        """Return how quantities of the crystal, followed by an orientation, determine the 21 moduli in the sample."""
        count = len(crystal.names)

        def to_moduli(values: Floats) -> Floats:
            stiffness = np.tensordot(crystal.to_moduli(values[:, :count]), self.crystal.crystal_basis, axes=1)
            return rotate_stiffness(stiffness, self.matrices(values[:, count:]))[:, _ROWS, _COLUMNS]

        def jacobian(values: Floats) -> Floats:
            (rotation,) = self.matrices(values[None, count:])
            basis = rotate_stiffness(self.crystal.crystal_basis, rotation)
            stiffness = np.tensordot(crystal.to_moduli(values[None, :count])[0], basis, axes=1)
            by_modulus = basis[:, _ROWS, _COLUMNS].T @ crystal.jacobian(values[:count])
            by_turn = rotation_derivatives(stiffness)[:, _ROWS, _COLUMNS].T @ self._turns(values[count:])
            return np.concatenate([by_modulus, by_turn], axis=1)

        return Parametrization((*crystal.names, *self.names), to_moduli, jacobian)

    def _vectors(self, values: Floats) -> Floats:
        return np.radians(np.pad(values, [(0, 0), (0, 3 - len(self.names))]))

    def _turns(self, values: Floats) -> Floats:
        """Return by what small turns about the sample's axes R changes with each value: (3, p), radian per degree.

        The left Jacobian of the rotation vector (Chirikjian, Stochastic Models, Information Theory, and Lie Groups
        2, 2012, eq. 10.86).
        """
        x, y, z = vector = self._vectors(values[None])[0]
        angle = float(np.linalg.norm(vector))
        cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
        if angle < 1e-4:
            jacobian = np.eye(3) + cross / 2
        else:
            jacobian = (
                np.eye(3) + (1 - np.cos(angle)) / angle**2 * cross + (angle - np.sin(angle)) / angle**3 * cross @ cross
            )
        return np.radians(jacobian[:, : len(self.names)])

    def _chart(self, rotations: Floats) -> Floats:
        """Return rotation vectors (n, 3) in radians, without the turns about z that make no difference."""
        if not (self._body_turns_freely or self._crystal_turns_freely):
            return _rotation().from_matrix(rotations).as_rotvec()
        # The shortest turn that brings the z axis of one to its place in the other; it is about an axis normal to z.
        axes = rotations[:, :, 2] if self._crystal_turns_freely else -rotations[:, 2, :]
        angles = np.arccos(np.clip(rotations[:, 2, 2], -1, 1))
        if len(self.names) == 1:
            return angles[:, None] * np.array([1.0, 0.0, 0.0])
        across = np.hypot(axes[:, 0], axes[:, 1])
        safe = np.where(across > 0, across, 1.0)
        turned = np.stack([-axes[:, 1] / safe, axes[:, 0] / safe, np.zeros_like(safe)], axis=1)
        turned[across == 0] = [1.0, 0.0, 0.0]
        return angles[:, None] * turned


def _rotation() -> type[Rotation]:
    from scipy.spatial.transform import Rotation

    return Rotation


def _candidates() -> Floats:
    """Return the turns that can be a symmetry of a crystal, or of a body along the axes: those of a cube and D6."""
    both = np.concatenate([_rotation().create_group(name).as_matrix() for name in ("O", "D6")])
    return np.unique(both.round(12) + 0.0, axis=0)


def _unchanged(basis: Floats, rotation: Floats) -> bool:
    return bool(np.abs(rotate_stiffness(basis, rotation) - basis).max() < _SAME)


def _spectra(body: Callable[[int], Basis], rotations: Floats) -> Floats:
    """Return the frequencies of a body of one triclinic crystal that is turned by each of ``rotations``."""
    from spectra.plugins.rus.modes.rayleigh_ritz import RayleighRitz

    drawn = np.random.default_rng(0).normal(size=(6, 6))
    stiffness = np.eye(6) + drawn @ drawn.T / 12
    moduli = rotate_stiffness(np.broadcast_to(stiffness, (len(rotations), 6, 6)), rotations)[:, _ROWS, _COLUMNS]
    return RayleighRitz(body(_DEGREE), _TRICLINIC, density=1.0).frequencies(moduli)
