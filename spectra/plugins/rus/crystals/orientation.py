"""Orientation of a crystal in a sample, and stiffness matrices in rotated axes.

An orientation is a proper rotation matrix R, shape (3, 3), which turns the crystal from the position in which its axes
lie along the sample's into its own. Its columns are the crystal's axes x, y and z in sample coordinates: a vector with
the components v along the crystal's axes has the components R v along the sample's, and the stiffness tensor is
C_ijkl = R_ia R_jb R_kc R_ld C_abcd. A further rotation of the sample and its crystal by Q makes it Q R.

The crystal's axes are those in which its moduli are tabulated (IRE 1949, Proc. IRE 37, 1378; Nye 1957, appendix B):
z along the lattice vector c, y normal to (010), and x = y × z. So x lies along a in all systems but the monoclinic
and triclinic, and y along b in the monoclinic one. Angles are in degrees, as instruments and other programs give them;
only a rotation vector is in radians.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from scipy.spatial.transform import Rotation

Floats = NDArray[np.float64]
Miller = tuple[int, int, int]

# Voigt index -> the two tensor indices
_FIRST, _SECOND = np.array([0, 1, 2, 1, 0, 0]), np.array([0, 1, 2, 2, 2, 1])
# (L_a)_ij = -ε_aij, the generators of rotations about x, y and z
_GENERATORS = np.array(
    [
        [[0.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]],
        [[0.0, 0.0, 1.0], [0.0, 0.0, 0.0], [-1.0, 0.0, 0.0]],
        [[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]],
    ]
)
# Wide enough for components written with two or three digits, narrow enough for a slip in one of them.
_UNIT_TOLERANCE = 0.01
_RIGHT_ANGLE_TOLERANCE = 0.5


@dataclass(frozen=True, kw_only=True)
class Lattice:
    """A unit cell, which gives Miller indices their directions; only the ratios of the lengths matter here.

    Parameters
    ----------
    a, b, c
        Lengths of the lattice vectors in any one unit.
    alpha, beta, gamma
        Angles between b and c, c and a, a and b, in degrees.

    Raises
    ------
    ValueError
        If a length is not positive, or the angles close no cell.
    """

    a: float = 1.0
    b: float = 1.0
    c: float = 1.0
    alpha: float = 90.0
    beta: float = 90.0
    gamma: float = 90.0

    def __post_init__(self) -> None:
        if not all(0 < length < np.inf for length in (self.a, self.b, self.c)):
            raise ValueError(f"the lattice parameters a, b, c = {self.a:g}, {self.b:g}, {self.c:g} must be positive")
        sides = sorted((self.alpha, self.beta, self.gamma))
        if not (sides[0] > 0 and sides[2] < sides[0] + sides[1] and sum(sides) < 360):
            raise ValueError(
                f"no cell has the angles alpha, beta, gamma = {self.alpha:g}, {self.beta:g}, {self.gamma:g} degrees: "
                "each must be less than the sum of the others, and their sum less than 360"
            )

    @property
    def vectors(self) -> Floats:
        """The lattice vectors a, b and c as columns, along the crystal's axes; shape (3, 3)."""
        cos_alpha, cos_beta, cos_gamma = np.cos(np.radians([self.alpha, self.beta, self.gamma]))
        sin_alpha, sin_beta = np.sin(np.radians([self.alpha, self.beta]))
        a_x, a_z = sin_beta, cos_beta
        b_z = cos_alpha
        b_x = (cos_gamma - cos_alpha * cos_beta) / sin_beta
        b_y = np.sqrt(sin_alpha**2 - b_x**2)
        unit = np.array([[a_x, b_x, 0.0], [0.0, b_y, 0.0], [a_z, b_z, 1.0]])
        return unit * np.array([self.a, self.b, self.c])

    def normal(self, face: Miller) -> Floats:
        """Return the unit vector normal to the face (hkl), along the crystal's axes; shape (3,).

        Of the four indices (hkil) of a hexagonal or trigonal crystal leave out i.

        Raises
        ------
        ValueError
            If all indices are zero.
        """
        if not any(face):
            raise ValueError("(0 0 0) is no crystal face; give its Miller indices")
        # h a* + k b* + l c*, with the reciprocal vectors the rows of the inverse
        normal = np.asarray(face, dtype=float) @ np.linalg.inv(self.vectors)
        return normal / np.linalg.norm(normal)


CUBIC_LATTICE = Lattice()


def from_bunge_angles(phi1: float, phi: float, phi2: float) -> Floats:
    """Return R = Rz(φ1) Rx(Φ) Rz(φ2) of Euler angles in Bunge's convention (ZXZ), in degrees.

    They turn the sample's axes into the crystal's: about z, about the new x, about the new z. Bunge's orientation
    matrix g is the transpose of R (Bunge, Texture Analysis in Materials Science, 1982). Electron backscatter
    diffraction and texture programs give these angles.
    """
    return _rotation().from_euler("ZXZ", [phi1, phi, phi2], degrees=True).as_matrix()


def from_ruscal_angles(psi: float, theta: float, phi: float) -> Floats:
    """Return R = Rz(φ) Ry(θ) Rz(180° - ψ) of the Euler angles of a RUScal deck, in its order, in degrees.

    They are the angles of Kocks (Kocks, Tomé and Wenk, Texture and Anisotropy, 1998); RUScal applies
    their matrix to the crystal's tensor as it stands, where Kocks' own use of it is the transpose.
    """
    return _rotation().from_euler("ZYZ", [phi, theta, 180.0 - psi], degrees=True).as_matrix()


