"""The forward model against closed forms, published tables and other programs."""

import itertools
from pathlib import Path

import numpy as np
import pytest
import yaml
from scipy.special import jn_zeros

from spectra.plugins.rus.bodies.basis import box_basis
from spectra.plugins.rus.bodies.shapes import cylinder_basis
from spectra.plugins.rus.crystals.elasticity import SYMMETRIES
from spectra.plugins.rus.modes.rayleigh_ritz import RayleighRitz

DATA = Path(__file__).parents[1] / "data" / "rus"


def load(name):
    return yaml.safe_load((DATA / name).read_text())


@pytest.fixture(scope="module")
def steel():
    """The paper's own sample, at the dimensions that its computed file implies (RUS.md, oracle 1)."""
    return RayleighRitz(cylinder_basis(4.76231843e-3 / 2, 3.45416614e-3, 14), SYMMETRIES["isotropic"], 7818.0)


def test_all_2034_frequencies_of_the_papers_own_program_are_reproduced(steel):
    oracle = np.loadtxt(DATA / "steel-computed-c11-178-c44-60.dat")
    c11, c44, frequencies = oracle[0], oracle[1], oracle[2:]
    assert len(frequencies) == 2034

    ours = 1e-6 * steel.frequencies(1e9 * np.array([[c11, c44]]))[0]

    assert ours.shape == frequencies.shape
    assert np.abs(ours / frequencies - 1).max() < 1e-8


def test_the_second_modulus_of_the_papers_file_is_c44_and_not_c12(steel):
    oracle = np.loadtxt(DATA / "steel-computed-c11-178-c44-60.dat")
    c11, c12 = 1e9 * oracle[:2]

    as_c12 = 1e-6 * steel.frequencies(np.array([[c11, (c11 - c12) / 2]]))[0]

    assert np.abs(as_c12[:60] / oracle[2:62] - 1).max() > 5e-3


@pytest.mark.parametrize("order", [8, 10, 12, 14])
def test_five_other_programs_agree_on_the_steel_cylinder(order):
    expected = load("benchmark_frequencies.yaml")["steel_cylinder"][f"order{order}"]
    density = 0.48e-3 / (np.pi / 4 * 4.76e-3**2 * 3.45e-3)
    model = RayleighRitz(cylinder_basis(2.38e-3, 3.45e-3, order), SYMMETRIES["isotropic"], density)

    ours = 1e-6 * model.frequencies(np.array([[270e9, 85e9]]))[0]

    assert ours[: len(expected)] == pytest.approx(expected, abs=0.6e-6)


@pytest.mark.parametrize("order", [8, 12, 16])
def test_five_other_programs_agree_on_the_strontium_titanate_box(order):
    expected = load("benchmark_frequencies.yaml")["srtio3_rp"][f"order{order}"]
    model = RayleighRitz(box_basis((1.49e-3, 2.035e-3, 3.02e-3), order), SYMMETRIES["cubic"], 5110.0)

    ours = 1e-6 * model.frequencies(1e9 * np.array([[316.5660020863, 102.8230023146, 121.9140006323]]))[0]

    assert ours[: len(expected)] == pytest.approx(expected, abs=0.6e-6)


def test_the_published_cube_is_reproduced():
    data = load("cube_bernard2014.yaml")
    young, poisson = 200e9, 0.3
    shear = young / (2 * (1 + poisson))
    c11 = shear * (2 - 2 * poisson) / (1 - 2 * poisson)
    expected = data["independent_computation_kHz"]["order12"]
    model = RayleighRitz(box_basis((2e-3, 2e-3, 2e-3), 12), SYMMETRIES["isotropic"], 8000.0)

    ours = 1e-3 * model.frequencies(np.array([[c11, shear]]))[0]

    assert ours[: len(expected)] == pytest.approx(expected, abs=0.6e-3)
    assert np.unique(ours.round(0))[:2] == pytest.approx(data["published_kHz"][:2], abs=0.6)


def test_torsional_modes_of_a_transversely_isotropic_cylinder_are_exact():
    """f = (1/2π) sqrt((C66/ρ)(κ/a)² + (C44/ρ)(nπ/h)²), κ = 0 or a zero of J2 (Migliori and Sarrao 1997)."""
    c11, c33, c12, c13, c44 = 160e9, 180e9, 90e9, 66e9, 46e9
    c66, radius, height, density = (c11 - c12) / 2, 2.4e-3, 3.5e-3, 4500.0
    model = RayleighRitz(cylinder_basis(radius, height, 14), SYMMETRIES["hexagonal"], density)

    ours = model.frequencies(np.array([[c11, c33, c12, c13, c44]]))[0]

    for kappa, n in [(0.0, 1), (0.0, 2), (jn_zeros(2, 1)[0], 0), (jn_zeros(2, 1)[0], 1)]:
        exact = np.sqrt(c66 / density * (kappa / radius) ** 2 + c44 / density * (n * np.pi / height) ** 2) / (2 * np.pi)
        assert np.abs(ours / exact - 1).min() < 1e-8


def test_lame_modes_of_a_square_section_are_exact():
    """f = (1/2a) sqrt((C11 - C12)/ρ) for crystals with a fourfold axis normal to the square (Lamé 1852)."""
    a, c11, c12, density = 2e-3, 316.6e9, 102.8e9, 5110.0
    model = RayleighRitz(box_basis((a, a, 3.3e-3), 12), SYMMETRIES["tetragonal"], density)

    ours = model.frequencies(np.array([[c11, 280e9, c12, 95e9, 121.9e9, 110e9]]))[0]

    assert np.abs(ours / (np.sqrt((c11 - c12) / density) / (2 * a)) - 1).min() < 1e-12


