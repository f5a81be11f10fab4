"""The technique: sample files, real scans, and phases that are not there."""

from pathlib import Path

import numpy as np
import pytest
import yaml
from pydantic import ValidationError

from spectra.core.components import NoParameters
from spectra.core.errors import InputError
from spectra.core.measurements import Measurement, RawFile
from spectra.core.signals import Profile
from spectra.plugins.powder.forward import ANGLE
from spectra.plugins.powder.sample import PowderSample
from spectra.plugins.xrd.readers.profile_text import ProfileTextParameters, ProfileTextReader
from spectra.plugins.xrd.readers.xrdml import XrdmlReader
from tests.powder.conftest import counted, refined, sample_of

DATA = Path(__file__).parents[1] / "data" / "xrd"
EXAMPLE = Path(__file__).parents[2] / "examples" / "powder"
MANGANOSITE = {"name": "MnO", "space_group": "F m -3 m", "cell": {"a": "4.38 Å"}}
HALITE = {"name": "NaCl", "space_group": "F m -3 m", "cell": {"a": "5.64 Å"}}


def prepared(powder, sample, name):
    file = RawFile.read(DATA / name)
    reader = XrdmlReader(NoParameters()) if name.endswith("xrdml") else ProfileTextReader(ProfileTextParameters())
    return powder.prepare(reader.read(file), sample).signal


def test_the_lattice_parameter_of_manganosite_is_the_published_one(powder):
    sample = sample_of(MANGANOSITE, angles={"from": "15 °", "to": "100 °"}, instrument=None)
    found = refined(sample, prepared(powder, sample, "MnO.xy"))
    assert found.values[0] == pytest.approx(4.4448, rel=2e-4)  # PDF 7-230
    assert found.values[0] == pytest.approx(4.446, abs=1e-3)  # Sasaki et al., Acta Cryst. A 36, 904 (1980)
    assert not found.doubts


def test_a_weighed_mixture_has_its_fractions_and_the_published_cells(powder):
    document = yaml.safe_load((EXAMPLE / "mixture.yaml").read_text())
    sample = PowderSample.model_validate(document, context={"folder": EXAMPLE})
    scan = XrdmlReader(NoParameters()).read(RawFile.read(EXAMPLE / "TiO2_0p4009-ZnO_0p6010--8min.xrdml"))
    found = refined(sample, powder.prepare(scan, sample).signal)
    names = [quantity.name for quantity in powder.quantities(sample)]
    values, deviations = (dict(zip(names, v, strict=True)) for v in (found.values, np.sqrt(np.diag(found.covariance))))
    assert not found.doubts
    # weighed, in the name of the file
    assert values["fraction anatase"] == pytest.approx(100 * 0.4009 / (0.4009 + 0.6010), abs=3)
    assert 2 < deviations["fraction anatase"] < 10
    # PDF 21-1272 and 36-1451; the note on the shift says 0.03 %
    published = {"a anatase": 3.7852, "c anatase": 9.5139, "a zincite": 3.24982, "c zincite": 5.20661}
    for name, value in published.items():
        assert values[name] == pytest.approx(value, rel=3e-4)
    assert any("edges would differ by up to 0.03" in note for note in found.notes)


def test_a_phase_that_is_not_there_is_refused(powder):
    sample = sample_of(HALITE, angles={"from": "15 °", "to": "100 °"}, instrument=None)
    found = refined(sample, prepared(powder, sample, "MnO.xy"))
    assert found.refused
    assert "Nothing in the scan tells that it holds NaCl" in found.doubts[0]


def test_noise_alone_is_refused():
    sample = sample_of(MANGANOSITE)
    x = np.arange(15, 90, 0.02)
    noise = Profile(x=x, y=np.random.default_rng(0).poisson(300.0, (1, len(x))) * 1.0, x_unit=ANGLE, y_unit="counts")
    assert refined(sample, noise).refused


def test_a_scan_that_does_not_cover_the_angles_is_refused(powder):
    sample = sample_of(MANGANOSITE, angles={"from": "5 °", "to": "100 °"})
    with pytest.raises(InputError, match="covers 10 to 100°"):
        prepared(powder, sample, "MnO.xy")
    short = Profile(x=np.arange(20, 30, 0.1), y=np.ones((1, 100)), x_unit="mm", y_unit="1")
    with pytest.raises(InputError, match="no diffraction profile"):
        powder.prepare(Measurement(signal=short, file=RawFile(name="x", content=b""), reader=""), sample)


def test_a_scan_with_another_radiation_is_refused(powder):
    sample = sample_of(MANGANOSITE, radiation="Co Kα", angles={"from": "20 °", "to": "90 °"})
    with pytest.raises(InputError, match=r"measured with 1.5406 Å, but the sample says 'Co Kα'"):
        prepared(powder, sample, "Bi2O3-Nb2O5_500C_60min.xrdml")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"radiation": "Xx Kα"}, "no radiation"),
        ({"phases": [{"name": "A"}]}, "needs either 'cif'"),
        ({"phases": [MANGANOSITE, MANGANOSITE]}, "two phases have one name"),
        ({"phases": [{**MANGANOSITE, "space_group": "F m -3 q"}]}, "no space group"),
        ({"phases": [{**MANGANOSITE, "range": "40 %"}]}, "more than 10 %"),
        ({"angles": {"from": "90 °", "to": "20 °"}}, "no range"),
    ],
)
def test_a_sample_that_makes_no_sense_is_refused_in_words(change, says):
    document = {
        "name": "x",
        "technique": "powder",
        "phases": [MANGANOSITE],
        "angles": {"from": "20 °", "to": "90 °"},
    }
    with pytest.raises(ValidationError, match=says):
        PowderSample.model_validate(document | change)


def test_lines_as_wide_as_no_diffractometer_makes_them_are_doubted():
    sample = sample_of(MANGANOSITE, instrument=None)
    wide = sample_of(MANGANOSITE, instrument={"W": 0.09})
    found = refined(sample, counted(wide, [4.4, 500.0, 0.02, 0.1]))
    assert "0.30° wide at all angles" in " ".join(found.doubts)
    assert not found.refused
