"""Crystals of unknown orientation: what spectra can tell of it, and how it is found."""

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError
from scipy.spatial.transform import Rotation

from spectra.core.signals import Peaks
from spectra.plugins.peaks.posterior import Posterior, PosteriorParameters
from spectra.plugins.rus.bodies.schema import Shape
from spectra.plugins.rus.crystals.elasticity import SYMMETRIES
from spectra.plugins.rus.crystals.orientation import rotate_stiffness
from spectra.plugins.rus.crystals.parametrization import PARAMETRIZATIONS
from spectra.plugins.rus.forward import RusForwardModel
from spectra.plugins.rus.modes.rayleigh_ritz import RayleighRitz
from spectra.plugins.rus.modes.unknown_orientation import UnknownOrientation
from spectra.plugins.rus.sample import RusSample
from spectra.plugins.rus.technique import Rus

BRICK = {"kind": "box", "x": "4 mm", "y": "3 mm", "z": "2 mm"}
CUBE = {"kind": "box", "x": "2 mm", "y": "2 mm", "z": "2 mm"}
PIN = {"kind": "cylinder", "diameter": "3 mm", "height": "4 mm"}
MODULI = {
    "cubic": [250.0, 160.0, 130.0],
    "hexagonal": [180.0, 210.0, 90.0, 70.0, 55.0],
    "tetragonal": [270.0, 480.0, 175.0, 150.0, 125.0, 190.0],
    "trigonal": [497.0, 501.0, 163.0, 116.0, 147.0, 22.0],
    "orthorhombic": [320.0, 197.0, 235.0, 72.0, 80.0, 75.0, 64.0, 77.0, 78.0],
}


def unknown(symmetry, shape):
    return UnknownOrientation(SYMMETRIES[symmetry], TypeAdapter(Shape).validate_python(shape).basis)


@pytest.mark.parametrize(
    ("symmetry", "shape", "body", "crystal", "count"),
    [
        # The proper point groups: 222, 422 and 432 of the bodies; 432, 422, 32 and 222 of the crystals.
        ("cubic", BRICK, 4, 24, 3),
        ("tetragonal", {**BRICK, "y": "4 mm"}, 8, 8, 3),
        ("trigonal", CUBE, 24, 6, 3),
        ("orthorhombic", BRICK, 4, 4, 3),
        ("cubic", PIN, None, 24, 2),
        ("hexagonal", BRICK, 4, None, 2),
        ("hexagonal", PIN, None, None, 1),
    ],
)
def test_the_turns_that_make_no_difference_are_those_of_the_point_groups(symmetry, shape, body, crystal, count):
    orientation = unknown(symmetry, shape)
    assert len(orientation.names) == count
    if body is not None:
        assert len(orientation._body_group) == body
    if crystal is not None:
        assert len(orientation._crystal_group) == crystal


@pytest.mark.parametrize("shape", [BRICK, PIN])
@pytest.mark.parametrize("symmetry", sorted(MODULI))
def test_every_orientation_has_the_spectrum_of_its_representative(symmetry, shape):
    orientation = unknown(symmetry, shape)
    crystal = SYMMETRIES[symmetry]
    stiffness = 1e9 * np.tensordot(MODULI[symmetry], crystal.crystal_basis, axes=1)
    turned = Rotation.random(5, rng=np.random.default_rng(1)).as_matrix()
    values = orientation.representative(np.degrees(orientation._chart(turned)[:, : len(orientation.names)]))
    rotations = np.concatenate([turned, orientation.matrices(values)])
    triclinic = SYMMETRIES["triclinic"]
    moduli = [
        [c[i - 1, j - 1] for ((i, j, _),) in triclinic.entries]
        for c in (rotate_stiffness(stiffness, rotation) for rotation in rotations)
    ]
    model = RayleighRitz(TypeAdapter(Shape).validate_python(shape).basis(6), triclinic, 5000.0)
    frequencies = model.frequencies(np.array(moduli))[:, :40]
    assert frequencies[5:] == pytest.approx(frequencies[:5], rel=1e-9)


def test_a_representative_is_turned_least_and_represents_itself():
    orientation = unknown("cubic", BRICK)
    values = orientation.spread
    assert orientation.representative(values) == pytest.approx(values, abs=1e-6)
    angles = np.linalg.norm(values, axis=1)
    assert angles.max() < 62.8  # the largest misorientation of cubic crystals (Mackenzie 1958)
    assert angles.max() > 55


def test_the_spread_leaves_no_orientation_far_from_all():
    orientation = unknown("cubic", BRICK)
    turned = Rotation.random(300, rng=np.random.default_rng(5))
    values = orientation.representative(np.degrees(turned.as_rotvec()))
    distances = np.linalg.norm(values[:, None] - orientation.spread, axis=-1)
    assert distances.min(axis=1).max() < 20


