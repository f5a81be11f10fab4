"""Records outlive the plugins that made them: they stay listed, and what needs a plugin says what to install."""

import json
import sqlite3

import numpy as np
import pytest

from tests.command import ROOT


@pytest.fixture
def answered(spectra, tmp_path):
    """The prediction of a line by the toy technique, on record."""
    sample, line = tmp_path / "sample.yaml", tmp_path / "line.txt"
    sample.write_text("name: slab\ntechnique: toy\nthickness: 2 mm\n")
    x = np.linspace(-1, 1, 81)
    np.savetxt(line, np.column_stack([x, 2 * 0.03 / ((x - 0.1) ** 2 + 0.03)]))
    done = spectra("analyze", line, "-s", sample, "--no-figure", "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["prediction"]


@pytest.fixture
def without_toy(commands, spectra, tmp_path):
    """Run the command line as on a machine where the toy was never installed."""
    return lambda *arguments: commands.run(arguments, cwd=tmp_path / "work", paths=[ROOT])


def needing_commands(prediction):
    return (
        ("reproduce", prediction["id"]),
        ("reanalyze", "slab"),
        ("train", "--like", prediction["model_id"], "--again"),
    )


def test_records_stay_listed_and_commands_name_the_package_that_is_not_installed(answered, without_toy):
    assert "toy" not in without_toy("plugins", "list").stdout
    for kind in ("samples", "models", "measurements", "predictions"):
        (record,) = json.loads(without_toy(kind, "list", "--json").stdout)[kind]
        assert record["technique"] == "toy"
        shown = without_toy("show", record["id"])
        assert shown.returncode == 0, shown.stderr
        assert "slab" in shown.stdout
    for command in needing_commands(answered):
        done = without_toy(*command)
        assert done.returncode == 4
        assert "There is no technique 'toy'" in done.stderr
        assert "It came from toy-technique 1.0, which is not installed: pip install 'toy-technique==1.0'" in done.stderr


def test_of_a_blocked_plugin_commands_say_that_it_is_blocked(answered, spectra):
    assert answered["id"] in spectra("predictions", "list", SPECTRA_BLOCK_PLUGINS="toy").stdout
    for command in needing_commands(answered):
        done = spectra(*command, SPECTRA_BLOCK_PLUGINS="toy")
        assert done.returncode == 4
        assert "It came from toy-technique 1.0. The plugin 'toy' (toy-technique 1.0) is blocked by" in done.stderr
        assert "pip install" not in done.stderr


def test_records_that_do_not_tell_the_package_of_a_part_say_what_was_installed(answered, home, without_toy):
    with sqlite3.connect(home / "registry.sqlite") as connection:
        connection.execute("""UPDATE predictions SET environment = '{"plugin toy": "toy-technique 0.9"}'""")
        connection.execute("UPDATE models SET environment = '{}'")
    connection.close()
    done = without_toy("reproduce", answered["id"])
    assert done.returncode == 4
    assert "The record names no package for it" in done.stderr
    assert "toy-technique 0.9" in done.stderr


def test_a_prediction_tells_which_distribution_brought_each_part(answered, spectra):
    recorded = json.loads(spectra("show", answered["id"], "--json").stdout)["prediction"]["environment"]
    parts = ("technique toy", "forward model toy-line", "distortion toy-noise", "encoder toy-values")
    for part in (*parts, "regressor toy-ridge", "refiner toy-fit", "reader toy-columns"):
        assert recorded[part] == "toy-technique 1.0"
    assert "encoder fingerprint" not in recorded
