"""``spectra simulate --at … --figure``: pictures of one spectrum, from the technique or the platform."""

from pathlib import Path

import pytest
from PIL import Image

EXAMPLES = Path(__file__).parents[2] / "examples" / "rus"
TI64 = ("simulate", "-s", EXAMPLES / "ti64" / "sample.yaml")
AT = ("--at", "C11=168.8,C44=44.98")


def test_a_picture_is_saved_beside_the_table_at_the_width_of_a_column(spectra, tmp_path):
    done = spectra(*TI64, *AT, "--figure", tmp_path / "modes.png", "--rows", "1-2,5", "--width", "85")
    assert (done.returncode, done.stderr) == (0, f"Figure: {tmp_path / 'modes.png'}\n")
    assert "dlnf/dlnC11" in done.stdout
    with Image.open(tmp_path / "modes.png") as picture:
        assert picture.width == pytest.approx(85 / 25.4 * 300, abs=2)


def test_a_technique_without_pictures_of_its_own_has_its_lines_drawn(spectra, tmp_path):
    sample = tmp_path / "slab.yaml"
    sample.write_text("name: slab\ntechnique: toy\nthickness: 2 mm\n")
    done = spectra("simulate", "-s", sample, "--at", "position=0.1,width=0.2", "--figure", tmp_path / "lines.svg")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "lines.svg").read_text().startswith("<?xml")


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("--figure", "a.png"), 2, "--figure draws one spectrum. Say which with --at."),
        ((*AT, "--picture", "modes"), 2, "say how to draw a figure"),
        ((*AT, "--figure", "a.png", "--picture", "mode"), 2, "no picture 'mode' of this spectrum; the nearest is"),
        ((*AT, "--figure", "a.png", "--rows", "3-1"), 2, "Invalid rows '3-1'"),
        ((*AT, "--figure", "a.png", "--rows", "77"), 3, "has the modes 1 to 38, not 77"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(spectra, arguments, code, says):
    done = spectra(*TI64, *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert says in " ".join(done.stderr.split())