@pytest.mark.parametrize("shape", [BRICK, PIN])
@pytest.mark.parametrize("symmetry", ["cubic", "hexagonal", "trigonal"])
@pytest.mark.parametrize("angles", [[10.0, -35.0, 50.0], [0.0, 0.0, 0.0]])
def test_the_jacobian_is_that_of_the_moduli(symmetry, shape, angles):
    orientation = unknown(symmetry, shape)
    parametrization = orientation.parametrization(PARAMETRIZATIONS[symmetry][0])
    values = np.array([*MODULI[symmetry], *angles[: len(orientation.names)]])
    step = 1e-4
    jacobian = parametrization.jacobian(values)
    for place, d in enumerate(step * np.eye(len(values))):
        up, down = parametrization.to_moduli(np.stack([values + d, values - d]))
        assert jacobian[:, place] == pytest.approx((up - down) / (2 * step), abs=1e-6)


SEARCH = {
    "C11": {"from": "200 GPa", "to": "300 GPa", "step": "50 GPa"},
    "A": {"from": 2.0, "to": 3.6, "step": 0.8},
    "C44": {"from": "100 GPa", "to": "160 GPa", "step": "30 GPa"},
}


def sample(**changes):
    facts = {
        "name": "brick",
        "technique": "rus",
        "shape": BRICK,
        "density": "8.7 g/cm^3",
        "symmetry": "cubic",
        "orientation": "unknown",
        "search": SEARCH,
        "window": {"from": "0.2 MHz", "to": "0.9 MHz"},
        "order": 8,
    }
    return RusSample.model_validate(facts | changes)


def test_spectra_of_solids_of_one_kind_and_other_size_are_those_that_are_computed_one_by_one():
    forward = RusForwardModel(sample())
    values = sample().grid()[:8]
    together = forward.simulate(values).positions
    assert len(np.unique(values[:, 2] / values[:, 0])) < len(values)
    for row, one in zip(together, values, strict=True):
        alone = forward.simulate(one[None]).positions[0]
        assert row[np.isfinite(row)] == pytest.approx(alone[np.isfinite(alone)], rel=1e-12)


def test_an_orientation_is_found_with_the_moduli_and_given_as_its_representative():
    specimen = sample()
    forward = RusForwardModel(specimen)
    truth = np.array([251.0, 2.9, 131.0, 17.0, 3.0, -5.0])
    exact = forward.simulate(truth[None]).positions[0]
    noise = 1 + 1e-4 * np.random.default_rng(2).normal(size=len(exact))
    peaks = Peaks.from_lists([exact[3:] * noise[3:]], unit="MHz", window=forward.window)
    # The same crystal, named otherwise: turned by half a turn of the sample and a quarter turn of the crystal.
    half, quarter = (Rotation.from_euler(axis, angle, degrees=True) for axis, angle in (("x", 180), ("z", 90)))
    other = half * Rotation.from_rotvec([17.0, 3.0, -5.0], degrees=True) * quarter
    start = np.concatenate([[245.0, 2.8, 130.0], other.as_rotvec(degrees=True) + np.array([3.0, -2.0, 1.0])])
    quantities = [
        q if q.unit != "deg" else type(q)(**{**vars(q), "lower": -360.0, "upper": 360.0})
        for q in Rus().quantities(specimen)
    ]
    refinement = Posterior(PosteriorParameters()).refine(peaks, forward, starts=start[None], quantities=quantities)
    deviations = np.sqrt(np.diag(refinement.covariance))
    assert np.all(np.abs(refinement.values - truth) < 4 * deviations)
    assert np.all(deviations[3:] < 0.5)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"shape": {"kind": "sphere", "diameter": "3 mm"}}, "a sphere does not show how its crystal is turned"),
        (
            {"symmetry": "isotropic", "search": {"C11": SEARCH["C11"], "C44": SEARCH["C44"]}},
            "the orientation of a crystal of symmetry 'isotropic' cannot be searched",
        ),
    ],
)
def test_what_shows_no_orientation_is_refused(changes, sentence):
    with pytest.raises(ValidationError, match=sentence):
        sample(**changes)


def test_what_a_crystal_of_unknown_orientation_is_searched_for():
    quantities = Rus().quantities(sample())
    assert [(q.name, q.unit) for q in quantities] == [
        ("C11", "GPa"),
        ("A", ""),
        ("C44", "GPa"),
        ("rx", "deg"),
        ("ry", "deg"),
        ("rz", "deg"),
    ]
    assert Rus().recipes(sample())["default"].regressor.name == "nearest"
