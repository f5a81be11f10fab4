"""Plugins are isolated: whatever one does, the rest goes on working, and its state says why it does not."""

import json
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import spectra as package


@pytest.fixture
def install(tmp_path):
    """Install a plugin module as a distribution would, and return the folder for the path."""

    def run(name, code, *, called=None, direct_url=None):
        folder = tmp_path / name
        info = folder / f"{name}-2.3.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 2.3\n")
        (info / "entry_points.txt").write_text(f"[spectra]\n{called or name} = {name}_module\n")
        if direct_url:
            (info / "direct_url.json").write_text(json.dumps(direct_url))
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
            "the encoder 'fingerprint' is already provided by 'peaks'",
        ),
        (
            IMPORTS
            + "@hookimpl\ndef spectra_register_encoders(register):\n"
            + "    register(Component(name=42, summary='', factory='x:y'))\n",
            "name and summary of the encoder 42 should be text",
        ),
        (IMPORTS + "SPECTRA_API_VERSION = 99\n", "it needs version 99 of spectra's plugin interface"),
        (IMPORTS + "SPECTRA_API_VERSION = 'new'\n", "its SPECTRA_API_VERSION is 'new'"),
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
        "powder",
        "indenter",
        "symmetry",
        "toy",
        "toy-pair",
        "toy-halves",
        "toy-grown",
    ]
    shown = json.loads(spectra("techniques", "show", "rus", "--json", paths=[folder]).stdout)["technique"]
    assert "mine" not in [component["name"] for component in shown["components"]]  # all or nothing
    assert spectra("--help", paths=[folder]).returncode == 0


ENCODERS = """
@hookimpl
def spectra_register_encoders(register):
    for name in ("raises", "exits"):
        register(Component(name=name, summary="", factory=f"late_module:{name}"))
    register(Component(name="nowhere", summary="", factory="no_such_package:Encoder"))
    register(Component(name="schemeless", summary="", factory="late_module:raises", parameters="late_module:missing"))

def raises(parameters):
    print("about to divide")
    return 1 / 0

def exits(parameters):
    raise SystemExit
"""


@pytest.mark.parametrize(
    ("encoder", "reason"),
    [
        ("raises", "ZeroDivisionError: division by zero"),
        ("exits", "SystemExit"),
        ("nowhere", "No module named 'no_such_package'"),
        ("schemeless", "has no attribute 'missing'"),
    ],
)
def test_a_component_that_cannot_be_made_is_its_plugins_fault_and_says_so(spectra, install, tmp_path, encoder, reason):
    folder = install("late", IMPORTS + ENCODERS)
    sample = tmp_path / "sample.yaml"
    sample.write_text("name: slab\ntechnique: toy\nthickness: 2 mm\n")
    done = spectra("train", "-s", sample, "--encoder", encoder, paths=[folder])
    assert done.returncode == 4
    assert done.stdout == ""
    assert f"The encoder '{encoder}' cannot be made, by a fault of the plugin 'late' (late 2.3)" in done.stderr
    assert reason in done.stderr


def test_a_component_without_its_schema_is_listed_with_the_reason(spectra, install):
    folder = install("late", IMPORTS + ENCODERS)
    shown = spectra("plugins", "show", "late", "--json", paths=[folder])
    assert shown.returncode == 0, shown.stderr
    plugin = json.loads(shown.stdout)["plugin"]
    assert plugin["state"] == "active"
    parts = {part["name"]: part for part in plugin["components"]}
    assert parts["raises"]["fault"] is None
    assert parts["schemeless"]["parameters"] is None
    assert "has no attribute 'missing'" in parts["schemeless"]["fault"]
    for command in (("plugins", "list"), ("plugins", "show", "late"), ("techniques", "show", "rus")):
        done = spectra(*command, paths=[folder])
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("cli.command('analyze')(lambda: None)", "there is a command 'analyze' already"),
        ("cli.command('toy-hello')(lambda: None)", "there is a command 'toy-hello' already"),
        ("cli.command('odd')(run)", "name 'missing' is not defined"),
    ],
)
def test_commands_that_cannot_be_added_are_missing_and_all_others_work(spectra, install, body, reason):
    code = f"def run(argument: 'missing'): pass\n@hookimpl\ndef spectra_register_commands(cli):\n    {body}\n"
    folder = install("zz", IMPORTS + code)
    overview = spectra("--help", paths=[folder])
    assert overview.returncode == 0
    assert "toy-hello" in overview.stdout
    assert "The commands of the plugin 'zz' are missing" in overview.stderr
    assert reason in overview.stderr
    assert spectra("toy-hello", paths=[folder]).stdout == "hello from a plugin\n"
    listed = spectra("plugins", "list", "--json", paths=[folder])
    plugins = {plugin["name"]: plugin for plugin in json.loads(listed.stdout)["plugins"]}
    assert plugins["zz"]["state"] == "active"
    assert reason in plugins["zz"]["notes"][0]
    assert "command toy-hello" in plugins["toy"]["contributes"]


def test_what_a_plugin_prints_while_it_is_loaded_does_not_reach_the_data(spectra, install):
    code = "print('loud at import')\n@hookimpl\ndef spectra_register_encoders(register):\n    print('and after')\n"
    folder = install("loud", IMPORTS + code)
    for command in (("plugins", "list", "--json"), ("techniques", "list", "--json")):
        done = spectra(*command, paths=[folder])
        assert json.loads(done.stdout)
        assert "loud at import\nand after" in done.stderr


