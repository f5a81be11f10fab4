"""Completion as bash and zsh ask for it: what is installed and what is on record."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

import spectra as package
from spectra.core.samples import Sample
from spectra.registry.database.schema import VERSION_TABLE
from spectra.registry.registry import Registry

TOY = Path(__file__).parents[1] / "toy"


@pytest.fixture
def shell(home, tmp_path):
    """Call the program under its own name, by which it knows that a shell asks."""
    program, work = tmp_path / "spectra", tmp_path / "work"
    program.write_text("from spectra.cli.main import main\nmain()\n", encoding="utf-8")
    work.mkdir()
    path = os.pathsep.join([str(TOY), str(Path(package.__file__).parents[1])])

    def asks(**environment):
        done = subprocess.run(
            [sys.executable, str(program)],
            env=os.environ | {"PYTHONPATH": path} | environment,
            cwd=work,
            capture_output=True,
            text=True,
            check=False,
        )
        assert not done.stderr
        return done.stdout

    return asks


@pytest.fixture
def completed(shell):
    """Return what bash would offer for the last word of a line."""

    def offered(line):
        place = len(line.split(" ")) - 1
        return shell(_SPECTRA_COMPLETE="complete_bash", COMP_WORDS=line, COMP_CWORD=str(place)).split()

    return offered


@pytest.fixture
def steel(home):
    with Registry.open(home) as registry:
        return registry.add_sample(Sample(name="steel", technique="toy"))


def test_commands_techniques_components_and_settings(completed, tmp_path):
    assert completed("spectra ana") == ["analyze"]
    assert {"list", "show"} <= set(completed("spectra techniques "))
    assert {"rus", "xrd", "toy"} <= set(completed("spectra techniques show "))
    assert completed("spectra samples new xrd+") == ["xrd+vdos"]
    assert completed("spectra analyze a.txt --technique ru") == ["rus"]
    encoders = completed("spectra train --technique rus --encoder ")
    assert "fingerprint" in encoders
    assert "area-means" not in encoders
    (tmp_path / "work/sample.yaml").write_text("name: slab\ntechnique: toy\nthickness: 2 mm\n")
    assert "default" in completed("spectra train --sample sample.yaml --recipe ")
    assert completed("spectra train --sample nothing.yaml --recipe ") == []
    assert completed("spectra config da") == ["database_url"]
    assert "toy" in completed("spectra plugins show ")


def test_identifiers_names_and_keys_on_record(completed, steel, tmp_path):
    assert completed(f"spectra show {steel.id[:4]}") == [steel.id]
    assert completed("spectra show st") == ["steel"]
    assert set(completed("spectra tag ")) == {steel.id, "steel"}
    assert "verdict" in completed("spectra predictions list --columns ver")
    assert "id,sample" in completed("spectra predictions list --columns id,sam")
    assert completed("spectra predictions list --sort mis") == ["misfit"]
    assert completed(f"spectra show --db {tmp_path / 'other.sqlite'} st") == []
    assert not (tmp_path / "other.sqlite").exists()


def test_an_older_registry_is_neither_read_nor_migrated_for_it(completed, steel, home):
    with sqlite3.connect(home / "registry.sqlite") as database:
        database.execute(f"UPDATE {VERSION_TABLE} SET version_num = '0004'")
    before = sorted(path.name for path in home.iterdir())
    assert completed("spectra show st") == []
    assert sorted(path.name for path in home.iterdir()) == before


def test_zsh_shows_what_each_is(shell, steel):
    assert '"steel":"sample"' in shell(_SPECTRA_COMPLETE="complete_zsh", _TYPER_COMPLETE_ARGS="spectra show st")
