"""``spectra design`` of spheres, whose lowest line is known, and of what cannot be designed."""

import json

import numpy as np
import pytest

from spectra.cli.commands.designs.arguments import parse_targets
from spectra.core.basics.files import unpack_arrays
from spectra.core.errors import UsageError

BALL = """
name: ball
technique: rus
shape: {kind: sphere, diameter: 5 mm}
density: 8000 kg/m^3
symmetry: isotropic
search:
  C11: {from: 200 GPa, to: 300 GPa, step: 10 GPa}
  C44: {from: 60 GPa, to: 100 GPa, step: 5 GPa}
window: {from: 0.1 MHz, to: 0.9 MHz}
order: 6
"""


@pytest.fixture
def ball(tmp_path):
    path = tmp_path / "ball.yaml"
    path.write_text(BALL)
    return path


def test_a_specimen_is_designed_reported_drawn_and_kept(spectra, ball, tmp_path):
    output, figure = tmp_path / "d.npz", tmp_path / "d.png"
    arguments = ("design", "--sample", ball, "--target", "peak 1=500 kHz", "--at", "C11=270", "--vary", "C44")
    done = spectra(*arguments, "--output", output, "--figure", figure, "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)["design"]
    # ω r / c_t = 2.50113 for the lowest mode of a sphere (Lamb 1882)
    shear = 8000 * (np.pi * 0.5e6 * 5e-3 / 2.50113) ** 2 / 1e9
    for design in document["designs"]:
        assert design["values"]["C44"] == pytest.approx(shear, rel=5e-3)
        assert design["verdict"] == "trusted"
    assert len(document["designs"]) == 3
    assert figure.stat().st_size > 5000
    about = json.loads(str(unpack_arrays(output.read_bytes(), what="designs", limit=10**8)["about"]))
    assert about["designs"] == document["designs"]
    assert about["command"].startswith("spectra design --sample")


def test_a_doubtful_design_is_said_and_ends_with_the_exit_code_for_it(spectra, ball):
    arguments = ("--vary", "C44", "--at", "C11=270", "--evaluations", "10", "--starts", "1")
    done = spectra("design", "--sample", ball, "--target", "peak 1=800 kHz", *arguments)
    assert done.returncode == 6
    assert "0.8 MHz, start 1, doubtful: The target was not reached within the ranges" in done.stdout
    assert "Peak 1 is counted from 0.1 MHz" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("--target", "4.2", "--vary", "C44"), 2, "--vary and --at are for specimens"),
        (("--target", "peak 1=4 MHz", "--controls", "c.png"), 2, "--controls is for structures"),
        (("--target", "peak 1=4 MHz", "--search", "annealing"), 4, "There is no optimizer 'annealing'"),
        (("--target", "peak 1=4 MHz", "--set", "search.size=3"), 3, "unknown key 'size'"),
        (("--target", "3..6"), 2, "A series of targets needs --step"),
        (("--target", "peak 1=4 MHz", "--figure", "f.doc"), 2, "The file format of f.doc is unknown"),
        (
            ("--target", "C11=270"),
            3,
            "The generator 'pca' makes image or places, and the technique 'rus' works on peaks",
        ),
        (("--target", "270"), 3, "The target names no quantity; it predicts C11, C44"),
    ],
)
def test_what_cannot_be_designed_is_refused_before_anything_is_trained(spectra, ball, arguments, code, sentence):
    done = spectra("design", "--sample", ball, *arguments)
    assert done.returncode == code
    assert sentence in done.stderr
    assert "raining" not in done.stderr


def test_the_commands_of_a_technique_have_it_too(spectra):
    done = spectra("indenter", "design", "--help")
    assert done.returncode == 0, done.stderr
    assert "Find structures with a target value of a predicted quantity" in done.stdout
    done = spectra("indenter", "design", "--sample", "none.yaml", "--target", "3..6")
    assert (done.returncode, "needs --step" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("text", "step", "name", "values", "unit"),
    [
        ("4.2", None, None, (4.2,), ""),
        ("3..6", 0.5, None, (3, 3.5, 4, 4.5, 5, 5.5, 6), ""),
        ("3..6", 0.7, None, (3, 3.7, 4.4, 5.1, 5.8), ""),
        ("hardness=0.1..0.3 GPa", 0.1, "hardness", (0.1, 0.2, 0.3), "GPa"),
        ("-2.5", None, None, (-2.5,), ""),
        ("peak 1 = 200 kHz", None, "peak 1", (200,), "kHz"),
    ],
)
def test_targets_are_read(text, step, name, values, unit):
    targets = parse_targets(text, step)
    assert (targets.name, targets.values, targets.unit) == (name, values, unit)
    assert targets.peak == (1 if name == "peak 1" else None)


@pytest.mark.parametrize(
    ("text", "step", "sentence"),
    [
        ("hard", None, "Invalid target 'hard'"),
        ("3..", 1.0, "Invalid target"),
        ("6..3", 1.0, "Steps of 1 do not lead from 6 to 3"),
        ("3..6", -1.0, "Steps of -1"),
        ("3..6", 1e-6, "at most 200 targets"),
        ("3 GPa..6 MPa", 1.0, "different units"),
    ],
)
def test_targets_that_cannot_be_understood_are_refused(text, step, sentence):
    with pytest.raises(UsageError, match=sentence):
        parse_targets(text, step)
