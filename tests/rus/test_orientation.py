"""Orientation of a crystal against explicit tensor algebra, symmetry, and two real misoriented crystals."""

import itertools
from pathlib import Path

import numpy as np
import pytest
import yaml
from scipy.spatial.transform import Rotation

from spectra.plugins.rus.bodies.basis import box_basis
from spectra.plugins.rus.crystals.elasticity import SYMMETRIES
from spectra.plugins.rus.crystals.orientation import (
    Lattice,
    from_bunge_angles,
    from_faces,
    from_quaternion,
    from_rotation_vector,
    from_ruscal_angles,
    rotate_stiffness,
    rotation_derivatives,
)
from spectra.plugins.rus.modes.rayleigh_ritz import RayleighRitz

DATA = Path(__file__).parents[1] / "data" / "rus"
SAPPHIRE = np.array([497.3, 500.9, 162.8, 116.0, 146.8, 21.9])  # C11, C33, C12, C13, C44, C14 in GPa
VOIGT = [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)]
MANDEL = np.sqrt([1, 1, 1, 2, 2, 2])
GENERAL = from_rotation_vector([0.3, -0.8, 1.1])


def by_tensor(matrix, rotation):
    """C_ijkl = R_ia R_jb R_kc R_ld C_abcd, spelt out."""
    tensor = np.empty((3, 3, 3, 3))
    for (p, (i, j)), (q, (k, l)) in itertools.product(enumerate(VOIGT), repeat=2):  # noqa: E741
        tensor[i, j, k, l] = tensor[j, i, k, l] = tensor[i, j, l, k] = tensor[j, i, l, k] = matrix[p, q]
    rotated = np.einsum("ia,jb,kc,ld,abcd->ijkl", *[rotation] * 4, tensor)
    return np.array([[rotated[i, j, k, l] for k, l in VOIGT] for i, j in VOIGT])  # noqa: E741


def random_stiffness(seed, *shape):
    factor = np.random.default_rng(seed).normal(size=(*shape, 6, 6))
    return factor @ np.swapaxes(factor, -1, -2)


def about(axis, degrees):
    return Rotation.from_euler(axis, degrees, degrees=True).as_matrix()


def spectrum(symmetry, moduli, lengths=(2e-3, 2.3e-3, 2.9e-3), order=6):
    return RayleighRitz(box_basis(lengths, order), symmetry, 4000.0).frequencies(1e9 * np.asarray(moduli)[None])[0]


def specimen(name):
    data = yaml.safe_load((DATA / name).read_text())
    lengths = 1e-3 * np.array([data["dimensions_mm"][axis] for axis in "xyz"])
    density = 1e-3 * data["mass_g"] / lengths.prod() if "mass_g" in data else 1e3 * data["density_g_cm3"]
    return data, box_basis(tuple(lengths), data["verification"]["order"]), density


@pytest.mark.parametrize("seed", range(5))
def test_the_bond_matrix_rotates_as_the_tensor_does(seed):
    matrices = random_stiffness(seed, 2, 3)
    rotation = Rotation.random(random_state=seed).as_matrix()

    rotated = rotate_stiffness(matrices, rotation)

    assert rotated.shape == matrices.shape
    for index in np.ndindex(2, 3):
        assert rotated[index] == pytest.approx(by_tensor(matrices[index], rotation), abs=1e-12)
        kelvin = [np.linalg.eigvalsh(MANDEL[:, None] * c[index] * MANDEL) for c in (matrices, rotated)]
        assert kelvin[1] == pytest.approx(kelvin[0], rel=1e-10, abs=1e-12)


