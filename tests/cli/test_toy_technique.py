"""A stranger's technique goes through every command, so that nothing RUS-shaped slips into the platform."""

import json

import numpy as np
import pytest

from spectra.core.basics.files import pack_arrays
from spectra.core.signals import to_arrays

TRUTH = {"position": 0.12, "width": 0.17}


@pytest.fixture
def sample(tmp_path):
    path = tmp_path / "sample.yaml"
    path.write_text("name: slab\ntechnique: toy\nthickness: 2 mm\n")
    return path


@pytest.fixture
def measured(tmp_path):
    x = np.linspace(-1, 1, 81)
    y = 2 * TRUTH["width"] ** 2 / ((x - TRUTH["position"]) ** 2 + TRUTH["width"] ** 2)
    noise = np.random.default_rng(0).normal(0, 0.01, len(x))
    path = tmp_path / "line.txt"
    np.savetxt(path, np.column_stack([x, y + noise]))
    return path


def answer(done):
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def values(prediction, method):
    return {q["name"]: (q["value"], q["std"]) for q in prediction["quantities"] if q["method"] == method}


def test_a_chain_of_processors_and_conditions_are_given_by_name(spectra, sample, measured):
    x, y = np.loadtxt(measured, unpack=True)
    np.savetxt(measured, np.column_stack([x, y / 10]))
    chain = ("--processor", "toy-multiply", "--set", "toy-multiply.by=10", "--condition", "temperature=25 degC")
    made = answer(spectra("analyze", measured, "-s", sample, *chain, "--no-figure", "--json"))["prediction"]
    assert made["report"]["processors"] == [{"name": "toy-multiply", "parameters": {"by": 10.0}, "version": 1}]
    for name, (value, std) in values(made, "refined").items():
        assert abs(value - TRUTH[name]) < 4 * std
    assert answer(spectra("reproduce", made["id"], "--json"))["reproduction"]["same"]
    wrong = spectra("analyze", measured, "-s", sample, "--processor", "toy-multipy")
    assert wrong.returncode == 4
    assert "the nearest is 'toy-multiply'" in wrong.stderr
    unknown = spectra("analyze", measured, "-s", sample, "--condition", "temperature=warm")
    assert unknown.returncode == 3
    assert "The condition 'temperature' cannot be read: 'warm' is not a number." in unknown.stderr


def test_a_profile_goes_all_the_way_and_the_second_time_finds_its_model(spectra, sample, measured, tmp_path):
    first = answer(spectra("analyze", measured, "-s", sample, "--technique", "toy", "--tag", "first", "--json"))[
        "prediction"
    ]
    done = spectra("analyze", measured, "-s", sample, "--json")
    second = answer(done)["prediction"]
    assert f"This file was analyzed with this model before: prediction {first['id']}," in done.stderr
    assert (first["before"], second["before"]) == (None, first["id"])
    otherwise = answer(spectra("analyze", measured, "-s", sample, "--no-refine", "--no-figure", "--json"))["prediction"]
    assert otherwise["before"] is None
    spectra("delete", otherwise["id"], "--yes")

    assert first["trained_now"]
    assert not second["trained_now"]
    assert first["model_id"] == second["model_id"]
    assert (tmp_path / "work" / first["figure"]).read_bytes().startswith(b"\x89PNG")
    for prediction in (first, second):
        for name, (value, std) in values(prediction, "refined").items():
            assert abs(value - TRUTH[name]) < 5 * std
        for name, (value, _) in values(prediction, "learned").items():
            assert value == pytest.approx(TRUTH[name], abs=0.03)
    assert values(first, "refined") == values(second, "refined")
    assert values(first, "derived")["area"][0] == pytest.approx(2 * np.pi * TRUTH["width"], rel=0.02)
    assert first["tags"] == ["first"]
    assert first["report"]["tables"]["profile"]["columns"]["x"][0] == -1

    listed = answer(spectra("predictions", "list", "tag=first", "--json"))["predictions"]
    assert [p["id"] for p in listed] == [first["id"]]
    assert len(answer(spectra("predictions", "list", "--json"))["predictions"]) == 2
    shown = answer(spectra("show", first["id"][:6], "--json"))["prediction"]
    assert shown["quantities"] == first["quantities"]
    (model,) = answer(spectra("models", "list", "technique=toy", "--json"))["models"]
    assert model["metrics"]["test"]["position"]["rmse"] < 0.02
    assert answer(spectra("show", model["id"], "--json"))["model"].items() >= model.items()
    (known,) = answer(spectra("measurements", "list", "--json"))["measurements"]
    assert known["file_name"] == "line.txt"
    (slab,) = answer(spectra("samples", "list", "--json"))["samples"]
    assert slab["document"]["thickness"] == "2 mm"


def test_tables_for_people_hold_the_same_numbers(spectra, sample, measured):
    done = spectra("analyze", measured, "-s", sample)
    assert done.returncode == 0, done.stderr
    assert "No model of 'slab' is on record" in done.stderr
    assert "Simulating" in done.stderr
    assert "position" in done.stdout
    assert "±" in done.stdout
    assert "This is a toy." in done.stdout
    for command in ("predictions", "models", "measurements", "samples"):
        listed = spectra(command, "list")
        assert listed.returncode == 0, listed.stderr
        assert "slab" in listed.stdout
    for command in ("predictions", "models"):
        id = json.loads(spectra(command, "list", "--json").stdout)[command][0]["id"]
        assert id in spectra("show", id).stdout


