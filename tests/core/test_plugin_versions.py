"""Which plugins are taken, by the version of the interface that they are made for."""

from dataclasses import replace

import pytest

from spectra.cli import session
from spectra.cli.plugin_commands import commands_of_plugins
from spectra.core import hookspecs
from spectra.core.manager import load_plugins
from spectra.core.session import Specimen


@pytest.fixture
def third_version(monkeypatch):
    """A spectra whose interface is at version 3 and takes plugins for 2."""
    monkeypatch.setattr(hookspecs, "API_VERSION", 3)
    monkeypatch.setattr(hookspecs, "OLDEST_API_VERSION", 2)


@pytest.fixture
def plugin(tmp_path, monkeypatch):
    """A module that registers one encoder and is made for a version."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def write(name, version):
        (tmp_path / f"{name}.py").write_text(
            "from spectra.core.components import Component\n"
            "from spectra.core.hookspecs import hookimpl\n"
            f"{'' if version is None else f'SPECTRA_API_VERSION = {version}'}\n"
            "@hookimpl\n"
            "def spectra_register_encoders(register):\n"
            f"    register(Component(name='mine', summary='', factory='{name}:Mine'))\n"
        )
        return name

    return write


FORMER = """
from toy_technique.parts import Toy
from spectra.core.components import Component
from spectra.core.hookspecs import hookimpl
from spectra.core.technique import Choice, Design, EstimatedQuantity, Recipe, Result

SPECTRA_API_VERSION = 1

class Former:
    sample_schema, readers = Toy.sample_schema, Toy.readers
    quantities, design, prepare = Toy.quantities, Toy.design, Toy.prepare
    derive, remarks, draw, refiner, kind = Toy.derive, Toy.remarks, Toy.draw, Toy.refiner, Toy.kind

    def recipe(self, sample):
        return Recipe(
            forward_model=Choice(name="toy-line"),
            distortions=(Choice(name="toy-noise"),),
            encoder=Choice(name="toy-values"),
            regressor=Choice(name="toy-ridge"),
        )

    def recipe_without_network(self, sample):
        return None

@hookimpl
def spectra_register_techniques(register):
    register(Component(name="former", summary="", factory=Former))

@hookimpl
def spectra_register_commands(cli):
    cli.command("former")(lambda: None)
"""


def test_a_technique_made_for_version_1_trains_and_analyses(tmp_path, monkeypatch, laboratory):
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "former_plugin.py").write_text(FORMER)
    plugins = load_plugins(("former_plugin",), {})
    status = plugins.statuses[0]
    assert (status.state, status.api_version) == ("active", 1)
    assert "made for version 1 of spectra's plugin interface; that still works" in status.notes[0]
    former = replace(laboratory, catalogue=plugins.catalogue)
    specimen = Specimen(technique=plugins.catalogue.technique("former"), sample=laboratory.sample)
    assert list(specimen.recipes) == ["default"]
    analysis = former.analyze(former.measure(), specimen=specimen)
    assert analysis.prediction.quantities[0].value == pytest.approx(0.12, abs=0.03)
    commands, faults = commands_of_plugins(plugins, set())
    assert commands["former_plugin"].names == ("former",)
    assert "former_plugin" not in faults


@pytest.mark.parametrize(
    ("made_for", "state", "said"),
    [
        (
            1,
            "failed",
            "made for version 1 of spectra's plugin interface, and this spectra takes plugins for versions 2",
        ),
        (2, "active", "made for version 2 of spectra's plugin interface; that still works, but this is version 3"),
        (3, "active", ""),
        (None, "active", ""),
        (4, "failed", "needs version 4 of spectra's plugin interface and this is 3; upgrade spectra-platform"),
    ],
)
def test_the_last_versions_are_taken_and_the_sentence_says_what_to_upgrade(
    third_version, plugin, made_for, state, said
):
    name = plugin(f"made_for_{made_for}", made_for)
    plugins = load_plugins((name,), {"SPECTRA_PLUGINS": name})
    status = plugins.statuses[0]
    assert status.state == state
    assert said in status.reason + "".join(status.notes)
    assert bool(status.reason or status.notes) == bool(said)
    assert [entry.component.name for entry in plugins.catalogue.entries()] == (["mine"] if state == "active" else [])


def test_commands_say_on_standard_error_that_a_plugin_is_getting_old(third_version, plugin, monkeypatch, capsys):
    name = plugin("getting_old", 2)
    monkeypatch.setattr(session, "BUILT_IN", (name,))
    monkeypatch.setenv("SPECTRA_PLUGINS", name)
    session.load()
    said = capsys.readouterr()
    assert said.out == ""
    assert "The plugin 'getting_old' (built in): it is made for version 2" in said.err
    assert "look for an upgrade of the plugin" in said.err
