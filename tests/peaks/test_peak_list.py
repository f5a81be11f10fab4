"""Peak lists in the conventions in use, and what is said about files that are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spectra.core.errors import InputError
from spectra.core.measurements import RawFile
from spectra.plugins.peaks.peak_list import PeakListParameters, PeakListReader


def read(text, unit="MHz"):
    content = text if isinstance(text, bytes) else text.encode()
    return PeakListReader(PeakListParameters(unit=unit)).read(RawFile(name="list.dat", content=content))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.4\n0.3\n0.5\n", [0.3, 0.4, 0.5]),
        ("# peaks\n\n0.3 # first\n0.4\n", [0.3, 0.4]),
        (" 270 \n  80\n0.3878650 \n0.3884049\n", [0.387865, 0.3884049]),  # RUS_TF_GuoGroup: moduli on top
        ("3\n0.3 1.0\n0.4 0\n0.5 0.5\n", [0.3, 0.5]),  # PALab: count, then frequency and weight
        ("0.3\t1\n0.000000\t1\n0.5,1\n", [0.3, 0.5]),  # RUScal: 0 for a mode that was not seen
        ("\ufeff0.3\r\n0.4\r\n", [0.3, 0.4]),
        ("2\n0.3 1\n0.4 1\n0.5 1\n", [0.3, 0.4]),  # PALab: how many of the following lines to use
        ("2\n0.3 1\n0.4 0\n0.5 1\n0.6 1\n####\nA single value on Line 1 which states\n", [0.3]),
        ("3\n0.3 1\n0.4\t\t0\n0.5 1\n####\nThis is the file\n1. of weights\n", [0.3, 0.5]),  # PALab, as it comes
        ("0.3 1 A1\n0.4 1 doubtful\n", [0.3, 0.4]),
        ("; 0.2\n0.3 ; 1st\n0.4 # 2\n", [0.3, 0.4]),
        ("0,387865\n0,4615990\n", [0.387865, 0.461599]),
        ("0,387865;1\n0,4615990;0\n", [0.387865]),
        ("0.387865,1\n0.4615990,0\n", [0.387865]),
    ],
)
def test_conventions_in_use_are_understood(text, expected):
    assert read(text).signal.positions[0].tolist() == expected


def test_units_are_converted_and_recorded():
    measurement = read("300\n400\n", unit="kHz")
    assert measurement.signal.positions[0] == pytest.approx([0.3, 0.4])
    assert measurement.details["unit in file"] == "kHz"


def test_what_was_taken_for_a_header_is_said():
    assert "270, 80" in read("270\n80\n0.38\n0.39\n").notes[0]


@pytest.mark.parametrize(
    ("numbers", "taken"),
    [
        ([270, 0.3, 0.4], 1),
        ([270, 130, 80, 0.3, 0.4], 3),  # cubic
        ([300, 250, 130, 80, 0.3, 0.4], 0),  # more are none of this convention
        ([270, 80, 16.1, 15.9], 0),  # 80 is not five times 16.1
        ([270, 80.6, 16.1, 15.9], 2),
        ([270, 20, 0.3, 0.4], 2),
        ([270, 80], 0),
        ([1.4, 1.5, 0.31], 0),
    ],
)
def test_at_most_three_numbers_five_times_as_large_as_the_peaks_are_a_header(numbers, taken):
    """RUS_TF_GuoGroup writes the moduli above the peaks: two if isotropic, three if cubic."""
    measurement = read("".join(f"{number}\n" for number in numbers))
    assert measurement.signal.positions[0].tolist() == sorted(map(float, numbers[taken:]))
    assert len(measurement.notes) == (taken > 0)


def test_109_comma_076_is_no_109_with_weight_76():
    measurement = read("109,076\n136,503\n144,899\n", unit="kHz")
    assert measurement.signal.positions[0] == pytest.approx([0.109076, 0.136503, 0.144899])
    assert measurement.notes == ("Commas were read as decimal commas: 109,076 is 109.076.",)


@pytest.mark.parametrize("separator", [" ", "\t", ",", ";"])
def test_the_third_column_is_the_standard_deviation_in_the_unit_of_the_frequencies(separator):
    rows = [("400.5", "1", "0.02"), ("300.1", "0.5", "0.01"), ("350.7", "0", "0.3"), ("500.3", "1")]
    measurement = read("\n".join(separator.join(row) for row in rows), unit="kHz")
    assert measurement.signal.positions[0] == pytest.approx([0.3001, 0.4005, 0.5003])
    assert measurement.signal.deviations[0] == pytest.approx([1e-5, 2e-5, 0])
    assert "2 of 3 peaks have a standard deviation of their own, in kHz" in measurement.notes[-1]


def test_a_missing_weight_leaves_the_standard_deviation_in_its_place():
    for text in ("0.3,,0.001\n0.4,,0.002\n", "0,3;;0,001\n0,4;;0,002\n"):
        measurement = read(text)
        assert measurement.signal.positions[0].tolist() == [0.3, 0.4]
        assert measurement.signal.deviations[0].tolist() == [0.001, 0.002]


def test_weights_that_are_not_used_are_said_to_be_unused():
    assert "weights of 2 peaks are not used" in read("0.3 1\n0.4 0.5\n0.5 120\n0.6 0\n").notes[-1]
    assert not any("not used" in note for note in read("0.3 1\n0.4 0\n").notes)


def test_without_a_third_column_there_are_no_standard_deviations():
    assert read("0.3 1\n0.4 1\n").signal.deviations is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "there are no peaks"),
        ("# nothing\n", "there are no peaks"),
        ("0.3\nabout one\n", r"list.dat, line 2: 'about one' is not a frequency"),
        ("0.3\nnan\n", r"line 2: nan is not a finite number"),
        ("0.3\n0.4 inf\n", r"line 2: .* is not a finite number"),
        ("0.3\n-0.4\n", r"line 2: -0.4 is negative"),
        ("0.3 1 0.001\n0.4 1 1500\n", r"line 2: the third column, 1500, is no standard deviation of a peak at 0.4 MHz"),
        ("0.3 1 -0.001\n", r"line 1: -0.001 is negative"),
        ("388,1\n401,0\n", r"line 1: '388,1' may be 388.1 with a decimal comma"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe", "not a text file"),
        ("0.3\n" * 20_001, "more than 20,000 lines"),
    ],
)
def test_other_files_are_refused_with_the_line(text, sentence):
    with pytest.raises(InputError, match=sentence):
        read(text)


@given(st.one_of(st.binary(max_size=300), st.text("0123456789.eE+-# ,;naif\t\n", max_size=300).map(str.encode)))
def test_any_bytes_are_a_peak_list_or_refused(content):
    try:
        positions = read(content).signal.positions[0]
    except InputError as error:
        assert "list.dat" in str(error)
    else:
        assert len(positions) > 0
        assert all(position > 0 for position in positions)
