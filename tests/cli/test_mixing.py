"""An encoder and a regressor of a package of their own work in techniques that have never heard of them."""

import json
import time
from pathlib import Path

import pytest

from spectra.core.errors import InputError
from spectra.core.inventory.catalogue import Catalogue
from spectra.core.manager import load_plugins
from spectra.core.session import Session
from spectra.core.workflows.analyze import analyze
from spectra.core.workflows.reading import read_measurement
from spectra.core.workflows.recipes import complete_recipe
from spectra.core.workflows.specimens import load_specimen
from spectra.plugins import BUILT_IN
from spectra.registry.registry import Registry

EXAMPLES = Path(__file__).parents[2] / "examples"
PACKAGE = EXAMPLES / "plugins" / "spectra-sklearn"
STEEL = EXAMPLES / "rus" / "steel" / "peaks.dat"
COARSE = EXAMPLES / "rus" / "studies" / "sample-steel-coarse.yaml"
MIXED = ("--encoder", "quantiles", "--regressor", "extra-trees", "--set", "regressor.trees=20")


@pytest.fixture
def installed(install):
    return install(PACKAGE)


def answer(done):
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_steel_pin_is_solved_with_both_and_without_the_package_its_record_names_it(spectra, installed):
    done = spectra("analyze", STEEL, "-s", COARSE, *MIXED, "--no-figure", "--json", paths=installed)
    prediction = answer(done)["prediction"]
    values = {q["name"]: q["value"] for q in prediction["quantities"] if q["method"] == "refined"}
    assert values["C11"] == pytest.approx(270.0, abs=4)  # what a person fitted (Liu et al. 2023)
    assert values["C44"] == pytest.approx(80.0, abs=1.3)

    again = spectra("reproduce", prediction["id"], "--json", paths=installed)
    assert answer(again)["reproduction"]["same"]
    model = answer(spectra("show", prediction["model_id"], "--json"))["model"]
    assert [model["recipe"][part]["name"] for part in ("encoder", "regressor")] == ["quantiles", "extra-trees"]
    for command in (
        ("reproduce", prediction["id"]),
        ("reanalyze", "steel-pin-coarse", "--model", prediction["model_id"], "--again"),
        ("train", "--like", prediction["model_id"], "--again"),
    ):
        absent = spectra(*command)
        assert absent.returncode == 4
        assert "There is no encoder 'quantiles'" in absent.stderr
        assert "pip install 'spectra-sklearn==0.1.0'" in absent.stderr


def test_a_study_compares_them_with_the_techniques_own(spectra, installed, tmp_path):
    study = tmp_path / "study.yaml"
    study.write_text(
        f"title: Trees and lines\nsample: {COARSE}\nseeds: [0]\n"
        "variants:\n"
        "  - {name: theirs, encoder: {name: quantiles}, regressor: {name: extra-trees, parameters: {trees: 20}}}\n"
        "  - {name: trees alone, encoder: {name: direct}, regressor: {name: extra-trees, parameters: {trees: 20}}}\n"
        "conditions:\n  - {name: intact}\n"
        "test: {points: 32}\n"
    )
    evaluation = answer(spectra("evaluate", study, "--json", paths=installed))["evaluation"]
    errors = {
        (s["variant"], s["quantity"]): s["mape_percent"] for s in evaluation["scores"] if s["method"] == "learned"
    }
    assert errors.keys() == {(variant, c) for variant in ("theirs", "trees alone") for c in ("C11", "C44")}
    for variant in ("theirs", "trees alone"):
        assert errors[variant, "C44"] < 30  # the middle of the range, 80 GPa, misses by 40 % on average


def test_they_serve_profiles_as_well_beside_a_third_package(spectra, installed, tmp_path):
    sample = tmp_path / "sample.yaml"
    sample.write_text("name: slab\ntechnique: toy\nthickness: 2 mm\n")
    model = answer(spectra("train", "-s", sample, *MIXED, "--json", paths=installed))["model"]
    assert model["metrics"]["test"]["position"]["rmse"] < 0.03  # searched from -0.3 to 0.3
    mixed = answer(spectra("train", "-s", sample, "--regressor", "extra-trees", "--json", paths=installed))["model"]
    assert mixed["environment"]["encoder toy-values"] == "toy-technique 1.0"
    assert mixed["environment"]["regressor extra-trees"] == "spectra-sklearn 0.1.0"


def test_what_does_not_fit_is_refused_within_a_second_and_before_anything_is_simulated(spectra, home, monkeypatch):
    done = spectra("analyze", STEEL, "-s", COARSE, "--encoder", "binned")
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "Error: The encoder 'binned' takes bundle or profile, and the forward model 'rayleigh-ritz' gives peaks.",
        "'spectra techniques show rus' lists the components that suit it.",
    ]

    catalogue = load_plugins(BUILT_IN, {}).catalogue
    specimen = load_specimen(catalogue, COARSE)
    recipe = complete_recipe(catalogue, specimen.recipe(), names={"encoder": "binned"})
    measured = read_measurement(catalogue, specimen, STEEL)
    monkeypatch.setattr(Catalogue, "simulation", lambda *arguments: pytest.fail("a forward model was made"))
    with Registry.open(home) as registry:
        began = time.perf_counter()
        with pytest.raises(InputError, match="takes bundle or profile"):
            analyze(Session(store=registry, catalogue=catalogue), specimen, measured, recipe)
        assert time.perf_counter() - began < 1


def test_a_technique_lists_the_encoders_and_distortions_of_its_kind_of_signal_alone(spectra, installed):
    def listed(technique):
        done = spectra("techniques", "show", technique, "--json", paths=installed)
        components = answer(done)["technique"]["components"]
        return {kind: {c["name"] for c in components if c["kind"] == kind} for kind in {c["kind"] for c in components}}

    of_peaks = {"fingerprint", "broadened", "direct", "derivative"}
    of_profiles = {"broadening", "zero-shift", "background", "counting-noise"}
    rus, xrd, both, toy = (listed(name) for name in ("rus", "xrd", "xrd+vdos", "toy"))
    assert rus["encoder"] == of_peaks | {"quantiles"}
    assert rus["distortion"] == {"shift", "missing"}
    assert xrd["encoder"] == {"binned", "quantiles", "slopes", "stretched", "toy-values"}
    assert xrd["distortion"] == of_profiles | {"toy-noise"}
    assert both["encoder"] == {"binned", "slopes", "stretched", "toy-values"}
    assert rus["refiner"] == {"posterior"}
    assert "refiner" not in both
    assert {"xrdml", "profile-text", "vdos-text"} <= both["reader"]  # of its parts
    assert "peak-list" not in xrd["reader"]
    of_toy = {"toy-line", "toy-grown"}
    assert toy["forward model"] == of_toy | {"molecular-dynamics", "recorded-structures", "powder-pattern"}
    assert rus["regressor"] == xrd["regressor"] >= {"dense", "extra-trees"}


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("encoder.count=0", "The parameters of 'quantiles' cannot be used: 'count' is 0"),
        ("regressor.tree=9", "unknown key 'tree'; the nearest is 'trees'"),
    ],
)
def test_their_parameters_are_checked_against_their_schema(spectra, installed, setting, said):
    done = spectra("train", "-s", COARSE, *MIXED[:4], "--set", setting, paths=installed)
    assert done.returncode == 3
    assert said in done.stderr
