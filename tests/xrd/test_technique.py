"""The techniques from data set to prediction, on structures that were simulated before."""

from dataclasses import replace

import numpy as np
import pytest

from spectra.core.basics.attachments import Attachment
from spectra.core.errors import InputError
from spectra.core.formats.data_set_file import DataSetFile
from spectra.core.measurements import Measurement, RawFile
from spectra.core.quantities import Quantity
from spectra.core.signals import Bundle, Profile
from spectra.plugins.learning.recorded_structures import RecordedParameters, RecordedStructures
from spectra.plugins.xrd.forward import two_theta, wavenumbers
from spectra.plugins.xrd.physics.scattering import ANGLE
from spectra.plugins.xrd.physics.vdos import WAVENUMBER
from spectra.plugins.xrd.preparation import on_wavenumbers
from spectra.plugins.xrd.readers.scan import WAVELENGTH_KEY
from spectra.plugins.xrd.sample import AtomisticSample, Simulation
from spectra.plugins.xrd.technique import vdos, xrd, xrd_and_vdos

AXES = Simulation(structures=10)
FILE = RawFile(name="measured.dat", content=b"")


def structures(count=20, parts=("xrd", "vdos")):
    """A data set file whose one quantity is the place of a line."""
    place = np.linspace(0.3, 0.7, count)[:, np.newaxis]
    axes = {"xrd": (two_theta(AXES), ANGLE), "vdos": (wavenumbers(AXES), WAVENUMBER)}
    profiles = {
        name: Profile(x=x, y=np.exp(-(((x - x[0]) / np.ptp(x) - place) ** 2) / 0.01), x_unit=unit, y_unit="1")
        for name, (x, unit) in axes.items()
        if name in parts
    }
    return DataSetFile(
        quantities=(Quantity(name="place", unit="", description="of the line", lower=0, upper=1),),
        values=place,
        signal=Bundle(parts=profiles) if len(parts) > 1 else profiles[parts[0]],
        points=None,
        recipe={},
        notes=("made for a test",),
        environment={},
    )


def sample(technique, file=None):
    content = (file or structures()).to_bytes()
    return AtomisticSample(name="gold", technique=technique, data_set=Attachment(name="gold.npz", content=content))


def measured(signal, **details):
    return Measurement(signal=signal, file=FILE, reader="", details=details)


def scan(low=29.0, high=91.0, step=0.05):
    x = np.arange(low, high, step)
    return Profile(x=x, y=1000 * np.exp(-(((x - 60.2) / 3) ** 2))[np.newaxis] + 5, x_unit=ANGLE, y_unit="counts")


def density(low=2.0, high=300.0, step=1.0):
    x = np.arange(low, high, step)
    return Profile(x=x, y=np.where(x < 160, x**2, 0.0)[np.newaxis], x_unit=WAVENUMBER, y_unit="arbitrary")


def test_structures_of_one_trajectory_stay_together_as_the_file_says():
    trajectories = np.repeat(np.arange(5), 4)
    kept = replace(structures(), groups=trajectories)
    assert np.array_equal(DataSetFile.from_bytes(kept.to_bytes()).groups, trajectories)
    assert np.array_equal(xrd().design(sample("xrd", kept)).groups, trajectories)
    assert xrd().design(sample("xrd")).groups is None
    assert xrd().design(sample("xrd", kept).model_copy(update={"split": "random"})).groups is None
    with pytest.raises(InputError, match="20 values, 20 signals, 3 groups"):
        DataSetFile.from_bytes(replace(kept, groups=np.arange(3)).to_bytes())
    with pytest.raises(InputError, match="'groups' of the data set file are no row of whole numbers"):
        DataSetFile.from_bytes(replace(kept, groups=np.zeros((20, 1))).to_bytes())


def test_families_that_are_to_be_simulated_stay_together():
    simulation = {"structures": 12, "family": 4, "first_seed": 7}
    described = {"name": "gold", "technique": "xrd", "simulation": simulation}
    design = xrd().design(AtomisticSample.model_validate(described))
    assert design.groups.tolist() == [7, 7, 7, 7, 8, 8, 8, 8, 9, 9, 9, 9]
    assert design.points[4:6].tolist() == [[8, 0], [8, 1]]
    assert xrd().design(AtomisticSample.model_validate(described | {"split": "random"})).groups is None


@pytest.mark.parametrize(("made", "name", "kind"), [(xrd, "xrd", "profile"), (xrd_and_vdos, "xrd+vdos", "bundle")])
def test_a_technique_takes_its_spectra_and_quantities_out_of_the_file(made, name, kind):
    technique, specimen = made(), sample(name)
    design = technique.design(specimen)
    values, signal = RecordedStructures(specimen, RecordedParameters()).generate(design.points[3:5])
    assert design.points.shape == (20, 1)
    assert design.notes == ("made for a test",)
    assert signal.kind == kind
    assert np.allclose(values, structures().values[3:5])
    assert [quantity.name for quantity in technique.quantities(specimen)] == ["place"]


def test_a_file_of_one_spectrum_serves_its_technique_and_no_other():
    file = structures(parts=("vdos",))
    assert len(vdos().design(sample("vdos", file)).points) == 20
    with pytest.raises(InputError, match="does not hold xrd"):
        xrd_and_vdos().design(sample("xrd+vdos", file))


def test_only_the_first_structures_are_used_if_so_asked():
    values, _ = RecordedStructures(sample("xrd"), RecordedParameters(first=5)).generate(np.arange(20.0)[:, None])
    assert np.isfinite(values[:5]).all()
    assert np.isnan(values[5:]).all()


