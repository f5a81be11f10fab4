"""The README's case, whole: from 66 measured peaks of a steel cylinder to its moduli, with nothing on record."""

import json
from pathlib import Path

import numpy as np
import pytest

STEEL = Path(__file__).parents[2] / "examples" / "rus" / "steel"


def moduli(done, method):
    assert done.returncode == 0, done.stderr
    prediction = json.loads(done.stdout)["prediction"]
    return {q["name"]: (q["value"], q["std"]) for q in prediction["quantities"] if q["method"] == method}


def check(done):
    """271 ± 4 and 79.3 ± 0.6 GPa; a person fitted 270.0 and 80.0 (Liu et al. 2023)."""
    refined, network = moduli(done, "refined"), moduli(done, "learned")
    assert refined["C11"][0] == pytest.approx(271, abs=4)
    assert refined["C44"][0] == pytest.approx(79.3, abs=0.6)
    assert 0.1 < refined["C11"][1] < 2
    assert 0.01 < refined["C44"][1] < 0.2
    for name, (value, std) in network.items():
        assert value == pytest.approx(refined[name][0], rel=0.1)
        assert std > 0


def test_the_steel_cylinder_is_solved_without_start_values(spectra, tmp_path):
    arguments = ("analyze", STEEL / "peaks.dat", "--technique", "rus", "--sample", STEEL / "sample.yaml", "--json")

    first = spectra(*arguments, "--posterior", "sample.csv")
    check(first)
    second = spectra(*arguments, "--no-refine", "--no-figure")

    assert "No model of 'steel-pin' is on record" in first.stderr
    assert "Simulating" not in second.stderr
    assert moduli(first, "learned") == moduli(second, "learned")
    table = (tmp_path / "work" / "sample.csv").read_text().splitlines()
    assert table[0] == "C11 (GPa),C44 (GPa)"
    draws = np.array([[float(cell) for cell in row.split(",")] for row in table[1:]])
    for column, (value, std) in zip(draws.T, moduli(first, "refined").values(), strict=True):
        assert column.mean() == pytest.approx(value)
        assert column.std() == pytest.approx(std, rel=0.01)
    prediction = json.loads(first.stdout)["prediction"]
    assert {q["name"] for q in prediction["quantities"] if q["method"] == "derived"} >= {
        "C12",
        "bulk modulus",
        "shear modulus",
        "Young's modulus",
        "Poisson's ratio",
        "longitudinal velocity",
        "Debye temperature",
    }
    columns = prediction["report"]["tables"]["modes"]["columns"]
    assert set(columns) == {
        "measured",
        "computed",
        "difference",
        "probability",
        "dlnf/dlnC11",
        "dlnf/dlnC44",
        "mode",
        "status",
    }
    assert columns["status"].count("matched") >= 60
    assert prediction["verdict"] == "trusted"
    assert prediction["figure"] == f"peaks-rus-{prediction['id']}.png"
    assert (tmp_path / "work" / prediction["figure"]).stat().st_size > 20_000

    shown = spectra("show", prediction["id"], "--posterior", "again.csv", "--figure", "again.svg")
    assert shown.returncode == 0, shown.stderr
    again = (tmp_path / "work" / "again.csv").read_text().splitlines()
    assert again[0] == table[0]
    assert set(again) <= set(table)
    assert len(again) == min(len(table), 10_001)
    assert (tmp_path / "work" / "again.svg").stat().st_size > 20_000


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 6))
def test_whatever_the_seed(spectra, seed):
    check(spectra("analyze", STEEL / "peaks.dat", "-s", STEEL / "sample.yaml", "--seed", str(seed), "--json"))