def test_frequencies_fall_monotonically_with_the_order():
    moduli = 1e9 * np.array([[131.0, 198.0, 45.0, 6.0, 48.0]])
    spectra = [
        RayleighRitz(box_basis((0.87e-3, 1.01e-3, 1.19e-3), order), SYMMETRIES["hexagonal"], 7300.0).frequencies(
            moduli
        )[0]
        for order in (6, 7, 8)
    ]
    for coarse, fine in itertools.pairwise(spectra):
        assert np.all(fine[: len(coarse)] <= coarse * (1 + 1e-12))


@pytest.mark.parametrize("name", SYMMETRIES)
@pytest.mark.parametrize("shape", ["box", "cylinder"])
def test_every_symmetry_has_six_rigid_motions_and_an_isotropic_limit(name, shape):
    """Moduli of any symmetry that happen to be isotropic give the isotropic spectrum."""
    c11, c44 = 270e9, 80e9
    isotropic = {f"C{i}{j}": c11 - 2 * c44 for i in (1, 2, 3) for j in (1, 2, 3) if i < j}
    isotropic |= {"C11": c11, "C22": c11, "C33": c11, "C44": c44, "C55": c44, "C66": c44}
    basis = box_basis((2e-3, 3e-3, 4e-3), 7) if shape == "box" else cylinder_basis(2e-3, 3e-3, 7)
    symmetry = SYMMETRIES[name]

    model = RayleighRitz(basis, symmetry, 7800.0)
    ours = model.frequencies(np.array([[isotropic.get(modulus, 0.0) for modulus in symmetry.moduli]]))
    reference = RayleighRitz(basis, SYMMETRIES["isotropic"], 7800.0).frequencies(np.array([[c11, c44]]))

    assert sum(block.rigid * block.multiplicity for block in model.blocks) == 6
    assert ours.shape == (1, 3 * basis.size - 6)
    assert ours == pytest.approx(reference, rel=1e-9)


def test_the_published_moduli_of_real_crystals_give_the_published_misfit():
    for file, order, used, names in [
        ("srtio3_rp_cubic_b.yaml", 10, 50, ("c11", "c12", "c44")),
        ("mn3ge_2105a_rp_hexagonal_missing.yaml", 12, 75, ("c11", "c33", "c12", "c13", "c44")),
    ]:
        data = load(file)
        lengths = 1e-3 * np.array([data["dimensions_mm"][axis] for axis in "xyz"])
        density = 1e-3 * data["mass_g"] / lengths.prod()
        model = RayleighRitz(box_basis(tuple(lengths), order), SYMMETRIES[data["symmetry"]], density)
        moduli = 1e9 * np.array([[data["authors_moduli_GPa"][name] for name in names]])

        ours = 1e-6 * model.frequencies(moduli)[0]
        missing = data.get("missing_modes_0based", [])
        computed = np.delete(ours, missing)[:used]
        rms = 100 * np.sqrt(np.mean((np.array(data["frequencies_MHz"][:used]) / computed - 1) ** 2))

        assert rms == pytest.approx(data["verification"]["rms_percent_at_authors"], abs=0.002)


def test_derivatives_are_those_of_finite_differences_and_obey_eulers_identity():
    symmetry = SYMMETRIES["hexagonal"]
    model = RayleighRitz(cylinder_basis(1.1e-3, 2.3e-3, 9), symmetry, 4500.0)
    moduli = np.array([160e9, 180e9, 90e9, 66e9, 46e9])

    modes = model.modes(moduli, highest=3e6)

    count = len(modes.frequencies)
    assert count > 40
    # Sorted lists cannot be compared where modes of different symmetry cross within the step.
    gaps = np.abs(modes.frequencies[:, None] / modes.frequencies - 1)
    crossing = ((gaps > 1e-9) & (gaps < 1e-3)).any(axis=1)
    assert crossing.mean() < 0.5
    assert modes.derivatives @ moduli / modes.frequencies == pytest.approx(0.5, abs=1e-11)
    for k in range(len(moduli)):
        step = np.zeros(5)
        step[k] = 1e-4 * moduli[k]
        above, below = model.frequencies(np.array([moduli + step, moduli - step]))[:, :count]
        numerical = (above - below) / (2 * step[k])
        assert modes.derivatives[~crossing, k] == pytest.approx(numerical[~crossing], rel=1e-4, abs=1e-9)


def test_degenerate_partners_are_marked_as_one_multiplet(steel):
    modes = steel.modes(1e9 * np.array([270.0, 80.0]), highest=1e6)
    same = np.diff(modes.frequencies) < 1e-9 * modes.frequencies[1:]
    assert same.sum() > 10
    assert np.array_equal(np.diff(modes.multiplet) == 0, same)


def test_a_batch_equals_single_spectra_and_modes_above_the_highest_are_left_out(steel):
    moduli = 1e9 * np.array([[270.0, 80.0], [200.0, 100.0], [170.0, 30.0]])

    batch = steel.frequencies(moduli, highest=1.3e6)

    for row, single in zip(batch, moduli, strict=True):
        alone = steel.frequencies(single[None], highest=1.3e6)[0]
        assert row[np.isfinite(row)] == pytest.approx(alone, rel=1e-12)
        assert np.nanmax(row) <= 1.3e6
