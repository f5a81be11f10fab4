"""Plans of real specimens against what their analyses report, and of bodies whose answer is known."""

import json
from pathlib import Path

import numpy as np
import pytest
from matplotlib.text import Text

from spectra.core.basics.documents import load_document
from spectra.core.errors import InputError
from spectra.plugins.rus.planning.figure import plan_figure
from spectra.plugins.rus.planning.task import make_plan
from spectra.plugins.rus.sample import RusSample

EXAMPLES = Path(__file__).parents[3] / "examples" / "rus"


def sample(name="ti64", **changes):
    read = load_document(EXAMPLES / name / "sample.yaml", RusSample, what="sample file")
    return RusSample.model_validate(read.document() | changes) if changes else read


def box(x, y, z, **changes):
    return sample(shape={"kind": "box", "x": f"{x} mm", "y": f"{y} mm", "z": f"{z} mm"}, **changes)


# all but the first by hand: 3 to 6 CPU seconds each
@pytest.mark.parametrize(
    "name",
    [
        "aluminium-bar",
        *(pytest.param(n, marks=pytest.mark.slow) for n in ("aluminium-block", "ti64", "steel", "srtio3")),
    ],
)
def test_what_is_predicted_for_a_real_specimen_is_what_its_analysis_reports(spectra, name):
    folder = EXAMPLES / name
    arguments = ("-s", folder / "sample.yaml", "--recipe", "quick", "--no-figure", "--json")
    done = spectra("analyze", folder / "peaks.dat", *arguments)
    prediction = json.loads(done.stdout)["prediction"]
    refined = {q["name"]: q for q in prediction["quantities"] if q["method"] == "refined"}
    at = ",".join(f"{name}={q['value']}" for name, q in refined.items())
    assert prediction["misfit_unit"] == "%"
    plan = make_plan(sample(name), at=at, line_error=prediction["misfit"] / 100)
    ratios = plan.measured.deviations.lines / [refined[name]["std"] for name in plan.names]
    assert ((ratios > 0.5) & (ratios < 1.2)).all(), ratios


def test_the_published_bound_of_the_steel_cylinder_is_found():
    """Liu et al.'s cylinder, all modes below 1.3 MHz to 0.1 %, each counted: 0.14 % of C11 and 0.03 % of C44.

    Where partners of a multiplet count once, as here, less is known: by at most the root of two.
    """
    plan = make_plan(sample("steel"), at="C11=270,C44=80", line_error=1e-3)
    shares = 100 * plan.measured.deviations.lines / plan.values
    assert (plan.measured.lines, plan.measured.modes) == (43, 75)
    assert (shares >= [0.135, 0.025]).all()
    assert (shares < np.sqrt(2) * np.array([0.145, 0.035])).all()


def test_a_larger_error_of_the_lines_makes_all_deviations_larger_by_as_much():
    one, three = (make_plan(sample(), line_error=error).measured.deviations.lines for error in (1e-3, 3e-3))
    np.testing.assert_allclose(three, 3 * one)


@pytest.mark.parametrize(("facts", "power"), [({"density": "7800 kg/m^3"}, 2), ({"density": None, "mass": "0.5 g"}, 1)])
def test_the_size_of_a_sphere_counts_as_the_square_for_its_density_and_once_for_its_mass(facts, power):
    """f ∝ √(C/ρ)/d: with the density known C grows as d², with the mass known, which is as ρ d³, as 1/d."""
    ball = sample("steel", shape={"kind": "sphere", "diameter": "5 mm"}, order=8, **({"mass": None} | facts))
    found = make_plan(ball, length_errors=0.01, mass_error=0.0).measured.deviations
    expected = (power * 0.01) * make_plan(ball).values
    np.testing.assert_allclose(np.sqrt(found.ignored**2 - found.lines**2), expected, rtol=1e-4)


def test_the_error_of_the_mass_is_that_of_every_modulus():
    plan = make_plan(sample("srtio3", order=8), length_errors=0.0, mass_error=0.01)
    found = plan.measured.deviations
    np.testing.assert_allclose(np.sqrt(found.ignored**2 - found.lines**2), 0.01 * plan.values, rtol=1e-6)


