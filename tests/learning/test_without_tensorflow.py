"""An installation without the extra 'train': everything but the training of networks on profiles and pictures."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import spectra as package
from spectra.core.manager import load_plugins
from spectra.core.workflows.environment import environment

ROOT = Path(package.__file__).parents[1]
GOLDEN = ROOT / "tests" / "registry" / "golden"
EXAMPLES = ROOT / "examples"


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """Run the command line where all packages of this installation are there but TensorFlow and Keras."""
    packages = tmp_path_factory.mktemp("packages")
    for entry in Path(np.__file__).parents[1].iterdir():
        if not entry.name.startswith(("tensorflow", "keras", "spectra")):
            (packages / entry.name).symlink_to(entry)

    def run(*arguments, home):
        return subprocess.run(
            [sys.executable, "-S", "-c", "from spectra.cli.main import main; main()", *map(str, arguments)],
            env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{packages}", "SPECTRA_HOME": str(home)},
            cwd=home,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return run


def test_a_network_that_keras_trained_answers_as_it_did(bare, tmp_path):
    shutil.copy(GOLDEN / "schema-0002.sqlite", tmp_path)
    shutil.copytree(GOLDEN / "schema-0002.sqlite.files", tmp_path / "schema-0002.sqlite.files")
    registry = ("--db", tmp_path / "schema-0002.sqlite", "--json")
    assert bare("db", "upgrade", *registry[:2], home=tmp_path).returncode == 0
    found = bare("predictions", "list", "tag=xrd hybrid", *registry, home=tmp_path)
    (prediction,) = json.loads(found.stdout)["predictions"]
    done = bare("reproduce", prediction["id"], *registry, home=tmp_path)
    assert done.returncode == 0, done.stderr
    repeated = json.loads(done.stdout)["reproduction"]
    assert repeated["same"]
    assert not {"tensorflow", "keras"} & {difference["key"] for difference in repeated["changed"]}


def test_the_doctor_finds_nothing_amiss_and_says_how_to_install_it(bare, tmp_path):
    found = json.loads(bare("doctor", "--json", home=tmp_path).stdout)["doctor"]
    assert (found["optional"]["tensorflow"], found["amiss"]) == (None, [])
    said = " ".join(bare("doctor", home=tmp_path).stdout.split())
    assert "missing: pip install 'spectra-platform[train]'" in said


def test_models_alone_hold_the_versions_of_what_trained_them():
    catalogue = load_plugins(("spectra.plugins.learning.plugin",)).catalogue
    hybrid = [("regressor", "hybrid")]
    assert {"tensorflow", "keras"} <= environment(catalogue, hybrid, trained=True).keys()
    assert not {"tensorflow", "keras"} & environment(catalogue, hybrid).keys()
    assert not {"tensorflow", "keras"} & environment(catalogue, [("regressor", "dense")], trained=True).keys()


def test_the_dense_network_is_trained(bare, tmp_path):
    chosen = ("--regressor", "dense", "--set", "regressor.epochs=2", "--set", "regressor.hidden=[16]")
    done = bare("train", "-s", GOLDEN / "measured" / "gold-xrd.yaml", *chosen, "--json", home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert not {"tensorflow", "keras"} & json.loads(done.stdout)["model"]["environment"].keys()


HYBRID = (GOLDEN / "measured" / "specimen.xy", "-s", GOLDEN / "measured" / "gold-xrd.yaml", "--regressor", "hybrid")
MAP = (EXAMPLES / "indenter" / "other-part.csv", "-s", EXAMPLES / "indenter" / "titanium.yaml")


@pytest.mark.parametrize(
    ("arguments", "component", "others"),
    [
        ((*HYBRID, "--set", "reader.wavelength=1.54"), "hybrid", "default, quick"),
        (MAP, "map-network", "quick, mean, law, ridge"),
    ],
)
def test_an_analysis_that_would_train_one_says_what_to_install(bare, tmp_path, arguments, component, others):
    done = bare("analyze", *arguments, home=tmp_path)
    assert done.returncode == 4
    said = " ".join(done.stderr.split())
    assert f"{component!r} is trained with tensorflow, which is not installed." in said
    assert "Install it with: pip install 'spectra-platform[train]'." in said
    assert f"These recipes do without: {others}" in said
    assert "Simulating" not in said
