"""Training sets by themselves, and a technique whose quantities are outcomes, through every command."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from toy_technique.parts import Line, ToySample

import spectra as package
from spectra.core.formats.data_set_file import DataSetFile

STUDY = """
title: A study of random spectra
sample: sample.yaml
seeds: [0]
variants: [{name: plain}]
conditions: [{name: clean}]
test: {points: 5, seed: 1}
"""
SLOW = ("--set", "forward-model.seconds=0.02")


@pytest.fixture
def sample(tmp_path):
    path = tmp_path / "sample.yaml"
    path.write_text("name: slab\ntechnique: toy-grown\nthickness: 2 mm\n")
    return path


@pytest.fixture
def measured(tmp_path):
    line = Line(ToySample(name="slab", technique="toy-grown", thickness="2 mm"), None)
    profile = line.simulate(np.array([[0.12, 0.17]]))
    path = tmp_path / "line.txt"
    np.savetxt(path, np.column_stack([profile.x, profile.y[0] + np.random.default_rng(0).normal(0, 0.01, 81)]))
    return path


@pytest.fixture
def started(home, tmp_path):
    """Start the command line and return at once."""

    def start(*arguments):
        roots = [Path(package.__file__).parents[1], Path(__file__).parents[1] / "toy"]
        return subprocess.Popen(
            [sys.executable, "-c", "from spectra.cli.main import main; main()", *map(str, arguments)],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, roots))},
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # as a terminal does, for the signals that go to all processes of a command
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # tests in the background ignore it
        )

    return start


def answer(done):
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def refused(done, code, sentence):
    assert done.returncode == code, done.stderr
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def wait_for_parts(home, count):
    end = time.monotonic() + 60
    while len(list((home / "work").glob("*/part-*.npz"))) < count:
        assert time.monotonic() < end, "no part was saved"
        time.sleep(0.02)


def test_what_a_training_set_holds_is_told_and_written(spectra, sample, tmp_path):
    made = answer(spectra("generate", "-s", sample, "--output", tmp_path / "set.npz", "--jobs", "2", "--json"))[
        "data_set"
    ]
    assert (made["points_made"], made["points"], made["not_used"]) == (300, 270, 30)
    assert made["signals"] == [{"name": "", "kind": "profile", "shape": [270, 81]}]
    file = DataSetFile.from_bytes((tmp_path / "set.npz").read_bytes())
    assert file.points is not None
    assert list(file.points[:10, 0]) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 10]
    assert [entry["reached"][0] for entry in made["reached"]] == file.values.min(axis=0).tolist()
    assert file.recipe["sample"] == {"name": "slab", "technique": "toy-grown", "notes": "", "thickness": "2 mm"}
    assert file.recipe["digest"] == made["digest"]
    assert file.notes == ("30 of 300 specimens are not used: they failed or lie outside the ranges.",)

    alone = spectra("generate", "-s", sample, SPECTRA_JOBS="1")
    assert made["id"] in alone.stdout
    assert "300: 270 used, 30 not used" in alone.stdout
    assert "profile, 270 × 81" in alone.stdout
    assert "Making" not in alone.stderr


def test_computed_training_sets_are_written_the_same_way(spectra, sample, tmp_path):
    sample.write_text("name: slab\ntechnique: toy-pair\nthickness: 2 mm\n")
    made = answer(spectra("generate", "-s", sample, "-o", tmp_path / "set.npz", "--json"))["data_set"]
    assert made["not_used"] == 0
    assert [(part["name"], part["shape"]) for part in made["signals"]] == [
        ("profile", [651, 81]),
        ("image", [651, 9, 9, 1]),
    ]
    assert DataSetFile.from_bytes((tmp_path / "set.npz").read_bytes()).points is None
    assert answer(spectra("simulate", "-s", sample, "--json"))["data_set"]["id"] == made["id"]


def test_a_measurement_is_analyzed_and_reproduced_with_a_model_of_outcomes(spectra, sample, measured):
    prediction = answer(spectra("analyze", measured, "-s", sample, "--no-figure", "--json"))["prediction"]
    found = {q["name"]: q["value"] for q in prediction["quantities"]}
    assert found == pytest.approx({"position": 0.12, "width": 0.17}, abs=0.01)
    model = answer(spectra("train", "-s", sample, "--json"))["model"]
    assert model["id"] == prediction["model_id"]
    assert sum(model["metrics"]["points"].values()) == 270
    assert spectra("reproduce", prediction["id"]).returncode == 0
    again = spectra("reanalyze", "slab", "--again", "--json")
    assert again.returncode == 0, again.stderr


def test_what_needs_given_quantities_says_that_they_are_outcomes(spectra, sample, measured, home, tmp_path):
    sentence = "The quantities of 'toy-grown' are outcomes of the simulation; it cannot be asked for given ones."
    refused(spectra("simulate", "-s", sample, "--at", "position=0.1,width=0.2"), 3, sentence)
    refused(spectra("analyze", measured, "-s", sample, "--refiner", "toy-fit"), 3, "has no role 'refiner'")
    study = tmp_path / "study.yaml"
    study.write_text(STUDY)
    refused(spectra("evaluate", study), 3, sentence)
    other = tmp_path / "other.yaml"
    other.write_text("name: slab\ntechnique: toy\nthickness: 2 mm\n")
    refused(spectra("analyze", measured, "-s", other, "--forward-model", "toy-grown"), 3, sentence)
    assert not list((home / "work").glob("*"))  # nothing was made in vain


def test_what_cannot_be_made_or_written_is_told_in_a_sentence(spectra, sample, tmp_path):
    refused(spectra("generate", "-s", sample, "--jobs", "0"), 2, "--jobs")
    refused(spectra("generate", "-s", sample, SPECTRA_JOBS="many"), 2, "SPECTRA_JOBS")
    refused(spectra("generate", "-s", sample, "-o", tmp_path / "no" / "set.npz"), 2, "There is no folder")
    refused(spectra("generate", "-s", sample, "-o", tmp_path), 2, "is a folder")
    sample.write_text("name: slab\ntechnique: toy-grown\nthickness: 7 mm\n")
    refused(spectra("generate", "-s", sample, "--jobs", "2"), 3, "No slab of 7 mm can be grown.\nGrow a thinner one.")


@pytest.mark.skipif(os.name != "posix", reason="a matter of signals and groups of processes")
@pytest.mark.parametrize("end", [signal.SIGINT, getattr(signal, "SIGKILL", None)])
def test_an_interrupted_command_stops_quickly_and_goes_on_where_it_stopped(spectra, started, sample, home, end):
    whole = answer(spectra("generate", "-s", sample, "--jobs", "1", "--json"))["data_set"]
    process = started("generate", "-s", sample, "--jobs", "2", *SLOW)
    wait_for_parts(home, 2)
    os.killpg(process.pid, end)
    assert process.wait(timeout=20) == (130 if end == signal.SIGINT else -signal.SIGKILL)
    kept = {path: path.stat().st_mtime_ns for path in (home / "work").glob("*/part-*.npz")}
    assert 2 <= len(kept) < 15

    resumed = started("generate", "-s", sample, "--jobs", "2", *SLOW)
    wait_for_parts(home, len(kept) + 1)
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert resumed.wait(timeout=60) == 0
    slow = answer(spectra("generate", "-s", sample, *SLOW, "--json"))["data_set"]
    assert slow["id"] != whole["id"]
    assert slow["artefact"] == whole["artefact"]  # the same bytes
