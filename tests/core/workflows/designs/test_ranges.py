"""Specimens with a line at a wanted place: spheres, whose lines fall as their size grows, and moduli."""

import numpy as np
import pytest

from spectra.core.errors import InputError
from spectra.core.manager import load_plugins
from spectra.core.session import Session
from spectra.core.workflows.designs.ranges import RangePlan, design_specimens
from spectra.core.workflows.recipes import complete_recipe
from spectra.core.workflows.specimens import specimen_of
from spectra.plugins import BUILT_IN

SPHERE = {
    "name": "ball",
    "technique": "rus",
    "shape": {"kind": "sphere", "diameter": "5 mm"},
    "density": "8000 kg/m^3",
    "symmetry": "isotropic",
    "search": {
        "C11": {"from": "200 GPa", "to": "300 GPa", "step": "10 GPa"},
        "C44": {"from": "60 GPa", "to": "100 GPa", "step": "5 GPa"},
    },
    "window": {"from": "0.1 MHz", "to": "0.9 MHz"},
    "order": 6,
}
MODULI = {"C11": 270.0, "C44": 80.0}
# The lowest mode of a sphere is torsional, ₀T₂: ω r / c_t = 2.50113 whatever Poisson's ratio is (Lamb 1882).
LOWEST = 2.50113


@pytest.fixture(scope="module")
def session():
    return Session(store=None, catalogue=load_plugins(BUILT_IN, {}).catalogue)


def lowest(diameter, shear):
    """Return the lowest frequency in MHz of a sphere of ``diameter`` mm and a shear modulus in GPa."""
    return 1e-6 * LOWEST * np.sqrt(1e9 * shear / 8000) / (np.pi * 1e-3 * diameter)


def designs(session, *targets, vary=(), at=None, optimizer="cma", **changes):
    specimen = specimen_of(session.catalogue, SPHERE)
    choice = session.catalogue.choose("optimizer", optimizer)
    plan = RangePlan(peak=1, targets=targets, vary=vary, at=at or {}, optimizer=choice, **changes)
    return design_specimens(session, specimen, complete_recipe(session.catalogue, specimen.recipe()), plan)


@pytest.mark.parametrize("optimizer", ["cma", "genetic"])
def test_the_diameter_of_a_sphere_comes_out_as_lamb_has_it(session, optimizer):
    (design,) = designs(session, "400 kHz", vary=["shape.diameter=5..9 mm"], at=MODULI, optimizer=optimizer).designs
    assert design.verdict.word == "trusted"
    assert design.value == pytest.approx(0.4, rel=1e-3)
    assert design.values["shape.diameter"] == pytest.approx(
        5 * lowest(5, 80) / 0.4, rel=3e-3
    )  # they go as 1 / diameter


def test_a_modulus_is_found_within_the_range_of_the_sample_file(session):
    target = lowest(5, 73)
    (design,) = designs(session, f"{target:.6f}", vary=["C44"], at={"C11": 270.0}).designs
    assert design.values == {"C44": pytest.approx(73, rel=5e-3)}


def test_all_quantities_are_varied_where_nothing_is_said(session):
    found = designs(session, "0.5 MHz", starts=2)
    assert [(one.name, one.lower, one.upper) for one in found.ranges] == [("C11", 200, 300), ("C44", 60, 100)]
    shear = (0.5 / lowest(5, 1)) ** 2
    assert [d.values["C44"] for d in found.designs] == pytest.approx([shear] * 2, rel=5e-3)
    assert found.designs[0].values["C11"] != found.designs[1].values["C11"]  # the mode does not tell


def test_what_cannot_be_reached_within_the_ranges_is_doubtful_and_says_what_can(session):
    (design,) = designs(session, "2 MHz", vary=["shape.diameter=5..6 mm"], at=MODULI, evaluations=20).designs
    assert design.verdict.word == "doubtful"
    assert f"the closest has {design.value:.6g} MHz" in design.verdict.reasons[0]
    assert design.value == pytest.approx(lowest(5, 80), rel=0.03)


def test_a_line_outside_of_the_window_is_none(session):
    (design,) = designs(session, "0.9 MHz", vary=["shape.diameter=2..2.5 mm"], at=MODULI, evaluations=4).designs
    assert (design.value, design.document()["error"], design.verdict.word) == (None, None, "doubtful")
    assert "No specimen of 20 has a peak 1" in design.verdict.reasons[0]


def test_the_document_says_what_repeats_it(session):
    document = designs(session, "0.5 MHz", vary=["C44"], at={"C11": 270.0}).document()
    assert (document["quantity"], document["unit"], document["at"]) == ("peak 1", "MHz", {"C11": 270.0})
    assert document["ranges"] == [{"name": "C44", "unit": "GPa", "lower": 60.0, "upper": 100.0, "quantity": True}]


@pytest.mark.parametrize(
    ("vary", "at", "sentence"),
    [
        (["shape.diametre=3..9 mm"], MODULI, "neither a quantity nor a number .* the nearest is 'shape.diameter'"),
        (["shape.diameter"], MODULI, "shape.diameter has no range"),
        (["shape.diameter=3..9 s"], MODULI, "'s' cannot be converted to mm"),
        (["shape.diameter=9..3 mm"], MODULI, "9 to 3 mm, holds nothing"),
        (["shape.diameter=9 mm"], MODULI, "'9 mm' is no range"),
        (["shape.diameter=3..9 mm"], {"C11": 270.0}, "The quantities C44 are neither varied nor given"),
        (["C44"], {"C12": 270.0}, "There is no quantity 'C12'"),
        ([], MODULI, "Nothing is varied"),
    ],
)
def test_ranges_that_cannot_be_understood_are_refused(session, vary, at, sentence):
    with pytest.raises(InputError, match=sentence):
        designs(session, "0.5 MHz", vary=vary, at=at)


def test_a_target_in_another_unit_is_refused(session):
    with pytest.raises(InputError, match=r"'0\.5 mm' of the target cannot be read"):
        designs(session, "0.5 mm", vary=["C44"], at={"C11": 270.0})
