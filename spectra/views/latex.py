"""Views for a paper: tables in LaTeX with rules of the package booktabs, and everything else as comments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from spectra.core.tables import Column, Table
from spectra.views.layout import Block

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "Å": r"\AA{}",
    "°": r"$^\circ$",
    "…": r"\dots{}",
    "–": "--",
}
_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi "
    "omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega"
)
_MATHS = {
    **{letter: f"\\{name}" for letter, name in zip("αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΦΨΩ", _GREEK.split(), strict=True)},
    "±": r"\pm",
    "×": r"\times",
    "·": r"\cdot",
    "→": r"\to",
    "≤": r"\leq",
    "≥": r"\geq",
    "−": "-",
    "∞": r"\infty",
}
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_NUMBER = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?(?:[eE][+-]?\d+)?")
_UNCERTAIN = re.compile(rf"({_NUMBER.pattern}) ± ({_NUMBER.pattern})")
_SYMBOL = re.compile(r"([A-Z]|σ|ε)(\d{1,2}|[xyz]{2})")  # C11, σxx
_POWER = re.compile(r"\^(-?\d+)|([⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+)")


def latex(blocks: Iterable[Block], *, all_columns: bool = False) -> Iterator[str]:
    """Yield the lines of a view: each table as a ``tabular``, facts and sentences as comments.

    Parameters
    ----------
    all_columns
        Write the columns, too, that are shown on request alone.
    """
    yield r"% \usepackage{booktabs}"
    for block in blocks:
        match block:
            case str():
                yield f"% {_line(block)}"
            case Table():
                yield from ("", *_tabular(block, all_columns))
            case _:
                yield from (f"% {name}: {_line(value)}" for name, value in block.items() if value is not None)


def _line(value: Any) -> str:
    return " ".join(str(value).split())


def _tabular(table: Table, all_columns: bool) -> Iterator[str]:
    columns = [column for column in table.columns if all_columns or not column.on_request]
    cells = [[column.shown(row) for row in range(len(table))] for column in columns]
    if table.title:
        yield f"% {_line(table.title)}"
    yield rf"\begin{{tabular}}{{{''.join(map(_alignment, cells))}}}"
    yield r"\toprule"
    yield _row(_head(column) for column in columns)
    yield r"\midrule"
    yield from (_row(map(_cell, row)) for row in zip(*cells, strict=True))
    yield r"\bottomrule"
    yield r"\end{tabular}"
    yield from (f"% Note: {_line(note)}" for note in table.notes)


def _row(cells: Iterable[str]) -> str:
    return " & ".join(cells) + r" \\"


def _alignment(cells: Sequence[str]) -> str:
    """Put numbers, with or without uncertainty, to the right, text to the left."""
    numbers = [cell for cell in cells if cell]
    return "r" if numbers and all(_NUMBER.fullmatch(c) or _UNCERTAIN.fullmatch(c) for c in numbers) else "l"


def _head(column: Column) -> str:
    """Write a column's name and unit; a list of records has both in the name."""
    name, _, unit = column.name.partition(" (")
    unit = column.unit or unit.removesuffix(")")
    return f"{_cell(name)} ({_cell(unit)})" if unit else _cell(name)


def _cell(text: str) -> str:
    """Write a cell: symbols with their indices and numbers as formulas, everything else as text."""
    if symbol := _SYMBOL.fullmatch(text):
        letter, index = symbol.groups()
        return f"${_MATHS.get(letter, letter)}_{{{index}}}$"
    if _NUMBER.fullmatch(text):
        return f"${_digits(text)}$"
    if uncertain := _UNCERTAIN.fullmatch(text):
        value, deviation = uncertain.groups()
        return rf"${_digits(value)} \pm {_digits(deviation)}$"
    parts, end = [], 0
    for power in _POWER.finditer(text):
        exponent = power[1] or power[2].translate(_SUPERSCRIPTS)
        parts += [_escaped(text[end : power.start()]), f"$^{{{exponent}}}$"]
        end = power.end()
    return "".join([*parts, _escaped(text[end:])])


def _digits(number: str) -> str:
    """Write a number within a formula: a comma between thousands without space, and powers of ten."""
    mantissa, _, exponent = number.lower().partition("e")
    power = rf" \times 10^{{{int(exponent)}}}" if exponent else ""
    return mantissa.replace(",", "{,}") + power


def _escaped(text: str) -> str:
    return "".join(f"${_MATHS[c]}$" if c in _MATHS else _SPECIAL.get(c, c) for c in text if c.isprintable())
