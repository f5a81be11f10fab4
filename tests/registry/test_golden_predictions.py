"""Predictions that an older version of spectra put on record are found, shown and reproduced, and their models used.

The registry is that of ``golden/make_0002.py``: every technique, encoder, regressor and reader of then, by commands
alone. What fails here would fail for every user with the records that they have.
"""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from spectra.cli.main import main

GOLDEN = Path(__file__).with_name("golden")
MEASURED = GOLDEN / "measured"

# The predictions by their tags, with sample, and with encoder, regressor and refiner as they are on record.
PREDICTIONS = {
    "rus": ("block", "fingerprint", "dense", "posterior"),
    "rus not refined": ("block", "fingerprint", "dense", None),
    "rus without network": ("block", "broadened", "nearest", "posterior"),
    "rus without network not refined": ("block", "broadened", "nearest", None),
    "rus direct": ("block", "direct", "dense", "posterior"),
    "rus direct not refined": ("block", "direct", "dense", None),
    "rus derivative": ("block", "derivative", "dense", "posterior"),
    "rus derivative not refined": ("block", "derivative", "dense", None),
    "rus crystal": ("crystal", "broadened", "nearest", "posterior"),
    "rus mesh": ("scanned block", "broadened", "nearest", "posterior"),
    "rus retired": ("block", "direct", "dense", "posterior"),
    "xrd": ("gold", "binned", "gaussian-process", None),
    "xrd ridge": ("gold", "binned", "ridge", None),
    "xrd reconstruction": ("gold", "binned", "reconstruction", None),
    "xrd regression": ("gold", "binned", "regression", None),
    "xrd hybrid": ("gold", "binned", "hybrid", None),
    "xrd of an xrdml file": ("gold", "binned", "gaussian-process", None),
    "vdos": ("gold", "binned", "gaussian-process", None),
    "vdos ridge": ("gold", "binned", "ridge", None),
    "xrd+vdos": ("gold", "binned", "gaussian-process", None),
    "xrd+vdos multimodal": ("gold", "binned", "multimodal", None),
    "xrd+vdos of one part": ("gold", "binned", "ridge", None),
}
Spectra = Callable[..., Any]


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the golden registry, as a user has it after an upgrade."""
    folder = tmp_path_factory.mktemp("golden")
    shutil.copy(GOLDEN / "schema-0002.sqlite", folder)
    shutil.copytree(GOLDEN / "schema-0002.sqlite.files", folder / "schema-0002.sqlite.files")
    run = [sys.executable, "-c", "from spectra.cli.main import main; main()", "db", "upgrade"]
    subprocess.run([*run, "--db", str(folder / "schema-0002.sqlite")], check=True)
    return folder


@pytest.fixture
def spectra(
    upgraded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Spectra:
    """Run the command line in this process, among the files that were measured, on a registry of this test's own."""
    shutil.copytree(upgraded, tmp_path, dirs_exist_ok=True)
    shutil.copytree(MEASURED, tmp_path / "work")
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setenv("SPECTRA_DATABASE_URL", str(tmp_path / "schema-0002.sqlite"))

    def run(*arguments: str, code: int = 0) -> Any:
        """Return the JSON that the command prints; of a command that is refused, what it says."""
        monkeypatch.setattr(sys, "argv", ["spectra", *arguments, "--json"])
        with pytest.raises(SystemExit) as stop:
            main()
        printed = capsys.readouterr()
        answer: Any = json.loads(printed.out) if code in (0, 6) else printed.err
        if arguments[0] == "analyze" and code == 0 and answer["prediction"]["verdict"] == "doubtful":
            code = 6  # some models have learned from a few structures, and say where that shows
        assert stop.value.code == code, printed.err
        return answer

    return run


def found(spectra: Spectra, name: str) -> dict[str, Any]:
    """Return a prediction by its tag."""
    (prediction,) = spectra("predictions", "list", f"tag={name}")["predictions"]
    return dict(prediction)


def as_it_is_said_now(command: str) -> list[str]:
    """Return the arguments of a command on record; the recipe without a network of then is called nearest now."""
    _, *arguments = shlex.split(command)
    renamed = {"--no-network": ("--recipe", "nearest")}
    return [word for argument in arguments for word in renamed.get(argument, (argument,))]


def test_all_predictions_are_on_record_and_all_files_are_sound(spectra: Spectra) -> None:
    predictions = spectra("predictions", "list")["predictions"]
    assert {tag for prediction in predictions for tag in prediction["tags"]} == PREDICTIONS.keys()
    assert len(predictions) == len(PREDICTIONS)
    assert spectra("db", "check")["check"]["faults"] == []


