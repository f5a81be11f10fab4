"""A measurement of several files goes through the commands."""

import json
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
from toy_technique.parts import Toy, ToyHalves

from spectra.cli.file_arguments import choose_files, choose_parameters, choose_readers
from spectra.core.errors import UsageError

TRUTH = {"position": 0.12, "width": 0.17}
X = np.linspace(-1, 1, 81)


@pytest.fixture
def sample(tmp_path):
    path = tmp_path / "sample.yaml"
    path.write_text("name: slab\ntechnique: toy-halves\nthickness: 2 mm\n")
    return path


@pytest.fixture
def halves(tmp_path):
    """Files of the left and the right half of a line; the left one's numbers are a fifth of what they mean."""
    y = 2 * TRUTH["width"] ** 2 / ((X - TRUTH["position"]) ** 2 + TRUTH["width"] ** 2)
    left, right = tmp_path / "left.txt", tmp_path / "right.txt"
    np.savetxt(left, np.column_stack([X, y / 5])[X < 0])
    np.savetxt(right, np.column_stack([X, y])[X >= 0])
    return left, right


def answer(done, kind):
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)[kind]


def test_files_by_part_are_analyzed_reproduced_and_analyzed_again(spectra, sample, halves, tmp_path):
    left, right = halves
    prediction = answer(
        spectra(
            "analyze", "-s", sample, f"right={right}", f"left={left}", "--reader", "right=toy-columns",
            "--set", "reader.left.scale=5", "--json",
        ),
        "prediction",
    )  # fmt: skip
    for quantity in prediction["quantities"]:
        assert quantity["value"] == pytest.approx(TRUTH[quantity["name"]], abs=0.02)
    assert prediction["figure"] == f"right+left-toy-halves-{prediction['id']}.png"
    assert (tmp_path / "work" / prediction["figure"]).exists()
    (measured,) = answer(spectra("measurements", "list", "--json"), "measurements")
    assert measured["file_name"] == "left.txt+right.txt"
    assert measured["reader"] == "left=toy-columns right=toy-columns"
    left.unlink()
    right.unlink()

    assert answer(spectra("reproduce", prediction["id"], "--json"), "reproduction")["same"]
    reanalysis = answer(spectra("reanalyze", "slab", "--seed", "3", "--json"), "reanalysis")
    assert [one["error"] for one in reanalysis["measurements"]] == [None]
    shown = spectra("show", prediction["id"])
    assert "left: toy-columns scale=5.0; right: toy-columns scale=1.0" in " ".join(shown.stdout.split())
    assert spectra("show", measured["id"]).returncode == 0


def test_a_zip_file_of_both_is_analyzed_as_well(spectra, sample, halves, tmp_path):
    path = tmp_path / "left=right.zip"  # an existing file of that name is meant
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(halves[0], "left/scan.txt")
        archive.write(halves[1], "right/scan.txt")
    prediction = answer(
        spectra("analyze", "-s", sample, path, "--set", "reader.left.scale=5", "--no-figure", "--json"), "prediction"
    )
    assert prediction["quantities"][0]["value"] == pytest.approx(TRUTH["position"], abs=0.02)


def test_a_technique_of_one_part_takes_a_name_with_an_equals_sign(spectra, sample, halves):
    sample.write_text("name: slab\ntechnique: toy\nthickness: 2 mm\n")
    path = halves[1].rename(halves[1].with_name("left=scan.txt"))
    assert spectra("analyze", "-s", sample, path, "--no-figure", "--no-refine").returncode != 2
    done = spectra("analyze", "-s", sample, path, halves[0])
    assert (done.returncode, "takes one measured file, not 2" in done.stderr) == (2, True)


def test_what_does_not_fit_the_parts_is_refused_before_anything_is_done(spectra, sample, halves, home):
    left, right = halves
    done = spectra("analyze", "-s", sample, f"right={right}")
    assert (done.returncode, done.stderr) == (
        3,
        "Error: right.txt: the measurement lacks left.\nGive a file for each part, as in 'left=FILE right=FILE'.\n",
    )
    done = spectra("analyze", "-s", sample, f"left={left}", right)
    assert done.returncode == 2
    assert "does not say which part it is for.\nWrite left=FILE right=FILE." in done.stderr
    assert not home.exists()


@pytest.mark.parametrize(
    ("choose", "given", "sentence"),
    [
        (choose_files, [Path("left=a"), Path("left=b")], "The part 'left' is given twice: a and b."),
        (choose_files, [Path("left="), Path("right=b")], "'left=' does not say which part"),
        (choose_readers, ["toy-columns"], "Write left=READER right=READER."),
        (choose_readers, ["left=toy-columns", "left=toy-arrays"], "The part 'left' is given twice"),
        (choose_parameters, {"reader": {"scale": 5}}, "'--set reader.scale=…' does not say which part's reader"),
    ],
)
def test_options_that_are_not_by_part_are_refused(choose, given, sentence):
    with pytest.raises(UsageError, match=re.escape(sentence)):
        choose(ToyHalves(), given)


def test_a_technique_of_one_part_has_one_reader():
    assert choose_readers(Toy(), ["toy-columns"]) == "toy-columns"
    with pytest.raises(UsageError, match="--reader was given twice"):
        choose_readers(Toy(), ["toy-columns", "toy-arrays"])


def test_a_path_is_what_stands_behind_the_first_equals_sign():
    arguments = [Path("left=a=b.txt"), Path("right=/data/c.txt")]
    assert choose_files(ToyHalves(), arguments) == {"left": Path("a=b.txt"), "right": Path("/data/c.txt")}


@pytest.mark.usefixtures("sample", "halves")
def test_a_study_takes_a_measurement_of_several_files(spectra, tmp_path):
    study = tmp_path / "study.yaml"
    study.write_text(
        "title: Halves\nsample: sample.yaml\nvariants: [{name: default}]\nconditions: [{name: as measured}]\n"
        "measurement: {file: {left: left.txt, right: right.txt}, reader: {right: toy-columns}, repeats: 2}\n"
    )
    scores = answer(spectra("evaluate", study, "--json"), "evaluation")["scores"]
    assert {score["quantity"] for score in scores} == {"position", "width"}
