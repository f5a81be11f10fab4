"""From a sweep to its resonances, and to moduli, in one command each."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "rus" / "sweep"


def test_the_resonances_of_a_sweep(spectra, home, tmp_path):
    table, figure = tmp_path / "lines.csv", tmp_path / "lines.png"
    done = spectra("peaks", EXAMPLE / "sweep.dat", "--csv", table, "--figure", figure, "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["peaks"]
    rows = list(csv.reader(table.read_text().splitlines()))
    assert rows[0][:3] == ["frequency (MHz)", "std (MHz)", "Q"]
    assert [float(row[0]) for row in rows[1:]] == pytest.approx([line["frequency"] for line in found["resonances"]])
    assert len(found["resonances"]) == 26
    assert all(line["significance"] > 5 for line in found["resonances"])
    assert figure.stat().st_size > 20_000
    assert not home.exists()


def test_a_sweep_of_noise_and_a_bad_setting_are_refused(spectra, tmp_path):
    rng = np.random.default_rng(0)
    noise = tmp_path / "noise.dat"
    columns = np.column_stack([np.linspace(0.2, 0.5, 3001), rng.standard_normal((3001, 2))])
    noise.write_text("".join(f"{f:.5f} {a:.4f} {b:.4f}\n" for f, a, b in columns))
    done = spectra("peaks", noise)
    assert done.returncode == 3
    assert "noise.dat: there is nothing but noise" in done.stderr
    assert spectra("peaks", noise, "--set", "unit=kHz").returncode == 2
    done = spectra("peaks", noise, "--set", "reader.unit=furlong")
    assert done.returncode == 3
    assert "'sweep' cannot be used" in done.stderr


def test_moduli_of_a_sweep_with_reader_and_processor_on_record(spectra, tmp_path):
    done = spectra(
        "analyze", EXAMPLE / "sweep.dat", "--sample", EXAMPLE / "sample.yaml", "--recipe", "quick", "--no-figure",
        "--json",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    prediction = json.loads(done.stdout)["prediction"]
    assert prediction["report"]["reader"]["name"] == "sweep"
    assert [choice["name"] for choice in prediction["report"]["processors"]] == ["resonances"]
    values = {q["name"]: q["value"] for q in prediction["quantities"] if q["method"] == "refined"}
    assert values["C11"] == pytest.approx(110, rel=2e-3)
    assert values["C44"] == pytest.approx(26.6, rel=2e-4)