def test_a_file_that_is_no_data_set_is_refused_by_its_name():
    broken = AtomisticSample(name="g", technique="xrd", data_set=Attachment(name="gold.npz", content=b"nothing"))
    with pytest.raises(InputError, match=r"gold\.npz"):
        xrd().design(broken)


def test_a_scan_is_brought_to_the_axis_of_the_simulated_profiles():
    prepared = xrd().prepare(measured(scan(), **{WAVELENGTH_KEY: 1.54}), sample("xrd"))
    assert np.array_equal(prepared.signal.x, two_theta(AXES))
    assert prepared.signal.x[prepared.signal.y[0].argmax()] == pytest.approx(60.2)  # the middle of a bin


def test_another_wavelength_moves_lines_by_braggs_law():
    molybdenum = 0.7093
    # the range of 30° to 90° at 1.54 Å seen with molybdenum
    low, high = (2 * np.degrees(np.arcsin(np.sin(np.radians(a / 2)) * molybdenum / 1.54)) for a in (29, 91))
    x = np.arange(low, high, 0.02)
    line = 2 * np.degrees(np.arcsin(np.sin(np.radians(50.2 / 2)) * molybdenum / 1.54))
    profile = Profile(x=x, y=1 + 100 * np.exp(-(((x - line) / 0.3) ** 2))[None], x_unit=ANGLE, y_unit="counts")
    prepared = xrd().prepare(measured(profile, **{WAVELENGTH_KEY: molybdenum}), sample("xrd"))
    assert prepared.signal.x[prepared.signal.y[0].argmax()] == pytest.approx(50.2)
    assert "converted" in prepared.notes[-1]


@pytest.mark.parametrize(
    ("profile", "details", "sentence"),
    [
        (scan(high=80.0), {WAVELENGTH_KEY: 1.54}, "covers"),
        (scan(), {}, "the wavelength of the measurement is unknown"),
        (scan(step=1.0), {WAVELENGTH_KEY: 1.54}, "not interpolated"),
    ],
)
def test_a_scan_that_cannot_be_compared_is_refused(profile, details, sentence):
    with pytest.raises(InputError, match=sentence):
        xrd().prepare(measured(profile, **details), sample("xrd"))


def test_a_density_of_states_is_continued_as_debyes_and_gets_area_one():
    x = wavenumbers(AXES)
    prepared = on_wavenumbers(measured(density(low=12.0, high=200.0)), axis=x)
    y = prepared.signal.y[0]
    assert np.trapezoid(y, x) == pytest.approx(1)
    inside = (x > 0) & (x < 150)
    # the density of x² up to 160 is 3 x² / 160³, also where nothing was measured
    assert np.allclose(y[inside], 3 * x[inside] ** 2 / 160**3, rtol=0.04, atol=2e-5)
    assert len(prepared.notes) == 2
    # below what was measured, the mean of 3 x² / 160³ over each bin
    half = (x[1] - x[0]) / 2
    low = x[(x > half) & (x + half < 12)]
    means = ((low + half) ** 3 - (low - half) ** 3) / (2 * half) / 160**3
    assert len(low) == 2
    assert y[np.isin(x, low)] == pytest.approx(means, rel=0.05)


@pytest.mark.parametrize(
    ("spectrum", "sentence"),
    [
        (density(high=120.0), "breaks off"),
        (density(low=90.0), "begins at"),
        (density(step=9.0), "not interpolated"),
    ],
)
def test_a_density_of_states_that_cannot_be_compared_is_refused(spectrum, sentence):
    with pytest.raises(InputError, match=sentence):
        on_wavenumbers(measured(spectrum), axis=wavenumbers(AXES))


def test_a_bundle_is_prepared_part_by_part_even_if_one_was_not_measured():
    technique, specimen = xrd_and_vdos(), sample("xrd+vdos")
    both = Bundle(parts={"xrd": scan(), "vdos": density()})
    prepared = technique.prepare(measured(both, xrd={WAVELENGTH_KEY: 1.54}, vdos={}), specimen)
    assert [len(part.x) for part in prepared.signal.parts.values()] == [150, 120]
    alone = technique.prepare(measured(Bundle(parts={"xrd": scan()}), xrd={WAVELENGTH_KEY: 1.54}), specimen)
    assert list(alone.signal.parts) == ["xrd"]


@pytest.mark.parametrize(
    ("parts", "details", "sentence"),
    [
        ({"xrd": scan()}, {}, "the wavelength of the measurement is unknown"),
        ({"xrd": scan()}, {"xrd": None}, "the wavelength of the measurement is unknown"),
        ({"xrd": scan()}, {"xrd": "1.54 Å"}, "the wavelength of the measurement is unknown"),
        ({"xrd": scan()}, {"xrd": {WAVELENGTH_KEY: "Cu"}}, "the wavelength of the measurement is unknown"),
        ({"xrd": scan()}, {"xrd": {WAVELENGTH_KEY: 1e-300}}, "the wavelength of the measurement is unknown"),
        ({"raman": scan()}, {}, "holds 'raman'"),
    ],
)
def test_a_bundle_that_does_not_say_its_wavelength_is_refused(parts, details, sentence):
    with pytest.raises(InputError, match=sentence):
        xrd_and_vdos().prepare(measured(Bundle(parts=parts), **details), sample("xrd+vdos"))
