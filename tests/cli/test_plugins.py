"""Plugins are isolated: whatever one does, the rest goes on working, and its state says why it does not."""

import json

import pytest


@pytest.fixture
def install(tmp_path):
    """Install a plugin module as a distribution would, and return the folder for the path."""

    def run(name, code):
        folder = tmp_path / name
        info = folder / f"{name}-2.3.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 2.3\n")
        (info / "entry_points.txt").write_text(f"[spectra]\n{name} = {name}_module\n")
        (folder / f"{name}_module.py").write_text(code)
        return str(folder)

    return run


IMPORTS = "from spectra.core.components import Component\nfrom spectra.core.hookspecs import hookimpl\n"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("raise RuntimeError('no licence')", "RuntimeError: no licence"),
        ("import no_such_package", "No module named 'no_such_package'"),
        ("import sys; sys.exit(3)", "SystemExit: 3"),
        ("def broken(:", "SyntaxError"),
        (IMPORTS + "@hookimpl\ndef spectra_register_encoders(register):\n    1 / 0\n", "ZeroDivisionError"),
        (IMPORTS + "@hookimpl\ndef spectra_register_encodes(register):\n    pass\n", "unknown hook"),
        (IMPORTS + "@hookimpl\ndef spectra_register_encoders(register, extra):\n    pass\n", "extra"),
        (
            IMPORTS + "@hookimpl\ndef spectra_register_encoders(register):\n    register(42)\n",
            "not a spectra.core Component",
        ),
        (
            IMPORTS
            + "@hookimpl\ndef spectra_register_encoders(register):\n"
            + "    register(Component(name='mine', summary='', factory='x:y'))\n"
            + "    register(Component(name='fingerprint', summary='', factory='x:y'))\n",
            "the encoder 'fingerprint' is already provided by 'rus'",
        ),
        (IMPORTS + "SPECTRA_API_VERSION = 99\n", "it needs version 99 of spectra's plugin interface"),
    ],
)
def test_a_broken_plugin_is_reported_and_everything_else_works(spectra, install, code, reason):
    folder = install("broken", code)
    done = spectra("plugins", "list", "--json", paths=[folder])
    assert done.returncode == 0, done.stderr
    states = {plugin["name"]: plugin for plugin in json.loads(done.stdout)["plugins"]}
    assert states["broken"]["state"] == "failed"
    assert states["broken"]["source"] == "broken 2.3"
    assert reason in states["broken"]["reason"]
    assert states["rus"]["state"] == states["toy"]["state"] == "active"
    techniques = json.loads(spectra("techniques", "list", "--json", paths=[folder]).stdout)["techniques"]
    assert [technique["name"] for technique in techniques] == [
        "rus",
        "xrd",
        "vdos",
        "xrd+vdos",
        "toy",
        "toy-pair",
        "toy-halves",
        "toy-grown",
    ]
    shown = json.loads(spectra("techniques", "show", "rus", "--json", paths=[folder]).stdout)["technique"]
    assert "mine" not in [component["name"] for component in shown["components"]]  # all or nothing
    assert spectra("--help", paths=[folder]).returncode == 0


def test_a_plugin_may_be_a_class_and_contribute_one_encoder(spectra, install):
    code = (
        IMPORTS
        + "class Plugin:\n    @hookimpl\n    def spectra_register_encoders(self, register):\n"
        + "        register(Component(name='mine', summary='My own', factory='x:y'))\n"
    )
    folder = install("own", code)
    info = next(p for p in __import__("pathlib").Path(folder).glob("*.dist-info"))
    (info / "entry_points.txt").write_text("[spectra]\nown = own_module:Plugin\n")
    states = json.loads(spectra("plugins", "list", "--json", paths=[folder]).stdout)["plugins"]
    assert next(p for p in states if p["name"] == "own")["contributes"] == ["encoder mine"]


def test_plugins_can_be_blocked_and_chosen(spectra):
    def states(**environment):
        listed = json.loads(spectra("plugins", "list", "--json", **environment).stdout)["plugins"]
        return {plugin["name"]: (plugin["state"], plugin["reason"]) for plugin in listed}

    assert states(SPECTRA_BLOCK_PLUGINS="toy")["toy"] == ("blocked", "by SPECTRA_BLOCK_PLUGINS")
    assert states(SPECTRA_PLUGINS="toy")["rus"] == ("blocked", "by SPECTRA_PLUGINS")
    done = spectra("techniques", "show", "toy", SPECTRA_BLOCK_PLUGINS="toy")
    assert done.returncode == 4
    assert "'spectra plugins list'" in done.stderr