def test_a_half_installed_distribution_stops_nothing(spectra, install):
    folder = Path(install("half", IMPORTS, direct_url={"vcs_info": None}))
    (folder / "half-2.3.dist-info" / "METADATA").unlink()
    listed = json.loads(spectra("plugins", "list", "--json", paths=[str(folder)]).stdout)["plugins"]
    assert {plugin["name"]: plugin["state"] for plugin in listed}.keys() >= {"rus", "toy", "half"}
    assert next(plugin for plugin in listed if plugin["name"] == "half")["distribution"] == "unknown"


def test_a_second_plugin_of_a_name_is_refused(spectra, install):
    code = "@hookimpl\ndef spectra_register_encoders(register):\n"
    code += "    register(Component(name='mine', summary='', factory='x:y'))\n"
    folder = install("usurper", IMPORTS + code, called="rus")
    listed = json.loads(spectra("plugins", "list", "--json", paths=[folder]).stdout)["plugins"]
    states = {plugin["source"]: plugin for plugin in listed if plugin["name"] == "rus"}
    assert states["built in"]["state"] == "active"
    assert states["usurper 2.3"]["state"] == "failed"
    assert "another plugin is called 'rus'" in states["usurper 2.3"]["reason"]
    assert "technique rus" in states["built in"]["contributes"]


def test_a_plugin_is_shown_with_its_distribution_and_the_parameters_of_its_components(spectra):
    plugin = json.loads(spectra("plugins", "show", "toy", "--json").stdout)["plugin"]
    assert (plugin["distribution"], plugin["version"], plugin["state"]) == ("toy-technique", "1.0", "active")
    noise = next(part for part in plugin["components"] if part["name"] == "toy-noise")
    assert noise["summary"] == "White noise"
    assert noise["parameters"]["properties"]["size"]["default"] == 0.01
    text = spectra("plugins", "show", "toy").stdout
    assert "size=0.01" in text
    assert "toy-hello" in text
    wrong = spectra("plugins", "show", "toi")
    assert wrong.returncode == 4
    assert "the nearest is 'toy'" in wrong.stderr


def test_requirements_install_the_same_plugins(spectra, install):
    code = IMPORTS + "SPECTRA_API_VERSION = 1\n"
    commit = "0123456789abcdef0123456789abcdef01234567"
    folders = [
        install("here", code, direct_url={"url": "file:///home/ada/here", "dir_info": {"editable": True}}),
        install(
            "there",
            code,
            direct_url={"url": "https://example.org/there.git", "vcs_info": {"vcs": "git", "commit_id": commit}},
        ),
        install("broken", "1 / 0"),
    ]
    done = spectra("plugins", "list", "--requirements", paths=folders)
    lines = [line for line in done.stdout.splitlines() if "spectra-platform" not in line]
    assert lines == [
        "# here==2.3 was installed from file:///home/ada/here; install it from there",
        f"there @ git+https://example.org/there.git@{commit}",
        "toy-technique==1.0",
    ]
    assert any(f"spectra-platform=={package.__version__}" in line for line in done.stdout.splitlines())
    for line in lines[1:]:
        Requirement(line)  # pip's own parser takes it
    assert spectra("plugins", "list", "--requirements", "--json").returncode == 2


def test_a_plugin_may_be_a_class_and_contribute_one_encoder(spectra, install):
    code = (
        IMPORTS
        + "class Plugin:\n    @hookimpl\n    def spectra_register_encoders(self, register):\n"
        + "        register(Component(name='mine', summary='My own', factory='x:y'))\n"
    )
    folder = install("own", code)
    info = next(Path(folder).glob("*.dist-info"))
    (info / "entry_points.txt").write_text("[spectra]\nown = own_module:Plugin\n")
    states = json.loads(spectra("plugins", "list", "--json", paths=[folder]).stdout)["plugins"]
    assert next(p for p in states if p["name"] == "own")["contributes"] == ["encoder mine"]


def test_a_plugin_made_for_version_1_works_and_the_list_says_to_look_for_an_upgrade(spectra, install):
    code = IMPORTS + "SPECTRA_API_VERSION = 1\n@hookimpl\ndef spectra_register_encoders(register):\n"
    code += "    register(Component(name='mine', summary='My own', factory='x:y'))\n"
    folder = install("former", code)
    said = "it is made for version 1 of spectra's plugin interface; that still works, but this is version 2"
    done = spectra("plugins", "list", paths=[folder])
    assert done.returncode == 0, done.stderr
    assert f"Note on former: {said}" in " ".join(done.stdout.split())
    assert f"The plugin 'former' (former 2.3): {said}" in done.stderr
    listed = json.loads(spectra("plugins", "list", "--json", paths=[folder]).stdout)["plugins"]
    former = next(plugin for plugin in listed if plugin["name"] == "former")
    assert (former["state"], former["api_version"], former["contributes"]) == ("active", 1, ["encoder mine"])
    assert "look for an upgrade of the plugin" in former["notes"][0]


def test_plugins_can_be_blocked_and_chosen(spectra):
    def states(**environment):
        listed = json.loads(spectra("plugins", "list", "--json", **environment).stdout)["plugins"]
        return {plugin["name"]: (plugin["state"], plugin["reason"]) for plugin in listed}

    assert states(SPECTRA_BLOCK_PLUGINS="toy")["toy"] == ("blocked", "by SPECTRA_BLOCK_PLUGINS")
    chosen = states(SPECTRA_PLUGINS="toy")
    assert chosen["rus"] == ("blocked", "by SPECTRA_PLUGINS")
    assert chosen["learning"] == ("active", "")  # serves every technique
    done = spectra("techniques", "show", "toy", SPECTRA_BLOCK_PLUGINS="toy")
    assert done.returncode == 4
    assert "'spectra plugins list'" in done.stderr