def test_rotations_are_applied_one_after_the_other():
    matrix, first, second = random_stiffness(1), GENERAL, from_bunge_angles(10, 20, 30)
    one_by_one = rotate_stiffness(rotate_stiffness(matrix, first), second)
    assert one_by_one == pytest.approx(rotate_stiffness(matrix, second @ first), abs=1e-12)
    twice = SYMMETRIES["triclinic"].rotated(first).rotated(second)
    assert twice.basis == pytest.approx(SYMMETRIES["triclinic"].rotated(second @ first).basis, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "turns"),
    [
        ("isotropic", [GENERAL, about("x", 37)]),
        ("cubic", [about("x", 90), about("z", 90), from_rotation_vector(np.full(3, 2 * np.pi / 3 / np.sqrt(3)))]),
        ("hexagonal", [about("z", 37), about("x", 180)]),
        ("hexagonal-x", [about("x", 37), about("z", 180)]),
        ("tetragonal", [about("z", 90), about("x", 180)]),
        ("tetragonal-7", [about("z", 90)]),
        ("trigonal", [about("z", 120), about("x", 180)]),
        ("trigonal-7", [about("z", 120)]),
        ("orthorhombic", [about("x", 180), about("y", 180)]),
        ("monoclinic", [about("y", 180)]),
        ("triclinic", [np.eye(3)]),
    ],
)
def test_each_symmetry_has_its_own_rotations_and_all_the_moduli_that_they_leave(name, turns):
    """The stiffness matrices that do not change form a space of exactly as many dimensions as there are moduli."""
    symmetry = SYMMETRIES[name]
    for turn in turns:
        assert symmetry.rotated(turn).basis == pytest.approx(symmetry.basis, abs=1e-12)
    unit = np.zeros((21, 6, 6))
    for matrix, (i, j) in zip(unit, itertools.combinations_with_replacement(range(6), 2), strict=True):
        matrix[i, j] = matrix[j, i] = 1
    changes = np.concatenate([(rotate_stiffness(unit, turn) - unit).reshape(21, 36) for turn in turns], axis=1)
    assert 21 - np.linalg.matrix_rank(changes, tol=1e-9) == len(symmetry.moduli)
    assert np.linalg.matrix_rank(symmetry.basis.reshape(-1, 36)) == len(symmetry.moduli)


def test_the_two_hexagonal_conventions_describe_one_solid():
    """The axis along z turned to x: C33, C13, C11, C66, C44 along z are C11, C12, C33, C44, C66 along x."""
    c11, c33, c12, c13, c44 = 131.0, 198.0, 45.0, 6.0, 48.0
    along_z = SYMMETRIES["hexagonal"].rotated(about("y", 90)).stiffness(np.array([c11, c33, c12, c13, c44]))
    along_x = SYMMETRIES["hexagonal-x"].stiffness(np.array([c33, c11, c13, (c11 - c12) / 2, c44]))
    assert along_z == pytest.approx(along_x, abs=1e-12)


def test_all_descriptions_of_one_orientation_agree():
    """The crystal's x on the sample's y, y on z, z on x: a third of a turn about [111]."""
    expected = np.array([[0, 0, 1], [1, 0, 0], [0, 1, 0]])
    third = 2 * np.pi / 3 / np.sqrt(3)
    for rotation in (
        from_rotation_vector([third, third, third]),
        from_quaternion([0.5, 0.5, 0.5, 0.5]),
        from_quaternion([-0.5, -0.5, -0.5, -0.5]),
        from_bunge_angles(90, 90, 0),
        from_ruscal_angles(90, 90, 0),
        from_faces((0, 1, 0), (0, 0, 1)),
    ):
        assert rotation == pytest.approx(expected, abs=1e-12)


def test_bunge_angles_have_the_published_orientation_matrix():
    """Bunge 1982, with c and s of φ1 = 10, Φ = 20, φ2 = 30 degrees; g, from sample to crystal, is the transpose."""
    (c1, c, c2), (s1, s, s2) = np.cos(np.radians([10, 20, 30])), np.sin(np.radians([10, 20, 30]))
    g = [
        [c1 * c2 - s1 * s2 * c, s1 * c2 + c1 * s2 * c, s2 * s],
        [-c1 * s2 - s1 * c2 * c, -s1 * s2 + c1 * c2 * c, c2 * s],
        [s1 * s, -c1 * s, c],
    ]
    to_crystal = from_bunge_angles(10, 20, 30).transpose()
    assert to_crystal == pytest.approx(np.array(g), abs=1e-14)


def test_ruscal_angles_are_those_of_kocks():
    """The matrix that Kocks, Tomé and Wenk print, by which RUScal transforms the crystal's tensor."""
    (cp, ct, cf), (sp, st, sf) = np.cos(np.radians([-86, 30, 20])), np.sin(np.radians([-86, 30, 20]))
    expected = [
        [-sp * sf - cp * cf * ct, cp * sf - sp * cf * ct, cf * st],
        [sp * cf - cp * sf * ct, -cp * cf - sp * sf * ct, sf * st],
        [cp * st, sp * st, ct],
    ]
    assert from_ruscal_angles(-86, 30, 20) == pytest.approx(np.array(expected), abs=1e-14)


def test_a_cell_has_its_lattice_parameters_and_the_standard_axes():
    lattice = Lattice(a=5.1, b=6.2, c=7.3, alpha=83, beta=104, gamma=97)
    vectors = lattice.vectors
    lengths = np.linalg.norm(vectors, axis=0)
    cosines = (vectors.T @ vectors) / np.outer(lengths, lengths)
    assert lengths == pytest.approx([5.1, 6.2, 7.3])
    assert np.degrees(np.arccos([cosines[1, 2], cosines[0, 2], cosines[0, 1]])) == pytest.approx([83, 104, 97])
    assert np.linalg.det(vectors) > 0
    assert vectors[:, 2] == pytest.approx([0, 0, 7.3])
    assert lattice.normal((0, 1, 0)) == pytest.approx([0, 1, 0])
    for k, face in enumerate(np.eye(3, dtype=int)):
        assert np.delete(vectors, k, axis=1).T @ lattice.normal(tuple(face)) == pytest.approx([0, 0], abs=1e-12)


