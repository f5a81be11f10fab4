"""``spectra samples new``: what it writes can be used, and what it asks for is checked."""

import io
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from spectra.cli.main import build_app
from spectra.cli.session import load
from spectra.core.technique import ExemplaryTechnique
from spectra.core.workflows.specimens import load_specimen

STEEL = Path(__file__).parents[3] / "examples/rus/steel/sample.yaml"


class _Terminal(io.BytesIO):
    def isatty(self):
        return True


@pytest.fixture(scope="module")
def catalogue():
    return load().catalogue


@pytest.mark.parametrize("name", ["rus", "xrd", "xrd+vdos", "powder", "symmetry"])
def test_the_file_of_every_technique_is_its_example(name, catalogue, tmp_path):
    technique = catalogue.technique(name)
    assert isinstance(technique, ExemplaryTechnique)
    file = tmp_path / "new.yaml"
    done = CliRunner().invoke(build_app(), ["samples", "new", name, str(file)])
    assert done.exit_code == 0, done.output
    assert not done.stdout
    assert yaml.safe_load(file.read_text()) == technique.example_sample()
    assert load_specimen(catalogue, file).sample.technique == name
    assert max(map(len, file.read_text().splitlines())) <= 80
    for key in technique.sample_schema.model_json_schema()["properties"]:
        assert f"\n{key}:" in file.read_text() or f"\n# {key}:" in file.read_text()


def test_a_file_that_is_there_is_not_written_over(spectra, tmp_path):
    (tmp_path / "work/mine.yaml").write_text("name: mine\n")
    done = spectra("samples", "new", "rus", "mine.yaml")
    assert done.returncode == 3
    assert "There is already a file mine.yaml" in done.stderr
    assert (tmp_path / "work/mine.yaml").read_text() == "name: mine\n"


def _typed(monkeypatch, tmp_path, answers):
    """Return what is said to a person who types these answers, and what is then in the file."""
    file = tmp_path / "asked.yaml"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(_Terminal("".join(f"{line}\n" for line in answers).encode())))
    build_app()(["samples", "new", "rus", str(file)], standalone_mode=False)
    return file


def test_on_a_terminal_the_specimen_of_the_paper_is_asked_for(monkeypatch, tmp_path, catalogue, capsys):
    answers = [
        "steel-pin",
        "tube",
        "cylinder",
        "4.76 mm",
        "3.45 mm",
        "",
        "0.48 g",
        "",
        "isotropic",
        "C11, C4",
        "C11, C44",
    ]
    answers += ["170 GPa", "370 GPa", "1 GPa", "30 GPa", "130 GPa", "1 GPa", "0.2 MHz", "1.3 s", "55.85 g/mol"]
    answers += ["", "1.3 MHz"]  # the window again
    file = _typed(monkeypatch, tmp_path, answers)
    said = capsys.readouterr().err
    assert "It is one of: box, cone frustum, cylinder" in said
    assert "Not known: C4." in said
    assert "This cannot be used: 'window.to': 's' cannot be converted to MHz" in said
    paper = yaml.safe_load(STEEL.read_text())
    del paper["order"]
    assert yaml.safe_load(file.read_text()) == paper
    assert load_specimen(catalogue, file).sample.name == "steel-pin"


def test_what_was_given_in_vain_can_be_left_out(monkeypatch, tmp_path, capsys):
    answers = ["a", "sphere", "5 mm", "1 g", "2 g/cm^3", "isotropic", "C11,C44", "1 GPa", "2 GPa", "0.1 GPa"]
    answers += ["0.1 GPa", "0.2 GPa", "0.1 GPa", "0.1 MHz", "1 MHz", ""]
    # mass and density are one too many: everything again, with what was given
    answers += ["", "", "", "", "-", "", "", "", "", "", "", "", "", "", "", ""]
    written = yaml.safe_load(_typed(monkeypatch, tmp_path, answers).read_text())
    assert written["mass"] == "1 g"
    assert "density" not in written
    assert "mass" in capsys.readouterr().err.partition("This cannot be used:")[2]
