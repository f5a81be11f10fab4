"""Real specimens: the misfit or refit that each file states, to its printed digits."""

from pathlib import Path

import numpy as np
import pytest
import yaml
from scipy.optimize import least_squares

from spectra.plugins.rus import SYMMETRIES, RayleighRitz, box_basis, cylinder_basis

DATA = Path(__file__).parents[1] / "data" / "rus"


def load(name):
    return yaml.safe_load((DATA / f"{name}.yaml").read_text())


def box(data, order):
    return box_basis(tuple(1e-3 * data["dimensions_mm"][axis] for axis in "xyz"), order)


def test_aluminium_bar_at_its_authors_moduli():
    data = load("aluminium_cylinder_zadler")
    basis = cylinder_basis(0.5e-3 * data["dimensions_mm"]["diameter"], 1e-3 * data["dimensions_mm"]["height"], 12)
    model = RayleighRitz(basis, SYMMETRIES["isotropic"], 1e3 * data["density_g_cm3"])
    moduli = 1e9 * np.array([list(data["authors_moduli_GPa"].values())])

    final = data["final_list"]
    computed = 1e-6 * model.frequencies(moduli)[0][final["index_0based"]]

    rms = 100 * np.sqrt(np.mean((computed / final["frequencies_MHz"] - 1) ** 2))
    assert round(rms, 3) == data["verification"]["rms_percent_at_authors"]


def test_aluminium_block_as_its_authors_computed_it():
    data = load("aluminium_rp_ogi2002")
    model = RayleighRitz(box(data, 12), SYMMETRIES["isotropic"], 1e3 * data["density_g_cm3"])

    ours = 1e-6 * model.frequencies(1e9 * np.array([list(data["authors_moduli_GPa"].values())]))[0]

    published = np.sort(data["authors_computed_MHz"])
    deviation = 100 * np.abs(ours[: len(published)] / published - 1).max()
    assert round(deviation, 2) == data["verification"]["max_abs_percent_dev_of_authors_computed"]


@pytest.mark.parametrize("symmetry", ["isotropic", "cubic"])
def test_titanium_alloy_refitted(symmetry):
    data = load("ti64_rp")
    stated = data["verification"][symmetry]
    model = RayleighRitz(box(data, 10), SYMMETRIES[symmetry], 1e3 * data["density_g_cm3"])
    measured = np.array(data["frequencies_MHz"][: stated["n_used"]])
    start = [170.0, 45.0] if symmetry == "isotropic" else [170.0, 80.0, 45.0]

    def misfit(moduli):
        return 100 * (1e-6 * model.frequencies(1e9 * moduli[None])[0][: len(measured)] / measured - 1)

    fit = least_squares(misfit, start, x_scale=10.0)

    assert np.sqrt(np.mean(fit.fun**2)) == pytest.approx(stated["refit_rms_percent"], abs=0.6e-3)
    for found, (name, value) in zip(fit.x, stated["refit_GPa"].items(), strict=True):
        assert found == pytest.approx(value, abs=0.06 if name != "c44" else 0.006)


def test_steel_pin_at_its_authors_moduli():
    """At the dimensions that reproduce the authors' own computed file (the note in the data file)."""
    data = load("steel_cylinder_seed_ace")
    diameter, height = 4.76e-3, 3.4525e-3
    density = 0.4808e-3 / (np.pi / 4 * diameter**2 * height)
    model = RayleighRitz(cylinder_basis(diameter / 2, height, 12), SYMMETRIES["isotropic"], density)

    computed = 1e-6 * model.frequencies(1e9 * np.array([list(data["authors_moduli_GPa"].values())]))[0]

    measured = np.array(data["frequencies_MHz"])
    rms = 100 * np.sqrt(np.mean((computed[: len(measured)] / measured - 1) ** 2))
    assert round(rms, 2) == data["verification"]["rms_percent_at_authors_c11_270_c44_80"]
