"""Vibrational spectra as text, in three units, and what is said about files that are none."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spectra.core.errors import InputError
from spectra.core.measurements import RawFile
from spectra.plugins.xrd.readers.vdos_text import VdosTextParameters, VdosTextReader

FREQUENCIES = [0.5 * i for i in range(12)]


def read(text, **parameters):
    content = text if isinstance(text, bytes) else text.encode()
    return VdosTextReader(VdosTextParameters(**parameters)).read(RawFile(name="dos.csv", content=content))


def lines(form="{x:.2f},{y}", head="", tail=""):
    return head + "".join(form.format(x=x, y=3 + i) + "\n" for i, x in enumerate(FREQUENCIES)) + tail


@pytest.mark.parametrize(
    "text",
    [
        lines(),
        lines("{x:.2f} {y}.0"),
        lines("{x:.2f};{y},0", head="Frequenz;Intensität\n").replace(".", ","),
        lines("{x:.4e}\t{y}e0", head="# gold, 300 K\nfrequency intensity\n", tail="\n"),
    ],
)
def test_a_spectrum_in_text_is_a_profile_over_wavenumbers(text):
    measurement = read(text)
    assert measurement.signal.x == pytest.approx(FREQUENCIES)
    assert measurement.signal.y.tolist() == [[3 + i for i in range(12)]]
    assert measurement.signal.x_unit == "1/cm"
    assert measurement.details["unit in file"] == "cm^-1"


@pytest.mark.parametrize(
    ("unit", "wavenumber"),
    # CODATA 2022, "energy equivalents": 1 Hz = 3.335640951…e-11 cm^-1, 1 eV = 8065.543937… cm^-1
    [("THz", 33.35640951981521), ("meV", 8.065543937349212), ("cm^-1", 1.0)],
)
def test_frequencies_and_energies_become_wavenumbers(unit, wavenumber):
    assert read(lines(), unit=unit).signal.x[2] == pytest.approx(wavenumber, rel=1e-9)


def test_a_third_column_is_accepted_and_said_to_be_unused():
    measurement = read(lines("{x:.2f},{y},0.1"))
    assert measurement.signal.y[0, -1] == 14
    assert measurement.notes == ("The third column is not used.",)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "dos.csv: there is no line with frequency and intensity"),
        ("1\n2\n", "dos.csv, line 1: this is one column"),
        ("0,1\n1,2\n", "line 1: 2 points are too few for a profile"),
        (lines("-{x:.2f},{y}"), "line 2: the frequency -0.5 cm\\^-1 is negative"),
        (lines(tail="5,1\n"), "line 13: 5 cm\\^-1 does not rise above the 5.5 before it"),
        (
            lines(tail="6e12,1\n"),
            "line 13: 6e\\+12 cm\\^-1 is more than any vibration has. Say with the parameter 'unit'",
        ),
        (lines(tail="6,-1\n"), "line 13: the intensity -1 is negative"),
        (lines(tail="6,\n"), "line 13: the number of columns is 1, not 2"),
        (lines(tail="6,nan\n"), "line 13: '6,nan' is not a point"),
        (lines(tail="6,1e999\n"), "line 13: 6 and inf are not two finite numbers"),
        (lines("{x:.2f},0"), "line 1: all intensities of this spectrum are zero"),
        (b"PK\x03\x04\0\0", "dos.csv: this is not a text file"),
        (b"1" * 20_000_001, "a file of 20 MB is too large for a profile"),
    ],
)
def test_other_files_are_refused_with_the_line(text, sentence):
    with pytest.raises(InputError, match=sentence):
        read(text)


@given(st.one_of(st.binary(max_size=300), st.text("0123456789.eE+-# ,;naif\t\n", max_size=600).map(str.encode)))
def test_any_bytes_are_a_spectrum_or_refused(content):
    try:
        profile = read(content, unit="THz").signal
    except InputError as error:
        assert "dos.csv" in str(error)
    else:
        assert np.all(np.diff(profile.x) > 0)
        assert profile.y.min() >= 0
