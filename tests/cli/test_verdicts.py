"""Verdicts and files of predictions from the command line."""

import json
import subprocess
import sys

import numpy as np
import pytest

from spectra.cli.main import main


@pytest.fixture
def spectra(home, tmp_path, monkeypatch, capsys):
    """Run the command line in this process, which is faster than in one of its own."""
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["spectra", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            main()
        return subprocess.CompletedProcess(sys.argv, stop.value.code, *capsys.readouterr())

    return run


@pytest.fixture
def sample(tmp_path):
    path = tmp_path / "sample.yaml"
    path.write_text("name: slab\ntechnique: toy\nthickness: 2 mm\n")
    return path


@pytest.fixture
def lines(tmp_path):
    """A line in the middle of the slab, and one at its edge, which the toy doubts."""
    x, paths = np.linspace(-1, 1, 81), []
    for name, position in (("middle", 0.12), ("edge", 0.28)):
        paths.append(tmp_path / f"{name}.txt")
        np.savetxt(paths[-1], np.column_stack([x, 2 * 0.17**2 / ((x - position) ** 2 + 0.17**2)]))
    return paths


def test_a_doubtful_answer_is_told_first_and_last_on_record_and_in_the_exit_code(spectra, sample, lines, tmp_path):
    middle, edge = lines
    done = spectra("analyze", middle, "-s", sample)
    assert done.returncode == 0, done.stderr
    printed = done.stdout.splitlines()
    assert printed[0] == printed[-1] == "Trusted: none of the technique's checks speaks against this answer."

    done = spectra("analyze", edge, "-s", sample)
    assert done.returncode == 6, done.stderr
    printed = done.stdout.splitlines()
    assert printed[0] == printed[-1] == "Doubtful: The line lies near the edge of the slab."
    assert not any("Note" in line and "edge" in line for line in printed)

    listed = json.loads(spectra("predictions", "list", "verdict=doubtful", "--json").stdout)["predictions"]
    (doubtful,) = listed
    assert (doubtful["file_name"], doubtful["verdict"]) == ("edge.txt", "doubtful")
    csv = spectra("predictions", "list", "--csv", "--columns", "file,verdict", "--sort", "file").stdout.split()
    assert csv == ["file,verdict", "edge.txt,doubtful", "middle.txt,trusted"]
    table = spectra("predictions", "list").stdout
    assert "verdict" in table
    assert "doubtful" in table
    shown = json.loads(spectra("show", doubtful["id"], "--json").stdout)["prediction"]
    assert shown["verdict"] == "doubtful"
    assert shown["report"]["reasons"] == ["The line lies near the edge of the slab."]
    assert "Doubtful: The line lies near the edge of the slab." in spectra("show", doubtful["id"]).stdout
    (trusted,) = json.loads(spectra("predictions", "list", "verdict=trusted", "--json").stdout)["predictions"]
    compared = json.loads(spectra("compare", trusted["id"], doubtful["id"], "--json").stdout)["comparison"]
    assert {"key": "verdict", "first": "trusted", "second": "doubtful"} in compared["differences"]

    figure = tmp_path / "work" / f"edge-toy-{doubtful['id']}.png"
    assert figure.read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "work" / f"middle-toy-{trusted['id']}.png").exists()

    reanalyzed = spectra("reanalyze", "slab", "--seed", "3", "--json")
    assert reanalyzed.returncode == 6, reanalyzed.stderr
    measurements = json.loads(reanalyzed.stdout)["reanalysis"]["measurements"]
    assert {(one["file_name"], one["verdict"]) for one in measurements} == {
        ("middle.txt", "trusted"),
        ("edge.txt", "doubtful"),
    }
    again = spectra("reanalyze", trusted["measurement_id"], "--seed", "3")
    assert again.returncode == 0
    assert "0 doubtful" in again.stdout


def test_the_figure_on_record_is_what_was_drawn_and_carries_the_verdict(spectra, sample, lines, tmp_path, monkeypatch):
    from toy_technique.parts import Toy

    drawn = []
    draw = Toy.draw
    monkeypatch.setattr(Toy, "draw", lambda *arguments: (drawn.append(1), draw(*arguments))[1])
    done = spectra("analyze", lines[1], "-s", sample, "--figure", "saved.svg", "--json")
    prediction = json.loads(done.stdout)["prediction"]
    assert [file["name"] for file in prediction["files"]] == ["figure.svg"]
    assert len(drawn) == 1
    assert spectra("show", prediction["id"], "--figure", "shown.svg").returncode == 0
    saved, shown = ((tmp_path / "work" / name).read_bytes() for name in ("saved.svg", "shown.svg"))
    assert saved == shown
    assert b"doubtful: The line lies near the edge of the slab." in shown  # a comment above the glyphs

    for arguments, code, said in (
        (("--figure", "shown.png"), 2, "--figure shown.svg"),
        (("--posterior", "draws.csv"), 4, "There is no posterior sample of the prediction"),
        (("--posterior", "draws.txt"), 2, ".csv"),
    ):
        refused = spectra("show", prediction["id"], *arguments)
        assert refused.returncode == code
        assert said in refused.stderr


def test_a_figure_that_cannot_be_drawn_costs_no_numbers(spectra, sample, lines, tmp_path, monkeypatch):
    from toy_technique.parts import Toy

    monkeypatch.setattr(Toy, "draw", lambda *_: 1 / 0)
    done = spectra("analyze", lines[0], "-s", sample, "--figure", "saved.svg", "--json")
    assert done.returncode == 0, done.stderr
    assert "The figure could not be drawn: ZeroDivisionError" in done.stderr
    prediction = json.loads(done.stdout)["prediction"]
    assert (prediction["figure"], prediction["files"]) == (None, [])
    refused = spectra("show", prediction["id"], "--figure", "shown.svg")
    assert refused.returncode == 4
    assert "There is no figure of the prediction" in refused.stderr


def test_no_figure_draws_none(spectra, sample, lines, tmp_path):
    done = spectra("analyze", lines[0], "-s", sample, "--no-figure", "--json")
    assert json.loads(done.stdout)["prediction"]["files"] == []
    assert list((tmp_path / "work").iterdir()) == []
