"""``spectra indenter register`` on the command line: data, talk, files, exit codes."""

import json
from pathlib import Path

import numpy as np
import pytest

from spectra.core.formats.data_set_file import DataSetFile

TITANIUM = Path(__file__).parents[1] / "data" / "titanium" / "registered.npz"


@pytest.fixture
def files(tmp_path):
    """Map and indents of the titanium, as text."""
    with np.load(TITANIUM) as stored:
        columns = {name: stored[name].ravel() for name in stored}
    for file, names in (
        ("ebsd.csv", ("x_um", "y_um", "phi1_deg", "Phi_deg", "phi2_deg")),
        ("indents.csv", ("x_um", "y_um", "hardness_GPa")),
    ):
        table = np.stack([columns[name] for name in names], axis=1)
        np.savetxt(tmp_path / file, table, fmt="%.5g", delimiter=",", header=",".join(names), comments="")
    return tmp_path / "ebsd.csv", tmp_path / "indents.csv"


def test_data_goes_to_stdout_talk_to_stderr_and_files_are_written(spectra, files, tmp_path):
    output, figure = tmp_path / "ti.npz", tmp_path / "ti.png"
    done = spectra("indenter", "register", *files, "--search", "none", "-o", output, "--figure", figure, "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["schema"] == 1
    correlation = result["registration"]["correlation"]
    assert correlation["registered"] == correlation["as_given"] == pytest.approx(0.698, abs=0.005)
    assert {left["reason"].partition(" (")[0] for left in result["registration"]["left_out"]} >= {"no value", "outlier"}
    assert f"Written: {output}" in done.stderr
    assert figure.read_bytes().startswith(b"\x89PNG")
    assert len(DataSetFile.from_bytes(output.read_bytes()).values) == result["registration"]["indents"]["used"]


@pytest.mark.parametrize(
    ("options", "code", "sentence"),
    [
        (["--um-per-pixel", "1"], 2, "ebsd.csv says itself where its points lie."),
        (["--output", "no/such/ti.npz"], 2, "There is no folder no/such for ti.npz."),
        (["--quantity", "toughness"], 3, "indents.csv has no column 'toughness'; it has x, y, hardness."),
        (["--points", "control.csv"], 3, "There is no file of control points control.csv."),
    ],
)
def test_what_cannot_be_done_is_a_sentence_and_an_exit_code(spectra, files, options, code, sentence):
    done = spectra("indenter", "register", *files, *options)
    assert done.returncode == code
    assert done.stdout == ""
    assert f"Error: {sentence}" in done.stderr
