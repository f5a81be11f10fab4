"""The tutorial is done as it stands there: its files are written, its commands run, and silicon comes out."""

import json
import re
import shlex
import tomllib
from pathlib import Path

import numpy as np
import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "tutorial.md").read_text()
FILES = dict(re.findall(r"^\*\*`([^`]+)`\*\*\n\n```\w+\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
COMMANDS = [
    (command, said.splitlines())
    for block in re.findall(r"^```console\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    for command, said in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
]

# pyFAI, src/pyFAI/resources/calibration/Si_SRM640d.D: the spacing of the planes (111) in angstrom
SRM_640D = 3**0.5 * 3.13572210


@pytest.fixture
def tutorial(spectra, tmp_path):
    """Write the files and run a command of the tutorial's, with its package installed and nothing on record."""
    folder = tmp_path / "work"
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    install(folder)

    def run(*arguments):
        done = spectra(*arguments, paths=[str(folder)])
        assert done.returncode == 0, done.stderr
        return done

    return run


def install(folder):
    """Write what an editable installation would leave behind, without a network."""
    project = tomllib.loads(FILES["pyproject.toml"])["project"]
    metadata = folder / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    )
    points = [f"{name} = {module}" for name, module in project["entry-points"]["spectra"].items()]
    (metadata / "entry_points.txt").write_text("\n".join(["[spectra]", *points]))


def shape(line):
    """Return a line without what differs from run to run: numbers, identifiers and the width of columns."""
    line = re.sub(r"\b[a-z0-9]{10}\b", "ID", line)
    return " ".join(re.sub(r"[-+]?\d[\d.,]*(?:e[-+]\d+)?", "#", line).split())


def test_every_command_prints_what_the_tutorial_shows(tutorial):
    identifiers = {}
    for command, shown in COMMANDS:
        if command == "pip install -e .":
            continue
        program, *words = shlex.split(command)
        assert program == "spectra"
        done = tutorial(*(identifiers.get(word, word) for word in words))
        said = done.stderr + done.stdout
        predictions = (re.findall(r"^prediction +(\w+)", text, re.MULTILINE) for text in ("\n".join(shown), said))
        identifiers |= zip(*predictions, strict=True)
        lines = set(map(shape, said.splitlines()))
        for line in shown:
            assert line == "…" or shape(line) in lines, f"'{command}' printed no line like {line!r}, but:\n{said}"


def test_silicon_has_the_lattice_parameter_of_the_standard_and_a_lowered_specimen_the_same(tutorial, tmp_path):
    analyze = ("--sample", "silicon/silicon.yaml", "--no-figure", "--json")

    prediction = json.loads(tutorial("analyze", "silicon/silicon.txt", *analyze).stdout)["prediction"]

    refined, network = (
        {q["name"]: q for q in prediction["quantities"] if q["method"] == method} for method in ("refined", "learned")
    )
    a, std = refined["a"]["value"], refined["a"]["std"]
    assert 1e-6 < std < 1e-5
    assert abs(a - SRM_640D) < 2 * std
    assert network["a"]["value"] == pytest.approx(SRM_640D, abs=0.01)
    assert abs(refined["displacement"]["value"]) < 0.001
    (density,) = (q for q in prediction["quantities"] if q["name"] == "density")
    assert density["value"] == pytest.approx(2.329, abs=0.0005)  # g/cm³
    assert density["std"] / density["value"] == pytest.approx(3 * std / a)

    angles = np.loadtxt(tmp_path / "work" / "silicon" / "silicon.txt")[:, 0]
    lowered = angles - np.degrees(2 * 0.2 * np.cos(np.radians(angles / 2)) / 173)  # by 0.2 mm
    np.savetxt(tmp_path / "work" / "lowered.txt", np.delete(lowered, 4))  # and one line was not seen
    moved = json.loads(tutorial("analyze", "lowered.txt", *analyze).stdout)["prediction"]
    found = {q["name"]: (q["value"], q["std"]) for q in moved["quantities"] if q["method"] == "refined"}
    assert found["a"][0] == pytest.approx(a, abs=2 * std)
    assert found["displacement"][0] == pytest.approx(0.2, abs=0.005)
    assert not moved["trained_now"]
    assert moved["report"]["tables"]["modes"]["columns"]["status"].count("missing") == 1
