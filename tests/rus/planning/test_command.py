"""``spectra plan``: what it prints for people and programs, its figure, and what it refuses."""

import csv
import io
import json
import shlex
from pathlib import Path

import pytest
import typer
import yaml
from PIL import Image
from typer.testing import CliRunner

from spectra.core.errors import SpectraError, UsageError
from spectra.plugins.rus.planning.command import add_plan

EXAMPLES = Path(__file__).parents[3] / "examples" / "rus"
TI64 = EXAMPLES / "ti64" / "sample.yaml"


@pytest.fixture(name="run")
def fixture_run():
    app = typer.Typer()
    add_plan(app)
    app.command("other")(lambda: None)  # so that 'plan' is a command by name

    def run(*arguments):
        result = CliRunner().invoke(app, ["plan", *map(str, arguments)])
        if isinstance(result.exception, SpectraError):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.stdout

    return run


@pytest.fixture(name="rough")
def fixture_rough(tmp_path):
    """The titanium at a low order."""
    path = tmp_path / "rough.yaml"
    path.write_text(f"{TI64.read_text()}\norder: 8\n")
    return path


def test_the_same_numbers_stand_in_text_json_and_csv(run, rough):
    arguments = ("-s", rough, "--at", "C11=168.8", "--error", "0.15%", "--lengths", "5 um", "--shapes")
    text, document = run(*arguments), json.loads(run(*arguments, "--json"))["plan"]
    rows = list(csv.DictReader(io.StringIO(run(*arguments, "--csv"))))
    assert max(map(len, text.splitlines())) <= 80
    std = document["measured"]["std"]["C11"]["fitted"]
    assert f"{std:#.3g}" in next(line for line in text.splitlines() if line.startswith("C11"))
    assert float(next(r for r in rows if r["table"] == "plan" and r["quantity"] == "C11")["std fitted"]) == std
    assert document["errors"]["lengths"]["x"] == pytest.approx(0.005 / 7.753)
    assert document["quantities"][0]["value"] == 168.8
    assert {row["table"] for row in rows} == {"plan", "number", "next", "shape"}


def test_a_solid_of_21_moduli_fits_80_columns(run, tmp_path):
    ends = {f"C{i}{i}": (60, 140) if i < 4 else (20, 60) for i in range(1, 7)} | {"C12": (30, 50), "C13": (30, 50)}
    search = {}
    for name in (f"C{i}{j}" for i in range(1, 7) for j in range(i, 7)):
        low, high = ends.get(name, (0, 10))
        search[name] = {"from": f"{low} GPa", "to": f"{high} GPa", "step": "100 GPa"}
    document = yaml.safe_load(TI64.read_text()) | {"symmetry": "triclinic", "search": search, "order": 6}
    path = tmp_path / "triclinic.yaml"
    path.write_text(yaml.safe_dump(document))
    assert max(map(len, run("-s", path).splitlines())) <= 80


def test_what_is_not_determined_is_null_and_never_0(run):
    document = json.loads(run("-s", EXAMPLES / "steel" / "sample.yaml", "--lines", "1", "--json"))["plan"]
    assert document["measured"]["std"]["C11"] == {"lines": None, "ignored": None, "fitted": None}
    assert "not determined" in run("-s", EXAMPLES / "steel" / "sample.yaml", "--lines", "1")


def test_the_figure_is_as_wide_as_two_columns(run, rough, tmp_path):
    run("-s", rough, "--shapes", "--figure", tmp_path / "plan.png")
    with Image.open(tmp_path / "plan.png") as picture:
        assert picture.width == pytest.approx(170 / 25.4 * 300, abs=2)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--error", "0.1"), "Invalid value '0.1' of --error"),
        (("--error", "0 %"), "Invalid value '0 %' of --error"),
        (("--error", "nan %"), "Invalid value 'nan %' of --error"),
        (("--lengths", "5 kg"), "Invalid value '5 kg' of --lengths"),
        (("--lengths", "1 m"), "An error of 1 m is none of lengths of 7.753, 9.057, 13.199 mm"),
        (("--at", "C12=3"), "Invalid term 'C12=3' in --at"),
        (("--at", "C11=nan"), "Invalid value of C11 in --at: nan is no finite number"),
        (("--figure", "plan.txt"), "The file format of plan.txt is unknown"),
        (("--json", "--csv"), "--json and --csv exclude each other"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(run, arguments, says):
    with pytest.raises(UsageError) as refused:
        run("-s", TI64, *arguments)
    assert says in str(refused.value)


def test_a_sample_of_another_technique_is_refused(run):
    gold = EXAMPLES.parent / "xrd" / "gold" / "gold.yaml"
    with pytest.raises(UsageError, match="is a sample for 'xrd"):
        run("-s", gold)


def test_the_command_is_there_with_its_errors_as_sentences(spectra):
    done = spectra("plan", "-s", TI64, "--lines", "400")
    assert (done.returncode, done.stdout) == (3, "")
    assert "holds 38 lines, not 400" in done.stderr


def test_the_page_shows_what_the_command_prints(run, monkeypatch):
    root = EXAMPLES.parents[1]
    monkeypatch.chdir(root)
    page = (root / "docs" / "rus.md").read_text()
    command, *shown = page.split("$ spectra plan ")[1].split("```")[0].splitlines()
    printed = run(*shlex.split(command)).splitlines()
    assert len(shown) > 20
    assert [line for line in shown if line != "…" and line not in printed] == []
