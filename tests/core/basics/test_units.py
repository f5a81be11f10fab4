"""Values with units."""

import pytest

from spectra.core.basics.units import absolute_quantity, conversion_factor, is_unit, parse_quantity, split_quantity


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("4.76 mm", "mm", 4.76),
        ("0.476cm", "mm", 4.76),
        ("0.00476 m", "mm", 4.76),
        ("1 inch", "mm", 25.4),
        ("7.8 g/cm^3", "kg/m^3", 7800.0),
        ("7.8 g/cm**3", "kg/m^3", 7800.0),
        ("0.27 TPa", "GPa", 270.0),
        ("2.7 Mbar", "GPa", 270.0),
        ("-1e-3 GHz", "MHz", -1.0),
        (0.3, "", 0.3),
        ("0.28 ", "", 0.28),
        ("0.3", "mm/mm", None),
    ],
)
def test_units_are_converted(text, unit, value):
    if value is None:
        with pytest.raises(ValueError, match="has no unit"):
            parse_quantity(text, unit)
    else:
        assert parse_quantity(text, unit) == pytest.approx(value, rel=1e-14)


@pytest.mark.parametrize(
    "text", ["", "mm", "4.76", 4.76, None, True, "4.76 kg", "4,76 mm", "1 mm**9**9**9", "1 __import__", "nan mm"]
)
def test_what_is_no_length_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match=r"mm'"):
        parse_quantity(text, "mm")


def test_a_scale_with_another_zero_is_no_factor():
    assert conversion_factor("mK", "K") == 1e-3
    for written, unit in (
        ("degC", "K"),
        ("dB", ""),
        ("mdegC", "K"),
        ("GPa", "9**9**9**9"),
        ("", "K"),
    ):
        with pytest.raises(ValueError, match=r"no multiple of|cannot be converted|not a unit|not a known unit"):
            conversion_factor(written, unit)


def test_whatever_pint_stumbles_over_is_an_unknown_unit_or_another_dimension():
    for written in ("kilooersted", "dBm^2", "1/decibelwatt", "degC^2", "count/kilooersted"):
        with pytest.raises(ValueError, match=r"cannot be converted|no multiple of|not a known unit"):
            conversion_factor(written, "GPa")
        assert absolute_quantity(f"3 {written}") == (3.0, written)


def test_a_number_that_no_computer_holds_is_none():
    for text in ("1e999 K", "9" * 400):
        with pytest.raises(ValueError, match="is not a number"):
            absolute_quantity(text)


def test_a_number_is_split_from_its_unit_however_long_the_text():
    assert split_quantity(" -2.5e-3GPa ") == (-2.5e-3, "GPa")
    assert split_quantity("7") == (7.0, "")
    assert split_quantity("1" + " " * 200_000 + "x")[1] == "x"
    for text in ("", "GPa", "nan", "--1", "1\nGPa\n2"):
        with pytest.raises(ValueError, match="not a number"):
            split_quantity(text)


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("GPa", True),
        ("kg/m^3", True),
        ("1/Å^2", True),
        ("", True),
        ("2/cm", False),
        ("furlons", False),
        ("2 mm", False),
    ],
)
def test_a_unit_is_known_or_not(written, known):
    assert is_unit(written) is known


@pytest.mark.parametrize(
    "text", ["1" * 100_000 + "\n?\n?", "1." + "2" * 100_000 + "\n?\n?", "1" + " " * 100_000 + "\n?\n?"]
)
def test_thousands_of_digits_are_gone_through_once(text):
    with pytest.raises(ValueError, match="is not a number"):
        split_quantity(text)