@pytest.mark.parametrize("name", PREDICTIONS)
def test_a_prediction_is_found_and_shown(spectra: Spectra, name: str) -> None:
    sample, encoder, regressor, refiner = PREDICTIONS[name]
    prediction = found(spectra, name)
    technique, searched = name.split()[0], "C44" if name.startswith("rus") else "fcc"
    query = f"technique={technique},sample={sample},operator=ada,{searched}>-1000,{searched}.std>0"
    assert prediction["id"] in [one["id"] for one in spectra("predictions", "list", query)["predictions"]]

    shown = spectra("show", prediction["id"])["prediction"]
    assert shown["quantities"] == prediction["quantities"]
    assert (shown["report"]["refiner"] or {}).get("name") == refiner
    assert shown["repeat"].startswith(f"spectra reproduce {prediction['id']}")
    model = spectra("show", prediction["model_id"])["model"]
    assert (model["sample_name"], model["technique"]) == (sample, technique)
    assert (model["recipe"]["encoder"]["name"], model["recipe"]["regressor"]["name"]) == (encoder, regressor)


@pytest.mark.parametrize("name", PREDICTIONS)
def test_a_prediction_is_reproduced_with_every_number_the_same(spectra: Spectra, name: str) -> None:
    prediction = found(spectra, name)
    reproduction = spectra("reproduce", prediction["id"])["reproduction"]
    assert [quantity["name"] for quantity in reproduction["quantities"] if not quantity["same"]] == []
    assert len(reproduction["quantities"]) >= len(prediction["quantities"])
    assert reproduction["assumed"] == []
    components = [change for change in reproduction["changed"] if isinstance(change["first"], int)]  # not packages
    assert components == []


@pytest.mark.parametrize("name", PREDICTIONS)
def test_the_same_command_again_finds_the_model_and_the_same_numbers(spectra: Spectra, name: str) -> None:
    """Posterior samples were of a fixed size then; by default they now go on until they have converged."""
    recorded = found(spectra, name)
    arguments = as_it_is_said_now(recorded["command"])
    if PREDICTIONS[name][-1] == "posterior":
        arguments += ["--set", "refiner.most_sweeps=0", "--set", "refiner.tolerance=0"]
    again = spectra(*(argument for argument in arguments if argument != "--json"))["prediction"]
    assert (again["trained_now"], again["model_id"]) == (False, recorded["model_id"])
    assert again["measurement_id"] == recorded["measurement_id"]
    now, then = (
        {(q["name"], q["method"]): (q["unit"], q["value"], q["std"]) for q in prediction["quantities"]}
        for prediction in (again, recorded)
    )
    assert now.keys() == then.keys()
    for key, (unit, value, std) in then.items():
        assert now[key] == (unit, pytest.approx(value, rel=1e-4), std and pytest.approx(std, rel=1e-4)), key


def test_a_posterior_sample_that_goes_on_gives_the_same_answer_within_its_uncertainty(spectra: Spectra) -> None:
    recorded = found(spectra, "rus crystal")
    arguments = as_it_is_said_now(recorded["command"])
    again = spectra(*(argument for argument in arguments if argument != "--json"))["prediction"]
    now = {quantity["name"]: quantity for quantity in again["quantities"] if quantity["method"] == "refined"}
    for then in (quantity for quantity in recorded["quantities"] if quantity["method"] == "refined"):
        assert now[then["name"]]["value"] == pytest.approx(then["value"], abs=then["std"])
        assert now[then["name"]]["std"] == pytest.approx(then["std"], rel=0.5)
    assert again["report"]["diagnostics"]["sweeps"] > 60


def test_notes_tags_aliases_and_retirement_are_as_they_were(spectra: Spectra) -> None:
    prediction = found(spectra, "rus")
    assert prediction["note"] == "for the paper, table 2; σ of C11 = 0.5 %?"
    (measurement,) = spectra("measurements", "list", "tag=batch 7")["measurements"]
    assert measurement["id"] == prediction["measurement_id"]
    assert {"batch 7", "cold", "rus"} <= set(measurement["tags"])
    (model,) = spectra("models", "list", "alias=production")["models"]
    assert (model["id"], model["retired"]) == (prediction["model_id"], None)
    assert spectra("show", "block@production")["model"]["id"] == model["id"]
    (good,) = spectra("models", "list", "tag=good")["models"]
    assert good["id"] == found(spectra, "xrd")["model_id"]

    (retired,) = spectra("models", "list", "retired=yes")["models"]
    assert (retired["seed"], retired["note"]) == (7, "trained by mistake")
    assert retired["id"] == found(spectra, "rus retired")["model_id"]
    _, *arguments = shlex.split(found(spectra, "rus direct")["command"])
    refused = spectra(*(argument for argument in arguments if argument != "--json"), "--seed", "7", code=3)
    assert f"The model {retired['id']} of this recipe" in refused
