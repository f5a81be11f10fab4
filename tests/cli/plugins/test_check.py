"""``spectra plugins check``: what ran, what failed, what was skipped and why, and an exit code for scripts."""

import json

import pytest

BROKEN = """
from pydantic import BaseModel
from spectra.core.components import Component
from spectra.core.hookspecs import hookimpl
class Lax(BaseModel):
    size: float = 1.0
class Nothing:
    def __init__(self, parameters):
        pass
@hookimpl
def spectra_register_encoders(register):
    register(Component(name="mine", summary="\\x1b[31mMine", factory="broken_module:Nothing", parameters=Lax))
"""


@pytest.fixture
def broken(tmp_path):
    """Install a plugin whose one encoder has neither methods nor a strict schema."""
    folder = tmp_path / "broken"
    info = folder / "broken-2.3.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 2.3\n")
    (info / "entry_points.txt").write_text("[spectra]\nbroken = broken_module\n")
    (folder / "broken_module.py").write_text(BROKEN)
    return str(folder)


def test_a_sound_plugin_passes_and_says_what_was_skipped(spectra):
    done = spectra("plugins", "check", "toy")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "its state works in a new process" in done.stdout
    assert "no measured file was given" in done.stdout
    assert " 0 failed" in done.stdout
    assert "Checking toy" in done.stderr


def test_a_measured_file_is_read_by_the_readers_that_understand_it(spectra, tmp_path):
    measured = tmp_path / "line.xy"
    measured.write_text("\n".join(f"{x / 40 - 1} {1 / (1 + x**2)}" for x in range(81)))
    done = spectra("plugins", "check", "toy", "--measurement", measured, "--json")
    outcomes = json.loads(done.stdout)["checks"]["outcomes"]
    results = {(o["component"], o["check"]): o for o in outcomes}
    assert results["reader toy-columns", "reads a measured file"]["result"] == "passed"
    assert results["technique toy", "reads and prepares a measured file"]["result"] == "passed"
    other = results["reader toy-arrays", "reads a measured file"]
    assert other["result"] == "skipped"
    assert "reads none of the measured files" in other["reason"]


def test_a_broken_plugin_exits_with_6_and_says_why(spectra, broken):
    done = spectra("plugins", "check", "broken", "--json", paths=[broken])
    assert done.returncode == 6
    checks = json.loads(done.stdout)["checks"]
    failed = {o["check"]: o["reason"] for o in checks["outcomes"] if o["result"] == "failed"}
    assert checks["failed"] == len(failed)
    assert set(failed) == {
        "its name can be typed",
        "its parameters refuse unknown keys",
        "encodes some signal",
    }
    assert "no attribute 'fit'" in failed["encodes some signal"]
    assert checks["skipped"] + checks["passed"] + checks["failed"] == len(checks["outcomes"])


def test_a_plugin_can_be_tried_with_a_sample_of_another_technique(spectra, broken, tmp_path):
    sample = tmp_path / "sample.yaml"
    sample.write_text("{name: s, technique: toy, thickness: 2 mm}")
    assert spectra("plugins", "check", "broken", "--sample", sample, paths=[broken]).returncode == 6
    missing = spectra("plugins", "check", "toy", "--sample", tmp_path / "none.yaml")
    assert missing.returncode == 3
    assert "There is no sample file" in missing.stderr
    sample.write_text("{name: s, technique: toy, thickness: 2 V}")
    wrong = spectra("plugins", "check", "toy", "--sample", sample)
    assert wrong.returncode == 3
    assert "'thickness'" in wrong.stderr


def test_a_plugin_that_cannot_be_loaded_fails_and_an_unknown_one_is_not_found(spectra, tmp_path, broken):
    done = spectra("plugins", "check", "broken", paths=[broken], SPECTRA_BLOCK_PLUGINS="broken")
    assert done.returncode == 6
    assert "The plugin is blocked: by SPECTRA_BLOCK_PLUGINS" in done.stdout
    unknown = spectra("plugins", "check", "tois")
    assert unknown.returncode == 4
    assert "There is no plugin 'tois'; the nearest is 'toy'" in unknown.stderr
