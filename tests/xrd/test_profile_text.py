"""Diffraction profiles as text, in the shapes that instruments write, and what is said about files that are none."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spectra.core.errors import InputError
from spectra.core.measurements import RawFile
from spectra.plugins.xrd.readers.profile_text import ProfileTextParameters, ProfileTextReader

ANGLES = [10 + 0.02 * i for i in range(12)]


def read(text, **parameters):
    content = text if isinstance(text, bytes) else text.encode()
    return ProfileTextReader(ProfileTextParameters(**parameters)).read(RawFile(name="scan.xy", content=content))


def lines(form="{x:.2f} {y}", head="", tail=""):
    return head + "".join(form.format(x=x, y=100 + i) + "\n" for i, x in enumerate(ANGLES)) + tail


@pytest.mark.parametrize(
    "text",
    [
        lines(),
        lines("{x:.2f}\t{y}.000\r"),
        lines("  {x:.5f}   {y}.0  "),
        lines("{x:.2f},{y}", head="Angle,Intensity\n"),
        lines("{x:.2f}, {y}", head='"2theta (deg)", "counts"\n'),
        lines('"{x:.2f}";"{y}"'),
        lines("{x:.4e} {y}e0"),
        lines(head="# Cu tube\n\n; more\n' and more\n", tail="\n# end\n"),
        lines("\ufeff{x:.2f} {y}")[:1] + lines(),
        lines("{x:.2f} {y} # a point"),
        lines("{x:.2f} {y}").replace(".", ","),
        lines("{x:.2f};{y},0").replace(".", ","),
        lines("{x:.2f}\t{y},0").replace(".", ","),
        lines(head="Größe in °\n").encode("latin-1"),
    ],
)
def test_separators_comments_headers_and_decimal_commas_are_understood(text):
    profile = read(text).signal
    assert profile.x == pytest.approx(ANGLES)
    assert profile.y.tolist() == [[100 + i for i in range(12)]]
    assert (profile.x_unit, profile.y_unit) == ("° 2θ", "counts")


@pytest.mark.parametrize("form", ["{x:.2f} {y} 10.5", "{x:.2f},{y},10.5", "{x:.2f};{y};10,5"])
def test_uncertainties_are_accepted_and_said_to_be_unused(form):
    measurement = read(lines(form))
    assert measurement.signal.y[0, -1] == 111
    assert "third column" in measurement.notes[0]


@pytest.mark.parametrize(
    "header", ["# Wavelength: 1.54056\n", "lambda = 1,54056 Angstrom\n", "wavelength (Kα1), in Å; 1.54056\n"]
)
def test_the_wavelength_comes_from_the_header_unless_it_is_given(header):
    assert read(lines(head=header)).details["wavelength [Å]"] == 1.54056
    assert read(lines(head=header), wavelength=0.7093).details["wavelength [Å]"] == 0.7093
    assert "wavelength [Å]" not in read(lines()).details


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "there is no line with 2θ and counts"),
        ("2theta counts\n", "there is no line with 2θ and counts"),
        ("# x\n10\n11\n12\n", "scan.xy, line 2: this is one column"),
        ("10 100\n10.02 110\n", "scan.xy, line 1: 2 points are too few for a profile"),
        (lines(tail="and so on\n"), "scan.xy, line 13: 'and so on' is not a point"),
        (lines(tail="11 nan\n"), "line 13: '11 nan' is not a point"),
        (lines(tail="11 1e999\n"), "line 13: 11 and inf are not two finite numbers"),
        (lines(tail="11 -3\n"), "line 13: -3 counts are negative"),
        (lines(tail="10.1 100\n"), "line 13: 2θ = 10.1° does not rise above the 10.22° before it"),
        (lines("-{x:.2f} {y}"), "line 1: 2θ = -10° does not lie between 0° and 180°"),
        (lines(tail="200 100\n"), "line 13: 2θ = 200° does not lie between"),
        (lines(tail="11 100 3\n"), "line 13: the number of columns is 3, not 2"),
        (lines(tail="11\n"), "line 13: the number of columns is 1, not 2"),
        (lines("{x:.2f} 1 2 3"), "line 1: the number of columns is 4, not 3"),
        (lines("{x:.2f} 0"), "line 1: all counts of this scan are zero"),
        (lines(tail="1" * 2000 + "\n"), "line 13: '1*' is not a point"),
        (b"\x89PNG\r\n\x1a\n\0\0\xff\xfe", "scan.xy: this is not a text file"),
        (b"1" * 20_000_001, "a file of 20 MB is too large for a profile"),
        ("\n" * 500_001, "scan.xy: 500,001 lines are too many for a profile"),
    ],
)
def test_other_files_are_refused_with_the_line(text, sentence):
    with pytest.raises(InputError, match=sentence):
        read(text)


@given(st.one_of(st.binary(max_size=300), st.text("0123456789.eE+-# ,;naif\t\n", max_size=600).map(str.encode)))
def test_any_bytes_are_a_profile_or_refused(content):
    try:
        profile = read(content).signal
    except InputError as error:
        assert "scan.xy" in str(error)
    else:
        assert np.all(np.diff(profile.x) > 0)
        assert profile.y.min() >= 0


def test_a_real_scan_has_the_points_of_its_file(read):
    profile = read("MnO.xy").signal
    assert profile.x == pytest.approx(np.linspace(10, 100, 9001))
    assert (profile.y[0, 0], profile.y[0, -1], profile.y.max()) == (2001, 1555, 28818)
    assert profile.x[profile.y[0].argmax()] == 40.59  # (200) of MnO


def test_a_name_needs_no_ending(read):
    profile = read("perovskite-14-deg").signal
    assert len(profile.x) == 137
    assert profile.y[0, :3].tolist() == [64, 44, 63]


def test_columns_that_run_together_in_a_real_file_are_split_onto_its_even_grid(read):
    measurement = read("sn85-perovskite.xy")
    profile = measurement.signal
    assert profile.x == pytest.approx(np.linspace(10, 80.014, 1412), abs=1e-2)
    assert np.diff(profile.x) == pytest.approx(np.full(1411, 0.0496), abs=2e-4)
    assert profile.y.max() == 7688  # '14.16817688'
    assert "419 line(s)" in measurement.notes[0]


def test_columns_that_run_together_are_refused_where_the_first_has_no_fixed_width():
    angles = [9 + 0.1 * i for i in range(20)]
    text = "".join(f"{x:g} 5\n" for x in angles) + "11.05\n"
    with pytest.raises(InputError, match="line 21: the number of columns is 1, not 2"):
        read(text)
