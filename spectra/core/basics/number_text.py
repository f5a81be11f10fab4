"""Numbers in lines of text: one rule for all readers of what a comma means.

A comma is *decimal* (``109,076``), or it *separates* columns (``0.3878,1``), in the whole file alike. Commas inside
numbers are decimal where blanks, tabs or semicolons separate the columns. On lines of their own, such numbers are
columns if the file has decimal points; else they are decimal if they cannot be columns, see
:func:`meaning_of_commas`. What can be read in both ways is refused: a wrong guess moves every number, and nothing
afterwards would show it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from spectra.core.errors import InputError

Commas = Literal["decimal", "separate"]

_FEW_DIGITS = re.compile(r"[0-9]{1,9}")
_NUMERIC = re.compile(r"[0-9.,eE+-]*[0-9][0-9.,eE+-]*")
_SEPARATORS: dict[Commas, re.Pattern[str]] = {
    "separate": re.compile(r"\s*[;,]\s*|\s+"),
    "decimal": re.compile(r"\s*;\s*|\s*,\s+|\s+,\s*|\s+"),  # a comma beside a blank is never decimal
}
# 1,234.5 and 1.234,5
_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+\.[0-9]*|(?:\.[0-9]{3})+,[0-9]+)")
_WEIGHTS = ("0", "1")
_SAME_WIDTH = 8  # lines: so many whole numbers rarely have equally many digits
_GRADES = 5  # with one digit each: so many different ones are no grades
_HINT = "Write decimal points, and separate the columns by blanks, tabs or semicolons."


class _Word(NamedTuple):
    """A number with a comma inside, its line, and whether it has the line to itself."""

    line: int
    text: str
    alone: bool

    @property
    def parts(self) -> list[str]:
        return self.text.split(",")

    @property
    def follows_a_zero(self) -> bool:
        """Whether a part behind a comma begins with a zero, as no whole number does."""
        return any(re.match("0[0-9]", part) for part in self.parts[1:])


def whole_number(text: str) -> int | None:
    """Return the number that ``text`` writes with one to nine of the digits 0 to 9, and nothing for anything else.

    Examples
    --------
    >>> whole_number("17"), whole_number("-1"), whole_number("²"), whole_number("9" * 5000)
    (17, None, None, None)
    """
    return int(text) if _FEW_DIGITS.fullmatch(text) else None


def split_words(text: str, commas: Commas) -> list[str]:
    """Split a line into words, in which decimal commas have become points.

    A word is empty where two separators other than blanks follow each other. Quotation marks are left out.

    Examples
    --------
    >>> split_words("0,3878; 1", "decimal"), split_words("0.3878,,0.0001", "separate")
    (['0.3878', '1'], ['0.3878', '', '0.0001'])
    """
    words = _split(text, commas)
    return [word.replace(",", ".") for word in words] if commas == "decimal" else words


def meaning_of_commas(lines: Iterable[tuple[int, str]], *, name: str, fewest_columns: int = 1) -> Commas:
    """Decide whether the commas of a file are decimal or separate columns.

    Parameters
    ----------
    lines
        Number and text of the lines, without comments. Only those that hold nothing but numbers count, if there are
        any, else those that begin with one.
    name
        Of the file, for messages.
    fewest_columns
        A reading with fewer columns is none. Where one column is enough, ``a,b`` on a line of its own is certain to
        be a decimal number if, on any line, b has a leading zero or is a number with exponent, or a is zero and b
        neither 0 nor 1 (as weights are); if most a repeat; or if on eight or more lines all b have equally many
        digits, more than one, or five or more different ones.

    Raises
    ------
    InputError
        If both readings are possible, or neither is.

    Examples
    --------
    >>> meaning_of_commas([(1, "109,076"), (2, "136,503")], name="peaks.dat")
    'decimal'
    >>> meaning_of_commas([(1, "0.109076,1"), (2, "0.136503,0")], name="peaks.dat")
    'separate'
    """
    rows = _numeric_rows(lines)
    with_comma = [_Word(line, word, len(words) == 1) for line, words in rows for word in words if "," in word]
    if not with_comma:
        return "separate"
    if any("." in word for _, words in rows for word in words):
        if all(not word.alone and len(word.parts) == 2 and "." not in word.text for word in with_comma):
            return "decimal"  # of a file in which columns of different origin stand side by side
        _refuse_groups(with_comma, name, fewest_columns)
        _refuse_mixture(with_comma, name, fewest_columns)
        return "separate"
    if several := next((word for word in with_comma if len(word.parts) > 2 or word.text.startswith(",")), None):
        raise InputError(
            f"{name}, line {several.line}: which commas in {several.text!r} are decimal and which separate columns "
            "cannot be told.",
            hint=_HINT,
        )
    if not all(word.alone for word in with_comma) or any(word.follows_a_zero for word in with_comma):
        return "decimal"
    if fewest_columns > 1:
        return "separate"
    if _cannot_be_columns(with_comma):
        return "decimal"
    whole, behind = with_comma[0].parts
    raise InputError(
        f"{name}, line {with_comma[0].line}: {with_comma[0].text!r} may be {whole}.{behind} with a decimal comma, or "
        f"the two columns {whole} and {behind}.",
        hint=_HINT,
    )


def _split(text: str, commas: Commas) -> list[str]:
    bare = text.replace('"', " ").strip(" \t\r\n\f\v;" if commas == "decimal" else " \t\r\n\f\v;,")
    return _SEPARATORS[commas].split(bare) if bare else []


def _numeric_rows(lines: Iterable[tuple[int, str]]) -> list[tuple[int, list[str]]]:
    """Return the leading numbers of the lines, still with their commas."""
    rows, pure = [], []
    for number, text in lines:
        words = _split(text, "decimal")
        count = next((k for k, word in enumerate(words) if not _NUMERIC.fullmatch(word)), len(words))
        if count:
            rows.append((number, words[:count]))
            pure.append(count == len(words))
    if not any(pure):
        return rows
    return [row for row, is_pure in zip(rows, pure, strict=True) if is_pure]


def _refuse_groups(words: Sequence[_Word], name: str, fewest_columns: int) -> None:
    """Refuse numbers like 1,234.5 where nothing says that they are two."""
    weights = all(word.parts[-1] in _WEIGHTS for word in words)
    grouped = [bool(_GROUPED.fullmatch(word.text)) and not weights for word in words]
    certain = [is_grouped and not word.alone for word, is_grouped in zip(words, grouped, strict=True)]
    if any(certain) or (fewest_columns == 1 and all(grouped)):
        word = words[certain.index(True) if any(certain) else 0]
        raise InputError(
            f"{name}, line {word.line}: in {word.text!r} a mark may group the digits by thousands or separate columns.",
            hint=f"{_HINT} Leave digits ungrouped.",
        )


def _refuse_mixture(words: Sequence[_Word], name: str, fewest_columns: int) -> None:
    """Refuse whole numbers around a comma that look like a decimal one, among numbers with decimal points."""
    for word in words:
        whole = len(word.parts) == 2 and all(part.isdigit() for part in word.parts)
        if whole and (word.follows_a_zero or (fewest_columns == 1 and word.parts[1] not in _WEIGHTS)):
            raise InputError(
                f"{name}, line {word.line}: {word.text!r} looks like a decimal comma, but other numbers of the file "
                "have decimal points.",
                hint=_HINT,
            )


def _cannot_be_columns(words: Sequence[_Word]) -> bool:
    """Say whether ``a,b`` on lines of their own cannot be a list of a with a weight or amplitude b.

    So it is where a is zero but b is no weight, where most a repeat, or where all b have one number of digits.
    """
    wholes = [word.parts[0] for word in words]
    behind = [word.parts[1] for word in words]
    weights = all(part in _WEIGHTS for part in behind)
    if not all(part.isdigit() for part in behind):
        return True  # an exponent
    if any(not whole.strip("+-0") and part not in _WEIGHTS for whole, part in zip(wholes, behind, strict=True)):
        return True
    if len(words) > 2 and not weights and 2 * len(set(wholes)) < len(wholes):
        return True
    same_width = len(words) >= _SAME_WIDTH and len({len(part) for part in behind}) == 1
    return same_width and (len(behind[0]) > 1 or len(set(behind)) >= _GRADES)