def test_faces_of_a_cut_crystal_lie_where_the_cut_says():
    """A-plane sapphire with its m-plane edge: the crystal's c axis must come to lie against the sample's y."""
    sapphire = Lattice(a=4.759, b=4.759, c=12.99, gamma=120)
    rotation = from_faces((1, 1, 0), (1, -1, 0), sapphire)
    assert rotation[:, 2] == pytest.approx([0, -1, 0], abs=1e-12)
    assert np.linalg.det(rotation) == pytest.approx(1)
    # A cubic crystal with (110) up and (001) to the right: [1-10] along y.
    cubic = from_faces((1, 1, 0), (0, 0, 1))
    assert cubic @ [1, 1, 0] == pytest.approx([0, 0, np.sqrt(2)])
    assert cubic @ [1, -1, 0] == pytest.approx([0, np.sqrt(2), 0])


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: from_faces((1, 1, 1), (1, 0, 0)), r"\(1 1 1\) and \(1 0 0\) enclose 54.74 degrees"),
        (lambda: from_faces((0, 0, 1), (1, 0, 0), Lattice(beta=104)), "enclose 76.00 degrees"),
        (lambda: from_faces((0, 0, 0), (1, 0, 0)), r"\(0 0 0\) is no crystal face"),
        (lambda: Lattice(a=-1.0), "must be positive"),
        (lambda: Lattice(alpha=120, beta=120, gamma=120), "no cell has the angles"),
        (lambda: Lattice(alpha=20, beta=20, gamma=60), "no cell has the angles"),
        (lambda: from_quaternion([1, 1, 0, 0]), r"\(1, 1, 0, 0\) has the length 1.41421, not 1"),
        (lambda: from_quaternion([1, 0, 0]), "four components"),
        (lambda: from_quaternion([np.nan, 0, 0, 0]), "not 1"),
        (lambda: SYMMETRIES["cubic"].rotated(2 * np.eye(3)), "orthogonal"),
        (lambda: SYMMETRIES["cubic"].rotated(-np.eye(3)), "reflection"),
    ],
)
def test_what_is_no_orientation_is_refused_with_the_reason(make, sentence):
    with pytest.raises(ValueError, match=sentence):
        make()


def test_derivatives_by_a_rotation_are_those_of_finite_differences():
    matrices = rotate_stiffness(random_stiffness(3, 4), GENERAL)
    slopes = rotation_derivatives(matrices)
    assert slopes.shape == (3, 4, 6, 6)
    for axis, slope in zip(np.eye(3), slopes, strict=True):
        above, below = (rotate_stiffness(matrices, from_rotation_vector(h * axis)) for h in (1e-5, -1e-5))
        assert slope == pytest.approx((above - below) / 2e-5, abs=1e-7)


def test_stability_does_not_depend_on_the_orientation():
    moduli = np.random.default_rng(5).uniform(-50, 300, (200, 6))
    crystal = SYMMETRIES["trigonal"]
    stable = crystal.is_stable(moduli)
    assert 5 < stable.sum() < 195
    assert np.array_equal(crystal.rotated(GENERAL).is_stable(moduli), stable)
    assert np.array_equal(np.linalg.eigvalsh(crystal.rotated(GENERAL).stiffness(moduli))[:, 0] > 0, stable)


def test_equivalent_orientations_give_the_same_spectrum():
    trigonal, moduli = SYMMETRIES["trigonal-7"], [*SAPPHIRE, 9.0]
    reference = spectrum(trigonal.rotated(GENERAL), moduli)
    assert spectrum(trigonal, moduli) != pytest.approx(reference, rel=1e-3)
    assert spectrum(trigonal.rotated(about("z", 120)).rotated(GENERAL), moduli) == pytest.approx(reference, rel=1e-10)
    for axis in "xyz":  # twofold axes of the box
        turned = trigonal.rotated(GENERAL).rotated(about(axis, 180))
        assert spectrum(turned, moduli) == pytest.approx(reference, rel=1e-10)


