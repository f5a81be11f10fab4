"""Values with units, as people write them in files: ``4.76 mm``, ``7.8 g/cm^3``."""

from __future__ import annotations

import math
import re
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pint

# Only plain numbers and unit names reach pint, whose parser would also evaluate towers of powers.
# Possessive: thousands of digits that are no number after all are gone through once.
_VALUE = re.compile(r"([-+]?(?:\d++(?:\.\d*+)?|\.\d++)(?:[eE][-+]?\d{1,3})?)\s*+(.*)")
_NAME = r"[A-Za-zµμ°Å%]+(?:(?:\^|\*\*)[-+]?\d)?"
_UNIT = re.compile(rf"(?:1\s*/\s*)?{_NAME}(?:\s*[*/·]\s*{_NAME}){{0,4}}")


def parse_quantity(text: Any, unit: str) -> float:
    """Return the number in ``unit`` that ``text``, a number followed by a unit, stands for.

    For a number without dimension, ``unit`` is empty and a plain number is read, as a number or as text.

    Raises
    ------
    ValueError
        If there is no number, no unit, an unknown unit or one of another dimension.

    Examples
    --------
    >>> parse_quantity("0.476 cm", "mm")
    4.76
    """
    if not unit and isinstance(text, int | float) and not isinstance(text, bool):
        return float(text)
    example = f"write the value with its unit, for example '4.76 {unit}'"
    if not isinstance(text, str):
        raise ValueError(f"{text!r:.100} has no unit; {example}")
    try:
        number, written = split_quantity(text)
    except ValueError:
        raise ValueError(f"{text!r:.100} is not a number with a unit; {example}") from None
    if not written and not unit:
        return number
    if not written:
        raise ValueError(f"{text!r:.100} has no unit; {example}")
    return number * conversion_factor(written, unit)


def split_quantity(text: str) -> tuple[float, str]:
    """Return the number in ``text`` and the unit behind it, which may be missing and is not looked at.

    Raises
    ------
    ValueError
        If it does not begin with a finite number.

    Examples
    --------
    >>> split_quantity("2.6e11 Pa")
    (260000000000.0, 'Pa')
    """
    match = _VALUE.fullmatch(text.strip())
    if match is None or not math.isfinite(number := float(match[1])):
        raise ValueError(f"{text!r:.100} is not a number")
    return number, match[2]


def absolute_quantity(text: str) -> tuple[float, str]:
    """Return number and unit of ``text``, a temperature in kelvin; the unit is empty for a plain number.

    Raises
    ------
    ValueError
        If it does not begin with a number, or the unit is unknown.

    Examples
    --------
    >>> absolute_quantity("25 degC"), absolute_quantity("2 GPa")
    ((298.15, 'K'), (2.0, 'GPa'))
    """
    number, written = split_quantity(text)
    if not is_unit(written):
        raise ValueError(f"{written!r:.100} is not a known unit")
    if not written or written == "K":
        return number, written
    kelvin = _converted(number, written, "K")
    if kelvin is None:
        return number, written
    return round(kelvin, 9), "K"


@cache
def conversion_factor(written: str, unit: str) -> float:
    """Return what one ``written`` is in ``unit``.

    Raises
    ------
    ValueError
        If ``written`` is no unit, has another dimension than ``unit``, or is no multiple of it, like °C and K.
    """
    if written == unit:
        return 1.0  # most files; pint takes half a second to get ready

    if not _UNIT.fullmatch(written):
        raise ValueError(f"{written!r:.100} is not a unit; use one like '{unit}'")
    if unit and not _UNIT.fullmatch(unit):
        raise ValueError(f"'{written}' cannot be converted to {unit!r}, which is not a unit")
    if not is_unit(written):
        raise ValueError(f"{written!r:.100} is not a known unit; use one like '{unit}'")
    factor, double = (_converted(number, written, unit) for number in (1.0, 2.0))
    if factor is None or double is None:
        raise ValueError(f"'{written}' cannot be converted to {unit}; use a unit like '{unit}'")
    if not math.isclose(double, 2 * factor):
        raise ValueError(f"'{written}' is no multiple of {unit or 'a number'}: another zero, or a logarithmic scale")
    # 1 mm is 0.1 cm, not 0.09999999999999999: factors between metric units are short decimals.
    return float(f"{factor:.14g}")


def is_unit(written: str) -> bool:
    """Say whether a quantity can be given in ``written``; nothing stands for a plain number.

    Examples
    --------
    >>> is_unit("kg/m^3"), is_unit("furlons"), is_unit("")
    (True, False, True)
    """
    if not written:
        return True
    if not _UNIT.fullmatch(written):
        return False
    try:
        _pint_registry().Unit(written)
    except Exception:  # pint has many ways to fail on names that somebody made up
        return False
    return True


def _converted(number: float, written: str, unit: str) -> float | None:
    """Return a number of ``written`` in ``unit``, or nothing if it cannot be converted."""
    try:
        found = float(_pint_registry().Quantity(number, written).to(unit).magnitude)
    except Exception:  # other dimensions, logarithms, prefixes of units with another zero; as above
        return None
    return found if math.isfinite(found) else None


@cache
def _pint_registry() -> pint.UnitRegistry:
    import pint

    return pint.UnitRegistry()