def test_more_lines_never_tell_less():
    plan = make_plan(sample())
    for name in ("lines", "fitted"):
        found = np.array([getattr(case.deviations, name) for case in plan.by_number])
        assert (np.diff(found, axis=0) <= 1e-12).all()
    assert [case.lines for case in plan.by_number].count(plan.measured.lines) == 1


def test_torsion_alone_does_not_determine_c11():
    """The lowest modes of a long cylinder are flexural and torsional; of torsion, C44 alone is known (f = n c_t/2h)."""
    rod = {"kind": "cylinder", "diameter": "4 mm", "height": "6 mm"}
    plan = make_plan(sample("steel", shape=rod, density="7800 kg/m^3", mass=None, order=10), count=1)
    assert plan.spectrum.labels[0].startswith("torsional")
    assert np.isnan(plan.measured.deviations.fitted).tolist() == [True, False]
    # d ln f/d ln C44 = 1/2
    np.testing.assert_allclose(plan.measured.deviations.lines[1] / plan.values[1], 2 * plan.errors.line, rtol=1e-9)
    assert plan.notes[0].startswith("C11 is not determined")


def test_boxes_that_a_material_does_not_tell_apart_come_once():
    isotropic = make_plan(sample(order=8), shapes=True).shapes
    assert len(isotropic) == 8 + 1
    hexagonal = make_plan(sample("mn3ge", order=6), shapes=True).shapes
    # x and y may be exchanged: of three different lengths three boxes are left, of two equal ones two
    assert len(hexagonal) == 1 + 3 * 3 + 4 * 2 + 1


def test_the_specimen_among_the_boxes_is_one_of_them_where_it_has_its_shape():
    found = make_plan(box(4, 6, 8, order=8), shapes=True).shapes
    by_label = {case.label: case for case in found}
    twin = next(case for label, case in by_label.items() if label.startswith("1:1.5:2,"))
    np.testing.assert_allclose(by_label["the specimen"].deviations.fitted, twin.deviations.fitted, rtol=1e-6)


def test_a_turn_that_a_crystal_does_not_notice_is_no_other_orientation():
    """A hexagonal crystal is the same after any turn about its axis."""
    labels = [case.label for case in make_plan(sample("mn3ge", order=6), orientations=True).orientations]
    assert sorted(labels) == ["45° about x", "along the axes", "general (Bunge 20°, 35°, 50°)"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"at": "C11=50,C44=44"}, "No solid has C11 = 50, C44 = 44: C11 must exceed 4/3 C44"),
        ({"count": 400}, "holds 38 lines, not 400"),
        ({"orientations": True}, "An isotropic solid has no orientation to compare"),
    ],
)
def test_what_cannot_be_planned_is_refused(arguments, says):
    with pytest.raises(InputError, match=says):
        make_plan(sample(), **arguments)


def test_an_unknown_orientation_is_a_quantity_like_the_others():
    plan = make_plan(sample("cmsx4", order=6), at="C11=247.2,A=2.866,C44=131.47,rx=3,ry=3,rz=-17", line_error=1.1e-3)
    assert plan.names[3:] == ("rx", "ry", "rz")
    assert np.isfinite(plan.measured.deviations.fitted).all()
    with pytest.raises(InputError, match="is unknown and among its quantities"):
        make_plan(sample("cmsx4", order=6), orientations=True)


def test_all_words_of_the_figure_are_within_it():
    plan = make_plan(sample("mn3ge", order=6), at="C13=0", orientations=True)
    turned = make_plan(sample("cmsx4", order=6), at="rx=3,ry=3,rz=-17")
    for figure in (plan_figure(plan), plan_figure(turned)):
        figure.draw_without_rendering()
        for axes in figure.axes:
            labels = (axes.xaxis.label, axes.yaxis.label, *axes.get_legend().get_texts(), *axes.get_yticklabels())
            for text in filter(Text.get_text, labels):
                box = text.get_window_extent()
                assert box.x0 > -1, text.get_text()
                assert box.x1 < figure.bbox.width + 1, text.get_text()
                assert text.get_fontsize() >= 6


def test_a_crystal_of_unknown_orientation_is_planned_turned():
    """Along the axes no small turn moves a line, and nothing of the angles would be determined."""
    plan = make_plan(sample("cmsx4", order=6))
    assert np.linalg.norm(plan.values[3:]) > 10
    assert np.isfinite(plan.measured.deviations.fitted).all()