def from_quaternion(quaternion: ArrayLike) -> Floats:
    """Return R of a unit quaternion (w, x, y, z), which turns a crystal vector v into q v q*.

    Raises
    ------
    ValueError
        If its length differs from 1 by more than rounding explains.
    """
    components = np.asarray(quaternion, dtype=float)
    length = float(np.linalg.norm(components))
    if components.shape != (4,) or not abs(length - 1) <= _UNIT_TOLERANCE:
        written = ", ".join(f"{component:g}" for component in components.ravel())
        raise ValueError(
            f"the quaternion ({written}) has the length {length:g}, not 1; give the four components w, x, y, z "
            "divided by their length"
        )
    return _rotation().from_quat(np.roll(components, -1)).as_matrix()


def from_rotation_vector(vector: ArrayLike) -> Floats:
    """Return R of a rotation about the direction of a vector by its length in radians, counter-clockwise."""
    return _rotation().from_rotvec(np.asarray(vector, dtype=float)).as_matrix()


def _rotation() -> type[Rotation]:
    """Return SciPy's rotations, which take long to import, where one is asked for."""
    from scipy.spatial.transform import Rotation

    return Rotation


def from_faces(z_face: Miller, x_face: Miller, lattice: Lattice = CUBIC_LATTICE) -> Floats:
    """Return R of a crystal cut along two of its faces.

    Parameters
    ----------
    z_face, x_face
        Miller indices of the crystal faces whose outward normals point along the sample's z and x.
    lattice
        The unit cell. Faces are perpendicular or not by its parameters, so a rhombohedral crystal needs the cell to
        which its indices refer.

    Raises
    ------
    ValueError
        If the two are not perpendicular within half a degree. Within it z is kept, and x made perpendicular.
    """
    z, x = lattice.normal(z_face), lattice.normal(x_face)
    angle = float(np.degrees(np.arccos(np.clip(z @ x, -1.0, 1.0))))
    if abs(angle - 90) > _RIGHT_ANGLE_TOLERANCE:
        raise ValueError(
            f"the faces {_written(z_face)} and {_written(x_face)} enclose {angle:.2f} degrees, but the sample's z and "
            "x faces are perpendicular; check the indices and the lattice parameters"
        )
    x = x - (x @ z) * z
    x /= np.linalg.norm(x)
    # The rows are the sample's axes in crystal coordinates.
    return np.stack([x, np.cross(z, x), z])


def rotate_stiffness(matrices: Floats, rotation: Floats) -> Floats:
    """Return stiffness matrices of a crystal, shape (..., 6, 6), along the sample's axes.

    Parameters
    ----------
    matrices : ndarray, shape (..., 6, 6)
        Along the crystal's axes: Voigt order with engineering shear strains. The map is linear, so they may as well
        be the V_k of C = Σ_k c_k V_k.
    rotation : ndarray, shape (..., 3, 3)
        R, one for all or one for each.

    Notes
    -----
    M C Mᵀ with the matrix M by which stresses transform (Bond, Bell Syst. Tech. J. 22, 1 (1943); Auld, Acoustic Fields
    and Waves in Solids, 1973, chapter 3).
    """
    bond = _stress_matrix(rotation, rotation)
    rotated: Floats = bond @ matrices @ bond.swapaxes(-1, -2)
    return rotated


def rotation_derivatives(matrices: Floats) -> Floats:
    """Return the derivatives of stiffness matrices by a small rotation about the sample's x, y and z, per radian.

    Parameters
    ----------
    matrices : ndarray, shape (..., 6, 6)
        Along the sample's axes, as :func:`rotate_stiffness` returns them.

    Returns
    -------
    ndarray, shape (3, ..., 6, 6)
        Those of ``rotate_stiffness(matrices, from_rotation_vector(w))`` by the components of w, at w = 0.
    """
    one = np.eye(3)
    # M is bilinear in R, so its derivative along a generator L is exact.
    slopes = [_stress_matrix(generator, one) + _stress_matrix(one, generator) for generator in _GENERATORS]
    return np.stack([slope @ matrices + matrices @ slope.T for slope in slopes])


def checked_rotation(rotation: ArrayLike) -> Floats:
    """Return a rotation matrix as an array, shape (3, 3).

    Raises
    ------
    ValueError
        If it is not orthogonal to six digits, or a reflection.
    """
    matrix = np.asarray(rotation, dtype=float)
    if matrix.shape != (3, 3) or not np.allclose(matrix @ matrix.T, np.eye(3), rtol=0, atol=1e-6):
        raise ValueError("a rotation is an orthogonal matrix of shape (3, 3); this one is not")
    if np.linalg.det(matrix) < 0:
        raise ValueError(
            "this orthogonal matrix is a reflection; a crystal can only be turned: change the sign of an axis"
        )
    return matrix


def _stress_matrix(left: Floats, right: Floats) -> Floats:
    """M_IJ = l_ik r_jl + l_il r_jk for I = (ij) and J = (kl), the second term only where k ≠ l; shape (..., 6, 6)."""
    i, j, k, l = _FIRST[:, None], _SECOND[:, None], _FIRST[None], _SECOND[None]  # noqa: E741
    matrix: Floats = left[..., i, k] * right[..., j, l] + np.where(k == l, 0.0, left[..., i, l] * right[..., j, k])
    return matrix


def _written(face: Miller) -> str:
    return "({} {} {})".format(*face)
