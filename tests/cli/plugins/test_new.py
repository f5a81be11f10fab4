"""``spectra plugins new``: what it writes can be built, installed, tested and used as it is."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import spectra as package

UNDER_TEST = Path(package.__file__).parents[1]


@pytest.fixture
def new(spectra, tmp_path):
    """Write a plugin, and return its folder."""

    def write(name):
        done = spectra("plugins", "new", name)
        assert done.returncode == 0, done.stderr
        return tmp_path / "work" / done.stdout.strip()

    return write


@pytest.fixture
def installed(install, tmp_path):
    """Install a package from its wheel if that can be built without a network, otherwise as its folder says."""

    def put(folder):
        if find_spec("hatchling") is None:
            return install(folder)
        offline = ("--quiet", "--no-index", "--no-deps")
        run("-m", "pip", "wheel", *offline, "--no-build-isolation", "-w", tmp_path, folder, paths=[])
        (wheel,) = tmp_path.glob("*.whl")
        run("-m", "pip", "install", *offline, "--target", tmp_path / "site", wheel, paths=[])
        return [str(tmp_path / "site")]

    return put


def run(*arguments, paths, cwd=None):
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([*paths, str(UNDER_TEST)])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_new_plugin_passes_its_own_tests_and_the_checks_and_analyses_its_example(spectra, new, installed):
    folder = new("raman-2")
    paths = installed(folder)
    tested = run("-m", "pytest", "-q", "-p", "no:cacheprovider", paths=paths, cwd=folder)
    assert " passed" in tested

    measured = folder / "spectrum.txt"
    checked = spectra("plugins", "check", "raman-2", "--measurement", measured, "--json", paths=paths)
    outcomes = json.loads(checked.stdout)["checks"]["outcomes"]
    results = {(o["component"], o["check"]): o["result"] for o in outcomes}
    assert "failed" not in results.values()
    from_wheel = "skipped" if find_spec("hatchling") is None else "passed"
    assert results["plugin raman-2", "its modules are in its distribution"] == from_wheel
    assert results["technique raman-2", "reads and prepares a measured file"] == "passed"

    done = spectra("analyze", measured, "-s", folder / "sample.yaml", "--no-figure", "--json", paths=paths)
    quantities = {q["name"]: q for q in json.loads(done.stdout)["prediction"]["quantities"]}
    assert quantities["force constant"]["value"] == pytest.approx(1855, abs=15)  # what the file was computed from
    listed = json.loads(spectra("plugins", "list", "--json", paths=paths).stdout)["plugins"]
    assert next(p for p in listed if p["name"] == "raman-2")["state"] == "active"


def test_everything_is_named_after_the_plugin_and_nothing_is_left_to_fill_in(new):
    folder = new("x-ray-2")
    assert folder.name == "spectra-x-ray-2"
    written = {file.relative_to(folder).as_posix(): file.read_text() for file in folder.rglob("*") if file.is_file()}
    assert {".gitignore", ".github/workflows/tests.yml", "README.md", "src/spectra_x_ray_2/plugin.py"} <= written.keys()
    assert "LICENSE" not in written  # its author chooses
    for name, text in written.items():
        assert "<<" not in text
        assert "PACKAGE" not in name + text
        if name.endswith(".py"):
            compile(text, name, "exec")
    assert 'x-ray-2 = "spectra_x_ray_2.plugin"' in written["pyproject.toml"]
    assert list(folder.parent.iterdir()) == [folder]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Raman",
        "2raman",
        "ra man",
        "ra--man",
        "raman-",
        "ra_man",
        "../raman",
        "x'+exit()+'",
        "ramän",
        "r" * 41,
        "a\nb",
    ],
)
def test_what_cannot_be_a_name_is_refused(spectra, tmp_path, name):
    done = spectra("plugins", "new", "--", name)
    assert done.returncode == 3
    assert "cannot be the name of a plugin" in done.stderr
    assert "lower-case letters, digits and single hyphens" in done.stderr
    assert list((tmp_path / "work").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("rus", "plugin 'rus' (built in)"),
        ("vdos", "technique 'vdos' of the plugin 'xrd'"),
        ("profile", "reader 'profile-text' of the plugin 'xrd'"),
        ("platform", "distribution 'spectra-platform'"),
        ("spectra-raman", "begins with 'spectra'"),
    ],
)
def test_a_name_that_is_taken_is_refused(spectra, tmp_path, name, said):
    done = spectra("plugins", "new", name)
    assert done.returncode == 3
    assert said in " ".join(done.stderr.split())
    assert list((tmp_path / "work").iterdir()) == []


def test_the_name_of_an_installed_package_is_taken_even_if_it_is_no_plugin(spectra, tmp_path):
    (tmp_path / "elsewhere" / "spectra_mine").mkdir(parents=True)
    done = spectra("plugins", "new", "mine", paths=[str(tmp_path / "elsewhere")])
    assert done.returncode == 3
    assert "already the package 'spectra_mine'" in done.stderr


def test_an_existing_folder_stays_as_it_is(spectra, tmp_path):
    folder = tmp_path / "work" / "spectra-raman"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    done = spectra("plugins", "new", "raman")
    assert done.returncode == 3
    assert "There is already a spectra-raman" in done.stderr
    assert [file.name for file in folder.iterdir()] == ["notes.txt"]
