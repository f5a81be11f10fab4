"""XRDML: real files, the variants of the format, and files that only pretend."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spectra.core.components import NoParameters
from spectra.core.errors import InputError
from spectra.core.measurements import RawFile
from spectra.plugins.xrd.readers.xrdml import XrdmlReader

ENDS = "<startPosition>10</startPosition><endPosition>12</endPosition>"
ELEVEN = " ".join(str(100 + i) for i in range(11))
COUNTS = f'<counts unit="counts">{ELEVEN}</counts>'
SECONDS = '<commonCountingTime unit="seconds">2</commonCountingTime>'
WAVELENGTHS = (
    '<usedWavelength intended="{}"><kAlpha1>1.540598</kAlpha1><kAlpha2>1.544426</kAlpha2><kBeta>1.39225</kBeta>'
    "<ratioKAlpha2KAlpha1>0.5</ratioKAlpha2KAlpha1></usedWavelength>"
)


def scan(data=COUNTS, positions=ENDS, time=SECONDS, status="Completed"):
    return (
        f'<scan scanAxis="Gonio" status="{status}"><dataPoints>\n<positions axis="2Theta" unit="deg">{positions}'
        f"</positions>{time}\n{data}</dataPoints></scan>"
    )


COPPER = WAVELENGTHS.format("K-Alpha 1")


def document(*scans, wavelength=COPPER, version="2.3"):
    return (
        f'<xrdMeasurements xmlns="http://www.xrdml.com/XRDMeasurement/{version}"><xrdMeasurement>{wavelength}'
        f"{''.join(scans)}</xrdMeasurement></xrdMeasurements>"
    )


def read_text(text):
    content = text if isinstance(text, bytes) else text.encode()
    return XrdmlReader(NoParameters()).read(RawFile(name="scan.xrdml", content=content))


def test_a_real_scan_has_the_points_and_the_details_of_its_file(read):
    measurement = read("V2O5_0p4005-NiO_0p6016--2min.xrdml")
    profile = measurement.signal
    assert len(profile.x) == 2071
    assert (profile.x[0], profile.x[-1]) == (10.02173288, 99.99585608)
    assert np.diff(profile.x) == pytest.approx(np.full(2070, 0.04346576))
    assert profile.y.max() == 20103
    assert measurement.notes == ()
    expected = {
        "sample": "V2O5_0p4005-NiO_0p6016--2min",
        "date": "2024-11-14T15:45:09-08:00",
        "operator": "AutomatedUser",
        "anode": "Cu",
        "tension [kV]": 40,
        "wavelength [Å]": 1.540598,
        "Kα2/Kα1": 0.5,
        "counting time [s]": 10.965,
        "schema": "http://www.xrdml.com/XRDMeasurement/2.3",
    }
    assert expected.items() <= measurement.details.items()


def test_an_older_schema_is_read_as_well(read):
    measurement = read("Bi2O3-Nb2O5_500C_60min.xrdml")
    assert measurement.signal.y.shape == (1, 8301)
    assert measurement.signal.y.max() == 8905
    assert measurement.details["schema"].endswith("2.2")


def test_intensities_of_schema_1_and_listed_positions_are_read():
    angles = [10, 10.1, 10.3, 10.6, 11, 11.5, 12.1, 13, 14, 15, 16]
    positions = f"<listPositions>{' '.join(map(str, angles))}</listPositions>"
    text = document(scan(f'<intensities unit="counts">{ELEVEN}</intensities>', positions), version="1.5")
    profile = read_text(text).signal
    assert profile.x.tolist() == angles
    assert profile.y[0].tolist() == list(range(100, 111))


def test_counts_per_second_are_multiplied_by_the_counting_time():
    data = f'<intensities unit="cps">{ELEVEN}</intensities>'
    assert read_text(document(scan(data))).signal.y[0, 0] == 200
    times = f"<countingTimes>{' '.join('3' * 11)}</countingTimes>"
    assert read_text(document(scan(data, time=times))).signal.y[0, 0] == 300


def test_the_attenuation_is_put_back_into_counts_but_not_into_intensities():
    factors = f"<beamAttenuationFactors>{' '.join('1' * 10)} 50</beamAttenuationFactors>"
    corrected = read_text(document(scan(factors + COUNTS)))
    assert corrected.signal.y[0, -2:].tolist() == [109, 5500]
    assert "attenuation" in corrected.notes[0]
    data = f'<intensities unit="counts">{ELEVEN}</intensities>'
    assert read_text(document(scan(factors + data))).signal.y[0, -1] == 110


def test_repeated_scans_are_summed_with_their_times():
    measurement = read_text(document(scan(), scan(), scan()))
    assert measurement.signal.y[0, :2].tolist() == [300, 303]
    assert measurement.details["counting time [s]"] == 6
    assert measurement.notes == ("3 scans over the same angles were summed.",)


def test_of_different_scans_the_first_is_taken_and_this_is_said():
    other = scan(positions=ENDS.replace("12", "40"))
    fixed = scan(positions="<commonPosition>30</commonPosition>")  # a rocking curve
    measurement = read_text(document(fixed, scan(status="Aborted"), other))
    assert measurement.signal.x[-1] == 12
    assert "1 of 2 scans cover other angles" in measurement.notes[0]
    assert "aborted" in measurement.notes[1]


@pytest.mark.parametrize(
    ("intended", "wavelength"),
    [("K-Alpha 1", 1.540598), ("K-Beta", 1.39225), ("K-Alpha", (2 * 1.540598 + 1.544426) / 3)],
)
def test_the_intended_wavelength_is_told(intended, wavelength):
    details = read_text(document(scan(), wavelength=WAVELENGTHS.format(intended))).details
    assert details["wavelength [Å]"] == pytest.approx(wavelength)


def test_an_unknown_wavelength_stays_unknown():
    assert "wavelength [Å]" not in read_text(document(scan(), wavelength="")).details


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "scan.xrdml, line 1: this is not XML: no element found"),
        ("10 100\n", "line 1: this is not XML"),
        (document(scan())[:-30], "line 3: this is not XML"),
        (b"\x89PNG\r\n\x1a\n\0\0\xff\xfe", "this is not XML"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "XML"),
        (BOMB + document(scan()).replace("100", "&b;", 1), "line 1: a document type, with which entities"),
        ('<!DOCTYPE x SYSTEM "file:///etc/passwd">' + document(scan()), "line 1: a document type"),
        ("<a>" * 100, "line 1: there are more elements"),
        ("<a>" + "<b/>" * 200_001 + "</a>", "line 1: there are more elements"),
        ("<svg/>", "line 1: the root element is 'svg', not XRDML's"),
        (document(), "line 1: there is no scan of 2θ"),
        (document(scan(positions="<commonPosition>30</commonPosition>")), "there is no scan of 2θ"),
        (document(scan("")), "line 1: this scan has neither counts nor intensities"),
        (document(scan("<counts/>")), "line 3, point 1: 0 points are too few for a profile"),
        (document(scan(COUNTS.replace("105", "-5"))), "line 3, point 6: -5 counts are negative"),
        (document(scan(COUNTS.replace("105", "many"))), "line 3: 'counts' holds an invalid number"),
        (document(scan(COUNTS.replace("105", "nan"))), "line 3, point 6: .* are not two finite numbers"),
        (document(scan(positions=ENDS.replace("12", "9"))), "line 3, point 2: 2θ = 9.9° does not rise"),
        (document(scan(positions="<startPosition>1</startPosition>")), "line 2: the positions of 2θ have neither"),
        (document(scan(positions=ENDS.replace("12", "1 2"))), "line 2: 'endPosition' is not a single number"),
        (document(scan(positions="<listPositions>1 2</listPositions>")), "line 2: 2 listPositions for 11 points"),
        (document(scan(COUNTS.replace('"counts"', '"cps"'), time="")), "line 3: counts per second without"),
        (b" " * 20_000_001, "20 MB is too large"),
    ],
)
def test_other_files_are_refused_with_the_line(text, sentence):
    with pytest.raises(InputError, match=sentence):
        read_text(text)


@given(st.integers(0, 2000), st.binary(min_size=1, max_size=4))
def test_a_damaged_file_is_a_profile_or_refused(place, bytes_):
    content = document(scan()).encode()
    place %= len(content)
    try:
        profile = read_text(content[:place] + bytes_ + content[place + len(bytes_) :]).signal
    except InputError as error:
        assert "scan.xrdml" in str(error)
    else:
        assert np.all(np.diff(profile.x) > 0)
        assert profile.y.min() >= 0
