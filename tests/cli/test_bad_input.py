"""Bad input gives a sentence with place and remedy and the documented exit code, and writes nothing."""

import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

SWEEP = "".join(f"{0.2 + 8e-5 * row:.6f} {0.1 + row % 97 / 300:.5f}\n" for row in range(13_750))
STEEL = Path(__file__).parents[2] / "examples" / "rus" / "steel"


@pytest.fixture
def files(tmp_path):
    for name in ("peaks.dat", "sample.yaml"):
        shutil.copy(STEEL / name, tmp_path / name)
    return tmp_path


def change(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def refused(done, code, *sentences):
    assert done.returncode == code, (done.returncode, done.stderr)
    for sentence in sentences:
        assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def in_hz(text, factor):
    return "\n".join(f"{factor * float(line):.1f}" for line in text.split()[2:])


@pytest.mark.parametrize(
    ("content", "sentences"),
    [
        (None, ["There is no measurement", "Check the path."]),
        ("", ["there are no peaks in this file", "Give one frequency per line."]),
        ("It was a dark\nand stormy night\n", ["peaks.dat, line 1: 'It was a dark' is not a frequency."]),
        ("0.38\nnan\n0.5\n", ["peaks.dat, line 2: nan is not a finite number."]),
        ("0.38\n0.46\n-0.5\n", ["peaks.dat, line 3: -0.5 is negative."]),
        (1e6, ["66 of 66 peaks lie outside the window", "look like Hz, but MHz was declared", "--set reader.unit=Hz"]),
        (1e3, ["look like kHz, but MHz was declared", "--set reader.unit=kHz"]),
        (SWEEP, ["peaks.dat: 249 lines and more would not explain this curve", "it is no sweep of resonances"]),
        (SWEEP.replace(".", ",").replace(" ", ";"), ["peaks.dat: 249 lines and more would not explain this curve"]),
        ("388,1\n401,0\n461,1\n", ["line 1: '388,1' may be 388.1 with a decimal comma", "Write decimal points"]),
        ("0.38,1\n109,076\n", ["line 2: '109,076' looks like a decimal comma, but other numbers"]),
        ("0.38 1 40\n0.46 1 60\n", ["line 1: the third column, 40, is no standard deviation", "deviations in MHz"]),
        ("2.1\n2.2\n2.3\n", ["3 of 3 peaks lie outside the window of 'steel-pin', 0.2 to 1.3 MHz"]),
    ],
)
def test_unusable_measurements(spectra, files, home, content, sentences):
    peaks = files / "peaks.dat"
    if content is None:
        peaks.unlink()
    else:
        peaks.write_text(in_hz(peaks.read_text(), content) if isinstance(content, float) else content)
    refused(spectra("analyze", peaks, "-t", "rus", "-s", files / "sample.yaml"), 3, *sentences)
    assert not home.exists()


@pytest.mark.parametrize(
    ("old", "new", "sentences"),
    [
        ("diameter:", "diametre:", ["sample.yaml, line 7: unknown key", "the nearest is 'diameter'"]),
        ("4.76 mm", "4.76", ["sample.yaml, line 7", "4.76 has no unit", "for example '4.76 mm'"]),
        ("  height: 3.45 mm\n", "", ["sample.yaml, line 5", "'shape.cylinder.height' is missing"]),
        ("to: 370 GPa", "to: 70 GPa", ["sample.yaml, line 12", "range from 170 to 70 GPa is empty"]),
        ("170 GPa, to: 370", "17 GPa, to: 37", ["No solid is stable anywhere in the searched ranges"]),
        ("0.48 g", "0.48 kg", ["a density of 7,818,408 kg/m^3, more than any solid has", "is 0.48 g, not 0.48 kg"]),
        ("mass: 0.48 g", "density: 7.8 kg/m^3", ["near 7.57 MHz", "Probably the density is 7.8 g/cm^3"]),
        ("0.2 MHz, to: 1.3 MHz", "0.2 kHz, to: 1.3 kHz", ["near 0.239 MHz", "window is 0.2 to 1.3 MHz, not kHz"]),
        ("0.2 MHz, to: 1.3 MHz", "200 MHz, to: 1300 MHz", ["window is 200 to 1300 kHz, not MHz", "about 258 are"]),
        ("name: steel-pin", "name: [", ["this is not YAML"]),
        ("technique: rus\n", "technique: xray\n", ["is a sample for 'xray', not for 'rus'"]),
    ],
)
def test_unusable_samples(spectra, files, home, old, new, sentences):
    change(files / "sample.yaml", old, new)
    done = spectra("analyze", files / "peaks.dat", "-t", "rus", "-s", files / "sample.yaml")
    refused(done, 2 if "xray" in new else 3, *sentences)
    if home.exists():  # the ranges are only looked at once the registry was asked for a model
        with sqlite3.connect(home / "registry.sqlite") as connection:
            assert connection.execute("SELECT count(*) FROM samples").fetchone() == (0,)
        connection.close()


@pytest.mark.parametrize(
    ("old", "new", "at", "sentences"),
    [
        ("mass: 0.48 g", "density: 7.8 kg/m^3", "C11=270,C44=80", ["Probably the density is 7.8 g/cm^3"]),
        ("0.2 MHz, to: 1.3 MHz", "0.2 kHz, to: 1.3 kHz", "C11=270,C44=80", ["window is 0.2 to 1.3 MHz, not kHz"]),
        ("4.76 mm\n  height: 3.45 mm", "4.76 in\n  height: 3.45 in", "C11=270,C44=80", ["are in mm, not in inch"]),
        (
            "pin",
            "pin",
            "C11=270000,C44=80000",
            ["no mode in the window of 'steel-pin'", "its lowest mode lies near 12.3 MHz"],
        ),
    ],
)
def test_one_spectrum_without_modes_is_no_empty_table(spectra, files, home, old, new, at, sentences):
    change(files / "sample.yaml", old, new)
    refused(spectra("simulate", "-s", files / "sample.yaml", "--at", at), 3, *sentences)
    assert not home.exists()


def test_unknown_techniques_components_parameters_and_records(spectra, files, home):
    peaks, sample = files / "peaks.dat", files / "sample.yaml"
    refused(spectra("analyze", peaks, "-t", "ruse", "-s", sample), 4, "no technique 'ruse'", "the nearest is 'rus'")
    refused(spectra("techniques", "show", "raman"), 4, "no technique 'raman'")
    refused(spectra("analyze", peaks, "-s", sample, "--encoder", "fingerprnt"), 4, "the nearest is 'fingerprint'")
    refused(spectra("analyze", peaks, "-s", sample, "--set", "encoder.bin=64"), 3, "the nearest is 'bins'")
    refused(spectra("analyze", peaks, "-s", sample, "--set", "encoder.bins=many"), 3, "'bins' is 'many'")
    refused(spectra("analyze", peaks, "-s", sample, "--set", "bins"), 2, "ROLE.PARAMETER=VALUE")
    refused(spectra("analyze", peaks, "-s", sample, "--set", "coder.bins=1"), 3, "no role 'coder'")
    refused(spectra("analyze", peaks, "-s", sample, "--figure", "x.doc"), 2, "Use .png, .pdf or .svg.")
    refused(spectra("analyze", peaks, "-s", sample, "--figure", "no/x.png"), 2, "There is no folder no")
    refused(spectra("simulate", "-s", sample, "--at", "C11=270"), 2, "Missing in --at: C44.")
    refused(spectra("simulate", "-s", sample, "--at", "C11=100,C44=80"), 3, "No solid has C11 = 100, C44 = 80")
    refused(spectra("analyze", peaks, "-s", sample, "--reader", "toy-columns"), 3)
    assert not home.exists()
    refused(spectra("analyze", peaks, "-s", sample, "--model", "abcd"), 4, "There is no model 'abcd'")
    refused(spectra("show", "a%_"), 4)
    assert spectra("analyze", peaks).returncode == 2
    assert spectra("frobnicate").returncode == 2


def test_a_registry_from_a_newer_version_and_a_foreign_database_are_left_alone(spectra, tmp_path, home):
    assert spectra("samples", "list").returncode == 0
    with sqlite3.connect(home / "registry.sqlite") as connection:
        connection.execute("UPDATE spectra_schema SET version_num = '9999'")
    connection.close()
    refused(spectra("samples", "list"), 5, "was written by a newer version of spectra (schema 9999", "Upgrade spectra")

    foreign = tmp_path / "other.sqlite"
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE recipes (cake TEXT)")
    connection.close()
    before = foreign.read_bytes()
    refused(spectra("models", "list", "--db", foreign), 5, "belongs to another program", "recipes")
    assert foreign.read_bytes() == before
    text = tmp_path / "notes.txt"
    text.write_text("not a database at all, but long enough to be looked at" * 20)
    refused(spectra("models", "list", "--db", text), 5, "is not an SQLite database")


def test_a_damaged_model_is_refused_and_training_again_repairs_it(spectra, tmp_path, home):
    sample = tmp_path / "sample.yaml"
    sample.write_text("name: slab\ntechnique: toy\nthickness: 2 mm\n")
    line = tmp_path / "line.txt"
    line.write_text("\n".join(f"{-1 + 0.025 * i:.3f} {2 / (1 + 30 * (-1 + 0.025 * i) ** 2):.4f}" for i in range(81)))
    model = json.loads(spectra("train", "-s", sample, "--json").stdout)["model"]
    digest = model["artefact"].removeprefix("sha256:")
    path = home / "artefacts" / "sha256" / digest[:2] / digest
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)

    refused(spectra("analyze", line, "-s", sample), 5, f"{digest} is damaged", "spectra train --again")
    assert json.loads(spectra("predictions", "list", "--json").stdout)["predictions"] == []

    assert spectra("train", "-s", sample, "--again").returncode == 0
    assert spectra("analyze", line, "-s", sample).returncode == 0


def test_a_model_of_another_specimen_is_refused(spectra, tmp_path):
    sample = tmp_path / "sample.yaml"
    sample.write_text("name: slab\ntechnique: toy\nthickness: 2 mm\n")
    model = json.loads(spectra("train", "-s", sample, "--json").stdout)["model"]
    sample.write_text("name: thin slab\ntechnique: toy\nthickness: 1 mm\n")
    line = tmp_path / "line.txt"
    line.write_text("\n".join(f"{i / 40 - 1:.3f} 0.1" for i in range(81)))
    refused(
        spectra("analyze", line, "-s", sample, "--model", model["id"]),
        3,
        "was trained for the sample 'slab', whose facts",
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_a_sentence_and_no_bug(home):
    command = [sys.executable, "-c", "from spectra.cli.main import main; main()", "techniques", "list", "--json"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert "bug" not in done.stderr
