"""A specimen at many temperatures in one command, from lists, a table and pictures of what came out."""

import csv
import io
import json

import numpy as np
import pytest

from spectra.plugins.rus.forward import RusForwardModel
from spectra.plugins.rus.sample import RusSample

SAMPLE = """\
name: block
technique: rus
shape: {kind: box, x: 11.92 mm, y: 10.93 mm, z: 9.86 mm}
density: 2788 kg/m^3
symmetry: isotropic
search:
  C11: {from: 90 GPa, to: 130 GPa, step: 4 GPa}
  C44: {from: 22 GPa, to: 32 GPa, step: 1 GPa}
window: {from: 0.1 MHz, to: 0.3 MHz}
"""
TEMPERATURES = (100, 150, 200, 250, 300)


def moduli(temperature):
    return np.array([110 - 0.02 * (temperature - 300), 26.6 - 0.008 * (temperature - 300)])


@pytest.fixture(scope="module")
def block(tmp_path_factory):
    """Lists of a block whose modes are all off by misfits of their own, at five temperatures."""
    import yaml

    folder = tmp_path_factory.mktemp("series")
    (folder / "block.yaml").write_text(SAMPLE)
    forward = RusForwardModel(RusSample.model_validate(yaml.safe_load(SAMPLE)))
    rng, misfits = np.random.default_rng(4), {}
    for temperature in TEMPERATURES:
        values = moduli(temperature)
        computed, _ = forward.linearize(values)
        lines = []
        for name, f in zip(forward.names_at(values), computed.positions[0], strict=True):
            misfit = misfits.setdefault(name, 1e-3 * rng.standard_normal())
            lines.append(f * np.exp(misfit + 1e-5 * rng.standard_normal()))
        kept = sorted(line for line in lines if line < 0.299)
        (folder / f"block-{temperature}K.txt").write_text("".join(f"{line:.8f}\n" for line in kept))
    return folder


def test_moduli_by_temperature_and_their_changes(spectra, block, tmp_path):
    files = sorted(block.glob("block-*.txt"))
    figure = tmp_path / "series.png"
    arguments = ("series", *files, "--sample", block / "block.yaml", "--at", "temperature=block-{K}.txt")
    done = spectra(*arguments, "--recipe", "quick", "--figure", figure, "--json")
    assert done.returncode == 0, done.stderr
    assert figure.stat().st_size > 20_000
    found = json.loads(done.stdout)["series"]
    assert [point["temperature"] for point in found["points"]] == [*map(float, TEMPERATURES)]
    assert found["reference"] == "block-300K.txt"
    assert [point["followed"] for point in found["points"]] == [True] * 4 + [False]
    for point in found["points"]:
        truth = moduli(point["temperature"]) / moduli(300) - 1
        for quantity, change in zip(point["quantities"], truth, strict=True):
            assert abs(quantity["relative"] - change) <= 4 * quantity["relative_std"] + 1e-12
            if point["file_name"] != found["reference"]:
                assert quantity["relative_std"] < quantity["std"] / quantity["value"] / 5
    assert len(found["lines"]) > 10

    # once more: everything is on record
    again = spectra(*arguments, "--recipe", "quick", "--no-figure", "--csv", "--smooth")
    assert again.returncode == 0, again.stderr
    rows = list(csv.DictReader(io.StringIO(again.stdout)))
    assert [row["prediction"] for row in rows] == [point["prediction_id"] for point in found["points"]]
    assert float(rows[0]["C11.relative"]) == pytest.approx(found["points"][0]["quantities"][0]["relative"])
    assert float(rows[0]["C44.difference.smooth (GPa)"]) == pytest.approx(1.6, abs=0.05)

    # the list for a person, by what the series put on record
    listed = spectra("predictions", "list", "temperature>180 K", "--sort", "temperature", "--csv")
    assert [float(row["temperature (K)"]) for row in csv.DictReader(io.StringIO(listed.stdout))] == [200, 250, 300]
    plotted = spectra("plot", "temperature<280 K", "--x", "temperature", "--y", "C11,C44", "--json")
    courses = json.loads(plotted.stdout)["plot"]["courses"]
    assert [course["y"] for course in courses] == ["C11 (GPa)", "C44 (GPa)"]
    assert [point["x"] for point in courses[0]["points"]] == [100, 150, 200, 250]
    assert courses[0]["points"][0]["value"] == found["points"][0]["quantities"][0]["value"]
    drawn = spectra("plot", "--x", "temperature", "--y", "C44")
    assert drawn.returncode == 0, drawn.stderr
    assert (tmp_path / "work" / "C44-over-temperature.png").stat().st_size > 5_000

    table = spectra(*arguments, "--recipe", "quick", "--no-figure")
    assert "Change from 300 K (block-300K.txt)" in table.stdout
    assert "0 analyzed, 5 on record already, 0 failed" in table.stdout
    assert max(len(line) for line in table.stdout.splitlines() if "±" in line) <= 80


def test_what_is_wrong_with_a_series_is_said_before_anything_is_computed(spectra, block, home):
    files = sorted(block.glob("block-*.txt"))
    sample = ("--sample", block / "block.yaml")
    done = spectra("series", *files, *sample, "--at", "temperature=run-{K}.txt")
    assert done.returncode == 3
    assert "5 of 5 files do not follow the pattern 'run-{K}.txt'" in done.stderr
    done = spectra("series", *files, *sample, "--at", "temperature")
    assert done.returncode == 3
    assert "5 of 5 files do not say their temperature" in done.stderr
    done = spectra("series", files[0], *sample, "--at", "temperature=block-{K}.txt")
    assert done.returncode == 3
    assert "1 file is no series" in done.stderr
    done = spectra("series", *files, *sample, "--at", "temperature=block-{K}.txt", "--json", "--csv")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    done = spectra("plot", "--x", "temperature")
    assert done.returncode == 2
    assert "What is to be plotted?" in done.stderr
    done = spectra("plot", "--y", "C11")
    assert done.returncode == 2
    assert "'C11' is no key of predictions" in done.stderr
    assert not list(home.glob("**/*.npz"))
