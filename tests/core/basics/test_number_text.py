"""What commas mean: numbers come out as they were written, or the file is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spectra.core.basics.number_text import meaning_of_commas, split_words
from spectra.core.errors import InputError


def read(lines, fewest_columns=1):
    commas = meaning_of_commas(list(enumerate(lines, start=1)), name="file", fewest_columns=fewest_columns)
    return [[float(word) for word in split_words(line, commas)] for line in lines]


def rows_of(columns, places=6):
    number = st.integers(0, 10**9).map(lambda n: f"{n / 10**places:.{places}f}")
    return st.lists(st.lists(number, min_size=columns, max_size=columns), min_size=1, max_size=30)


@given(rows_of(3), st.sampled_from([" ", "\t", ";", "; ", " ; ", ", ", "   "]))
def test_decimal_commas_between_other_separators_are_read_as_points(rows, separator):
    written = [separator.join(number.replace(".", ",") for number in row) for row in rows]
    assert read(written) == [[float(number) for number in row] for row in rows]


@given(rows_of(2), st.sampled_from([",", ", ", " ,", "\t", ";"]), st.integers(1, 2))
def test_points_with_any_separator_are_read(rows, separator, fewest):
    assert read([separator.join(row) for row in rows], fewest) == [[float(number) for number in row] for row in rows]


@given(st.lists(st.integers(1, 10**7), min_size=1, max_size=40), st.integers(1, 7), st.booleans())
def test_one_column_with_decimal_commas_is_read_right_or_refused(numbers, places, stripped):
    written = [f"{number / 10**places:.{places}f}" for number in numbers]
    if stripped:
        written = [text.rstrip("0").rstrip(".") for text in written]
    try:
        found = read([text.replace(".", ",") for text in written])
    except InputError as error:
        assert "decimal comma" in str(error)
    else:
        assert found == [[float(text)] for text in written]


@given(st.lists(st.tuples(st.integers(1, 10**6), st.sampled_from([0, 1])), min_size=1, max_size=60))
def test_whole_frequencies_with_weights_between_commas_are_never_decimal(rows):
    try:
        found = read([f"{frequency},{weight}" for frequency, weight in rows])
    except InputError as error:
        assert "decimal comma" in str(error)
    else:
        assert found == [list(row) for row in rows]


@given(st.lists(st.text('0123456789.,;eE+- \t"#ax', max_size=25), max_size=20), st.integers(1, 2))
def test_any_lines_have_a_meaning_or_are_refused_with_their_number(lines, fewest):
    try:
        commas = meaning_of_commas(list(enumerate(lines, start=1)), name="file", fewest_columns=fewest)
    except InputError as error:
        assert str(error).startswith("file, line ")
    else:
        assert commas in ("decimal", "separate")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["109,076", "136,503"], [[109.076], [136.503]]),  # 076 is no whole number
        (["0,387865", "0,46"], [[0.387865], [0.46]]),  # a peak at 0 Hz has no weight
        (["1,30", "1,46", "1,5", "2,1", "2,4"], [[1.3], [1.46], [1.5], [2.1], [2.4]]),
        ([f"{100 + 7 * i},{123 + i}" for i in range(8)], [[100 + 7 * i + (123 + i) / 1000] for i in range(8)]),
        ([f"{100 + 7 * i},{i}" for i in range(9)], [[100 + 7.1 * i] for i in range(9)]),
        (["3,8e5", "4,1e5"], [[3.8e5], [4.1e5]]),
        (["388,1 1", "401,2 0"], [[388.1, 1], [401.2, 0]]),
        (["1,0e+004  1,3e-001"], [[1e4, 0.13]]),
        (["10.02;100;10,5"], [[10.02, 100, 10.5]]),
        (["0.3878,1,0.0001"], [[0.3878, 1, 0.0001]]),
        ([",,,35.002,0.0953"], [[35.002, 0.0953]]),
        (["388.5,1", "401,0"], [[388.5, 1], [401, 0]]),
        (["1.308,1", "1.468,0"], [[1.308, 1], [1.468, 0]]),
        (["Size, 2,5", "388.5,1"], None),  # text is no number
    ],
)
def test_what_can_be_read_in_one_way_only_is_read(lines, expected):
    if expected is None:
        assert meaning_of_commas(list(enumerate(lines)), name="file") == "separate"
    else:
        assert [pytest.approx(row) for row in read(lines)] == expected


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["388,1", "401,0"], "line 1: '388,1' may be 388.1 with a decimal comma, or the two columns 388 and 1"),
        ([f"{100 + 7 * i},{1 + i % 3}" for i in range(9)], "line 1: '100,1' may be"),  # grades?
        (["388,250", "401,310"], "may be 388.250 with a decimal comma"),  # whole kHz with an amplitude?
        (["388,1,5"], "which commas in '388,1,5' are decimal"),
        (["1,109,076"], "which commas"),
        ([",387", ",461"], "which commas"),
        (["109,076.5"], "'109,076.5' a mark may group the digits"),
        (["1.234,50"], "'1.234,50' a mark may group the digits"),
        (["0.3 1", "1,234.5 0.8"], "line 2: in '1,234.5' a mark may group the digits"),
        (["0.3878", "0,4616"], "line 2: '0,4616' looks like a decimal comma, but other numbers"),
        (["0.3,1", "109,076"], "line 2: '109,076' looks like a decimal comma"),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused_with_the_line(lines, sentence):
    with pytest.raises(InputError, match=sentence):
        read(lines)


@pytest.mark.parametrize("lines", [["10,100", "11,110"], ["10.020,100", "10.040,110"], ["10,100.5", "11,110.25"]])
def test_where_two_columns_are_needed_a_comma_separates_them(lines):
    assert read(lines, fewest_columns=2) == [[float(word) for word in line.split(",")] for line in lines]


def test_where_two_columns_are_needed_one_with_decimal_commas_stays_one():
    assert read(["10,02", "10,04"], fewest_columns=2) == [[10.02], [10.04]]
