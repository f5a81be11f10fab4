"""``spectra evaluate`` as a user calls it, and the studies of the examples."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from spectra.cli.session import load
from spectra.core.studies.evaluate import variant_recipe
from spectra.core.studies.study import load_study
from spectra.core.workflows.specimens import load_specimen

STUDIES = Path(__file__).parents[2] / "examples" / "rus" / "studies"

STUDY = """\
title: A toy study
sample: sample.yaml
variants:
  - {name: default}
  - {name: quiet, distortions: []}
conditions:
  - {name: ideal}
  - {name: noisy, distortions: [{name: toy-noise, parameters: {size: 0.1}}]}
test: {points: 20, refined: 3}
quick: {points: 4, refined: 0}
"""


@pytest.fixture
def study(tmp_path):
    (tmp_path / "sample.yaml").write_text("name: slab\ntechnique: toy\nthickness: 2 mm\n")
    path = tmp_path / "study.yaml"
    path.write_text(STUDY)
    return path


def test_a_study_gives_a_table_a_picture_and_numbers_for_programs(spectra, study, tmp_path):
    first = spectra("evaluate", study, "--figure", "parity.png")
    assert first.returncode == 0, first.stderr
    lines = first.stdout.splitlines()
    assert lines[0].strip() == "A toy study"
    # for each variant, condition and method two quantities, and a line of the comparison
    assert sum(line.startswith(("default ", "quiet ")) for line in lines) == 2 * 2 * 2 * (2 + 1)
    assert lines[1].split()[:5] == ["variant", "condition", "method", "quantity", "RMSE"]
    assert sum(line.count(" *") for line in lines if line.startswith(("default ", "quiet "))) >= 2 * 2 * 2
    assert "20 spectra, 3 of them refined, in each row; 1 seed." in first.stdout
    assert "[1 of 2] default, seed 0: training" in first.stderr
    assert (tmp_path / "work" / "parity.png").read_bytes().startswith(b"\x89PNG")

    second = spectra("evaluate", study, "--json")
    assert second.returncode == 0, second.stderr
    evaluation = json.loads(second.stdout)["evaluation"]
    assert evaluation["trained_now"] == 0
    assert evaluation["recipes"]["quiet"]["distortions"] == []
    assert len(evaluation["scores"]) == 16
    score = evaluation["scores"][0]
    assert (score["variant"], score["condition"], score["method"], score["unit"]) == (
        "default",
        "ideal",
        "learned",
        "mm",
    )
    assert f"{score['rmse']:.3g}" in lines[2]
    assert score["rmse_std"] is None

    third = spectra("evaluate", study, "--csv")
    assert third.returncode == 0, third.stderr
    rows = list(csv.DictReader(io.StringIO(third.stdout)))
    assert [float(row["rmse"]) for row in rows] == [score["rmse"] for score in evaluation["scores"]]
    assert rows[0]["rmse_std"] == ""
    assert spectra("evaluate", study, "--csv", "--json").returncode == 2


def test_held_out_points_give_the_columns_of_the_papers_tables(spectra, study, tmp_path):
    text = STUDY.replace("{points: 20, refined: 3}", "{held_out: true}").replace(
        "variants:", "seeds: [0, 1, 2]\nvariants:"
    )
    study.write_text(text)
    done = spectra("evaluate", study, "--figure", "parity.png")
    assert done.returncode == 0, done.stderr
    header = re.split(r"\s{2,}", done.stdout.splitlines()[1].strip())
    assert header == [
        *("variant", "condition", "quantity", "RMSE", "of range (%)", "best model", "best RMSE", "R²"),
        *("within 1σ (%)", "within 1.96σ (%)"),
    ]
    assert "93 spectra in each row; 3 seeds, each tested on points held out of its training" in done.stdout
    assert (tmp_path / "work" / "parity.png").read_bytes().startswith(b"\x89PNG")
    table = spectra("evaluate", study, "--csv")
    row = next(csv.DictReader(io.StringIO(table.stdout)))
    of_seeds = [float(rmse) for rmse in row["rmse_of_seeds"].split("|")]
    assert len(of_seeds) == 3
    assert float(row["rmse"]) == pytest.approx(sum(of_seeds) / 3)
    assert float(row["best_rmse"]) == min(of_seeds) == of_seeds[int(row["best_seed"])]
    quick = spectra("evaluate", study, "--quick", "--json")
    assert {score["count"] for score in json.loads(quick.stdout)["evaluation"]["scores"]} == {4}


def test_quick_runs_the_short_form_and_says_so(spectra, study):
    done = spectra("evaluate", study, "--quick")
    assert done.returncode == 0, done.stderr
    assert "4 spectra in each row" in done.stdout
    assert "its numbers are meaningless" in done.stdout


def test_a_measured_spectrum_is_drawn_with_its_scatter(spectra, study, tmp_path):
    study.write_text(STUDY.replace("test: {points: 20, refined: 3}", "measurement: {file: line.txt, repeats: 9}"))
    (tmp_path / "line.txt").write_text(
        "\n".join(f"{i / 40 - 1:.3f} {0.1 / (0.05 + (i / 40 - 1) ** 2)}" for i in range(81))
    )
    done = spectra("evaluate", study, "--figure", "line.svg")
    assert done.returncode == 0, done.stderr
    assert "width (mm)" in done.stdout
    assert "±" in done.stdout
    assert "error (%)" not in done.stdout  # there is no reference
    assert "<svg" in (tmp_path / "work" / "line.svg").read_text()


def test_what_cannot_be_used_is_told(spectra, study, home, tmp_path):
    study.write_text(STUDY.replace("points: 20", "pionts: 20"))
    done = spectra("evaluate", study)
    assert done.returncode == 3
    assert "study.yaml, line 9: unknown key 'test.pionts'; the nearest is 'points'" in done.stderr
    study.write_text(STUDY.replace("sample.yaml", "smaple.yaml"))
    assert spectra("evaluate", study).returncode == 3
    study.write_text(STUDY.replace("name: quiet", "name: quiet, encoder: {name: toy-vlues}"))
    done = spectra("evaluate", study)
    assert done.returncode == 4
    assert "the nearest is 'toy-values'" in done.stderr
    assert spectra("evaluate", study, "--figure", "x.doc").returncode == 2
    assert spectra("evaluate", tmp_path / "none.yaml").returncode == 3


EXAMPLES = sorted(path for path in STUDIES.glob("*.yaml") if not path.name.startswith("sample-"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("quick", [False, True], ids=["full", "quick"])
def test_the_examples_can_be_read(path, quick):
    plugins, study = load(), load_study(path, quick=quick)
    specimen = load_specimen(plugins.catalogue, path.parent / study.sample)
    overrides = study.quick.parameters if quick else {}
    for variant in study.variants:
        recipe = variant_recipe(plugins.catalogue, specimen.recipe(), study.recipe, variant, overrides)
        for name, parameters in overrides.items():
            if recipe.regressor.name == name:
                assert recipe.regressor.parameters.items() >= parameters.items()


def test_an_example_runs(spectra):
    done = spectra("evaluate", STUDIES / "encoders.yaml", "--quick")
    assert done.returncode == 0, done.stderr
    _, header, *rows = done.stdout.splitlines()
    assert all(name in header for name in ("C11 error (%)", "C44 error (%)"))  # moduli are never zero
    assert {row.split()[0] for row in rows if row} >= {"direct", "derivative", "fingerprint"}


@pytest.mark.slow
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_runs(spectra, path):
    done = spectra("evaluate", path, "--quick", "--figure", "x.png")
    assert done.returncode == 0, done.stderr