def test_a_bundle_of_profile_and_image_goes_the_same_way(spectra, sample, tmp_path):
    from toy_technique.parts import Pair, ToySample

    forward = Pair(ToySample(name="slab", technique="toy-pair", thickness="2 mm"), None)
    path = tmp_path / "pair.npz"
    path.write_bytes(pack_arrays(to_arrays(forward.simulate(np.array([list(TRUTH.values())])))))
    sample.write_text("name: slab\ntechnique: toy-pair\nthickness: 2 mm\n")

    prediction = answer(spectra("analyze", path, "-s", sample, "--json"))["prediction"]

    for name, (value, _) in values(prediction, "learned").items():
        assert value == pytest.approx(TRUTH[name], abs=0.03)
    assert values(prediction, "refined") == {}
    assert answer(spectra("measurements", "list", "--json"))["measurements"][0]["kind"] == "bundle"


def test_train_and_simulate_work_alone_and_repeat_nothing(spectra, sample):
    simulated = answer(spectra("simulate", "-s", sample, "--json"))["data_set"]
    assert simulated["points"] == 31 * 21
    assert answer(spectra("simulate", "-s", sample, "--json"))["data_set"]["id"] == simulated["id"]
    model = answer(spectra("train", "-s", sample, "--seed", "5", "--json"))["model"]
    assert model["data_set_id"] == simulated["id"]
    assert model["seed"] == 5
    assert answer(spectra("train", "-s", sample, "--json"))["model"]["id"] == model["id"]
    again = answer(spectra("train", "-s", sample, "--seed", "5", "--again", "--json"))["model"]
    assert again["id"] != model["id"]
    assert again["artefact"] == model["artefact"]  # the same seed gives the same model, to the last bit


def test_one_spectrum_can_be_printed(spectra, sample):
    done = answer(spectra("simulate", "-s", sample, "--at", "position=0.1 mm, width=20e-2", "--json"))
    columns = done["spectrum"]["spectrum"]["columns"]
    assert max(columns["y"]) == pytest.approx(2.0)
    assert columns["x"][int(np.argmax(columns["y"]))] == pytest.approx(0.1)


def test_components_can_be_replaced_and_their_parameters_set(spectra, sample):
    noisy = answer(spectra("train", "-s", sample, "--set", "toy-noise.size=0.2", "--json"))["model"]
    quiet = answer(spectra("train", "-s", sample, "--set", "toy-noise.size=0.001", "--json"))["model"]
    assert noisy["metrics"]["test"]["width"]["rmse"] > 3 * quiet["metrics"]["test"]["width"]["rmse"]
    # an encoder of another plugin can be named, too, and is refused by what its description says
    done = spectra("train", "-s", sample, "--encoder", "fingerprint")
    assert done.returncode == 3
    assert "The encoder 'fingerprint' takes peaks, and the forward model 'toy-line' gives profile." in done.stderr


def test_a_plugins_own_command_is_there(spectra):
    assert "toy-hello" in spectra("--help").stdout
    assert spectra("toy-hello").stdout == "hello from a plugin\n"


def test_a_plugins_own_command_reaches_the_registry(spectra, sample, measured, tmp_path):
    elsewhere = ("--db", f"sqlite:///{tmp_path / 'elsewhere.sqlite'}")
    assert spectra("toy-count").stdout == "0\n"
    answer(spectra("analyze", measured, "-s", sample, "--no-figure", "--json"))
    for name in ("one", "two"):
        other = tmp_path / f"{name}.txt"
        other.write_bytes(measured.read_bytes() + f"# {name}\n".encode())
        answer(spectra("analyze", other, "-s", sample, "--no-figure", "--json", *elsewhere))
    assert spectra("toy-count").stdout == "1\n"
    assert spectra("toy-count", *elsewhere).stdout == "2\n"


def test_a_refiner_without_draws_leaves_no_posterior_and_says_so(spectra, sample, measured, tmp_path):
    done = spectra("analyze", measured, "-s", sample, "--no-figure", "--posterior", "corner.png")
    assert done.returncode == 0, done.stderr
    assert "There is no posterior sample" in done.stderr
    assert not (tmp_path / "work" / "corner.png").exists()
    assert spectra("analyze", "x", "-s", "y", "--posterior", "corner.txt").returncode == 2


@pytest.mark.parametrize("options", [("--no-network",), ("--recipe", "quick"), ("--recipe", "quick", "--no-network")])
def test_a_technique_without_a_quick_recipe_says_so_and_names_those_it_has(spectra, sample, measured, options):
    done = spectra("analyze", measured, "-s", sample, *options)
    assert done.returncode == 3
    assert "'toy' has no recipe 'quick'" in done.stderr
    assert "Its recipes: default." in done.stderr


def test_a_recipe_is_chosen_by_name_and_by_one_name_only(spectra, sample, measured):
    named = answer(spectra("train", "-s", sample, "--recipe", "default", "--json"))["model"]
    assert answer(spectra("train", "-s", sample, "--json"))["model"]["id"] == named["id"]
    for arguments, sentence in (
        (("analyze", measured, "-s", sample, "--no-network", "--recipe", "default"), "another name of --recipe quick"),
        (("train", "--like", named["id"], "--recipe", "default"), "--like takes the recipe of the model on record"),
    ):
        done = spectra(*arguments)
        assert done.returncode == 2
        assert sentence in done.stderr