def test_turning_crystal_and_sample_together_changes_nothing():
    triclinic = SYMMETRIES["triclinic"].rotated(GENERAL)
    stiffness = 100 * np.eye(6) + 10 * random_stiffness(7)
    moduli = [stiffness[int(name[1]) - 1, int(name[2]) - 1] for name in triclinic.moduli]
    reference = spectrum(triclinic, moduli)
    third = from_quaternion([0.5, 0.5, 0.5, 0.5])  # x to y, y to z, z to x
    assert spectrum(triclinic.rotated(third), moduli, (2.9e-3, 2e-3, 2.3e-3)) == pytest.approx(reference, rel=1e-10)
    quarter = about("z", 90)
    assert spectrum(triclinic.rotated(quarter), moduli, (2.3e-3, 2e-3, 2.9e-3)) == pytest.approx(reference, rel=1e-10)


def test_the_real_sapphire_has_the_spectrum_and_misfit_of_its_file():
    data, basis, density = specimen("sapphire_rp_misoriented.yaml")
    symmetry = SYMMETRIES["trigonal"].rotated(from_ruscal_angles(*data["orientation"]["euler_deg"]))

    ours = 1e-6 * RayleighRitz(basis, symmetry, density).frequencies(1e9 * SAPPHIRE[None])[0]

    ruscal = data["verification"]["computed_MHz_order9_from_ruscal"]
    assert ours[: len(ruscal)] == pytest.approx(ruscal, abs=1e-6)
    computed = np.delete(ours, data["missing_modes_0based"])[: data["n_modes"]]
    rms = 100 * np.sqrt(np.mean((np.array(data["frequencies_MHz"]) / computed - 1) ** 2))
    assert rms == pytest.approx(data["verification"]["rms_percent_at_deck_moduli_and_angles"], abs=5e-4)


class Turnable:
    """A solid of given stiffness whose further 'moduli' are small rotations about the sample's axes."""

    def __init__(self, stiffness):
        self.basis = np.concatenate([stiffness[None], rotation_derivatives(stiffness)])


def test_derivatives_of_frequencies_by_the_orientation_are_exact():
    stiffness = SYMMETRIES["trigonal"].rotated(GENERAL).stiffness(1e9 * SAPPHIRE)
    basis = box_basis((2e-3, 2.3e-3, 2.9e-3), 6)

    modes = RayleighRitz(basis, Turnable(stiffness), 4000.0).modes(np.array([1.0, 0, 0, 0]))

    for axis, slopes in zip(np.eye(3), modes.derivatives[:, 1:].T, strict=True):
        above, below = (
            RayleighRitz(basis, Turnable(rotate_stiffness(stiffness, from_rotation_vector(h * axis))), 4000.0)
            .modes(np.array([1.0, 0, 0, 0]))
            .frequencies
            for h in (1e-5, -1e-5)
        )
        assert slopes[:40] == pytest.approx((above - below)[:40] / 2e-5, abs=1e-6 * modes.frequencies[0])


def test_the_misoriented_superalloy_fits_as_its_file_says():
    """Refined from the stated solution, moduli and orientation stay within what its rounding leaves open."""
    data, basis, density = specimen("cmsx4_rp_misoriented_1.yaml")
    stated = data["verification"]
    measured = np.array(data["frequencies_MHz"][: stated["n_used"]])
    start = np.array([stated["refit_GPa"][name] for name in ("c11", "c12", "c44")])
    moduli, rotation = start, from_rotation_vector(stated["rotvec"])
    assert np.degrees(np.linalg.norm(stated["rotvec"])) == pytest.approx(stated["misorientation_deg"], abs=0.005)

    misfits = []
    for _ in range(2):
        crystal = SYMMETRIES["cubic"].rotated(rotation)
        solid = Turnable(crystal.stiffness(moduli))
        solid.basis = np.concatenate([crystal.basis, solid.basis[1:]])
        modes = RayleighRitz(basis, solid, density).modes(1e9 * np.append(moduli, np.zeros(3)))
        computed = 1e-6 * modes.frequencies[: len(measured)]
        slopes = 1e3 * modes.derivatives[: len(measured)]  # MHz/GPa, and MHz/rad as the stiffness was in GPa
        misfits.append(100 * np.sqrt(np.mean((measured / computed - 1) ** 2)))
        step = np.linalg.lstsq(slopes / computed[:, None], measured / computed - 1, rcond=None)[0]
        moduli, rotation = moduli + step[:3], from_rotation_vector(step[3:]) @ rotation

    assert misfits[0] == pytest.approx(0.1025, abs=5e-5)  # of the solution as rounded
    assert misfits[1] == pytest.approx(stated["rms_percent"], abs=5e-4)
    assert moduli == pytest.approx(start, abs=0.15)
    assert Rotation.from_matrix(rotation).as_rotvec() == pytest.approx(stated["rotvec"], abs=6e-4)
