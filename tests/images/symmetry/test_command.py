"""``spectra symmetry FILE``: answers, figures and refusals."""

import json
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from spectra.core.errors import InputError, SpectraError, UsageError
from spectra.plugins.images.symmetry.commands import add_command
from spectra.plugins.images.symmetry.generator.groups import PLANE_GROUPS, SYMBOLS
from spectra.plugins.images.symmetry.generator.patterns import pattern


@pytest.fixture(name="run")
def fixture_run():
    import typer

    app = typer.Typer()
    add_command(app)
    app.command("other")(lambda: None)  # so that 'symmetry' is a command by name

    def run(*arguments):
        result = CliRunner().invoke(app, ["symmetry", *map(str, arguments)])
        if isinstance(result.exception, SpectraError):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.output

    return run


def saved(path, values):
    scaled = (values - values.min()) / np.ptp(values)
    Image.fromarray((255 * scaled).astype(np.uint8)).save(path)
    return path


@pytest.fixture(name="p4gm")
def fixture_p4gm(tmp_path):
    group = PLANE_GROUPS[SYMBOLS.index("p4gm")]
    return saved(tmp_path / "p4gm.png", pattern(group, np.random.default_rng(0), side=128)[0])


def test_a_person_reads_group_probability_and_lattice(run, p4gm):
    output = run(p4gm)
    assert output.startswith("p4gm.png: p4gm, probability ")
    assert "Lattice: a = " in output
    assert "90.0°" in output


def test_a_program_reads_the_same_as_json(run, p4gm):
    document = json.loads(run(p4gm, "--json", "--tile", 64))
    found = document["symmetry"]
    assert document["schema"] == 1
    assert found["group"] == "p4gm"
    assert len(found["candidates"]) == 3
    assert found["candidates"][0]["probability"] == found["probability"] > 0.8
    assert found["lattice"]["a_length"] == pytest.approx(found["lattice"]["b_length"], rel=0.01)
    assert found["tiles"]["shares"] == [{"group": "p4gm", "share": 1.0}]


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_the_figure_is_written(run, p4gm, tmp_path, ending):
    figure = tmp_path / f"figure.{ending}"
    run(p4gm, "--figure", figure, "--tile", 96)
    assert figure.stat().st_size > 10_000


def test_noise_is_said_to_be_none_and_drawn_as_such(run, tmp_path):
    file = saved(tmp_path / "noise.png", np.random.default_rng(0).normal(size=(128, 128)))
    assert "not periodic" in run(file, "--figure", tmp_path / "noise.pdf")
    found = json.loads(run(file, "--json"))["symmetry"]
    assert (found["reason"], found["group"], found["lattice"], found["candidates"]) == ("not periodic", None, None, [])


@pytest.mark.parametrize("noise", [0.0, 0.3])
def test_stripes_repeat_in_one_direction_only(run, tmp_path, noise):
    columns, rows = np.meshgrid(np.arange(128), np.arange(128))
    stripes = np.cos(2 * np.pi * (columns + 0.3 * rows) / 9.1) + noise * np.random.default_rng(0).normal(
        size=(128, 128)
    )
    output = run(saved(tmp_path / "stripes.png", stripes))
    assert "no plane group" in output
    assert noise or "periodic in one direction only" in output


def test_an_information_strip_is_left_out_and_said_to_be(run, tmp_path):
    shown = pattern(PLANE_GROUPS[SYMBOLS.index("p6mm")], np.random.default_rng(1), side=256)[0]
    strip = np.full((30, 256), shown.min())
    strip[10:20, 20:90] = shown.max() * (np.random.default_rng(2).random((10, 70)) < 0.5)
    output = run(saved(tmp_path / "strip.png", np.vstack([shown, strip])))
    assert "p6mm" in output
    assert "information strip" in output


def test_a_region_is_looked_at_alone(run, tmp_path):
    rng = np.random.default_rng(5)
    left, right = (pattern(PLANE_GROUPS[SYMBOLS.index(s)], rng, side=96)[0] for s in ("p2", "p6"))
    file = saved(tmp_path / "two.png", np.hstack([left, right]))
    assert ": p6, " in run(file, "--region", "96,0,96,96")


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        (["--region", "1,2"], UsageError, "cannot be read"),
        (["--region", "100,100,200,200"], InputError, "leaves the picture"),
        (["--tile", "5"], InputError, "too small"),
        (["--tile", "500"], InputError, "does not fit"),
        (["--figure", "figure.txt"], UsageError, "file format of figure.txt is unknown"),
        (["--figure", "nowhere/figure.png"], UsageError, "There is no folder"),
    ],
)
def test_options_that_cannot_be_are_refused_in_words(run, p4gm, options, error, said):
    with pytest.raises(error, match=said):
        run(p4gm, *options)


@pytest.mark.parametrize("content", [b"", b"no picture at all", b"\x89PNG\r\n\x1a\n" + b"\0" * 50])
def test_what_is_no_picture_is_refused_in_words(run, tmp_path, content):
    file = tmp_path / "broken.png"
    file.write_bytes(content)
    with pytest.raises(InputError, match=r"broken\.png"):
        run(file)


def test_a_tiny_picture_is_refused_in_words(run, tmp_path):
    with pytest.raises(InputError, match="needs at least 24"):
        run(saved(tmp_path / "tiny.png", np.arange(64.0).reshape(8, 8)))


def test_the_command_is_there_and_needs_no_tensorflow(p4gm):
    """In a process of its own, as users call it."""
    code = (
        "import sys; from spectra.cli.main import main; sys.argv = ['spectra', 'symmetry', sys.argv[1]]\n"
        "try: main()\nexcept SystemExit as stop: assert not stop.code, stop.code\n"
        "assert 'tensorflow' not in sys.modules and 'sqlalchemy' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code, str(p4gm)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "p4gm" in done.stdout
