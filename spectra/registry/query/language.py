"""The query language, as text: ``technique=rus,sample=steel*|srtio3,C11>260 GPa,age<30d``.

Conditions are separated by commas, and all of them hold. Each is a key, one of ``= != < <= > >=`` and a value, or
several values separated by ``|`` of which one is enough. ``260<C11<280`` is two conditions. A key or value that holds
one of ``, | = < > !`` or a quotation mark is written in quotes, with the quotation marks inside written twice. The
meaning of keys and values is in :mod:`spectra.registry.query.keys`; here a query is only parsed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from spectra.core.errors import UsageError

MOST_VALUES = 500
"""Of one query; a database does not take statements of any length."""

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_PART = r"""(?: \s*+ "(?:[^"]|"")*+" \s*+ | \s*+ '(?:[^']|'')*+' \s*+ | [^,|=<>!"']++ )"""
_CONDITION = re.compile(
    rf"""(?: (?P<low>{_PART}) (?P<above>[<>]=?+) )?
         (?P<key>{_PART}) (?P<operator>[<>]=?+|!?=) (?P<values>{_PART}(?:\|{_PART})*+)
         (?: , | \Z )""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Value:
    """A value that a key is compared with; an asterisk in quotes is just an asterisk."""

    text: str
    quoted: bool = False

    def __str__(self) -> str:
        return quote(self.text) if self.quoted else self.text


@dataclass(frozen=True)
class Condition:
    """One comparison; of several values, one is enough."""

    key: str
    operator: str
    values: tuple[Value, ...]

    def __str__(self) -> str:
        key = self.key if re.fullmatch(r"\w([\w. -]*\w)?", self.key) else quote(self.key)
        return f"{key}{self.operator}{'|'.join(map(str, self.values))}"


def quote(text: str) -> str:
    """Return ``text`` as one value of a query, whatever it holds.

    Examples
    --------
    >>> quote('5" rod, polished')
    '"5"" rod, polished"'
    """
    return '"' + text.replace('"', '""') + '"'


def parse_query(text: str) -> tuple[Condition, ...]:
    """Parse a query; an empty one has no conditions.

    Raises
    ------
    UsageError
        If it is invalid; the message says where.

    Examples
    --------
    >>> [str(condition) for condition in parse_query("sample = steel | 'a, b', 260 < C11 <= 280")]
    ['sample=steel|"a, b"', 'C11>260', 'C11<=280']
    """
    text = text.strip()
    conditions: list[Condition] = []
    place = 0
    while place < len(text):
        match = _CONDITION.match(text, place)
        if match is None:
            raise _unreadable(text[place:])
        key = _value(match["key"]).text
        values = tuple(_value(part) for part in re.findall(_PART, match["values"], re.VERBOSE))
        conditions.append(Condition(key, match["operator"], values))
        if match["low"] is not None:
            if match["operator"] not in _MIRRORED or len(values) > 1:
                raise _unreadable(text[place:])
            conditions.insert(-1, Condition(key, _MIRRORED[match["above"]], (_value(match["low"]),)))
        if not key or any(not (value.text or value.quoted) for value in values):
            raise _unreadable(text[place:])
        place = match.end()
    if sum(len(condition.values) for condition in conditions) > MOST_VALUES:
        raise UsageError(f"The query has more than {MOST_VALUES} values.", hint="Ask in several steps.")
    return tuple(conditions)


def _value(part: str) -> Value:
    text = part.strip()
    if text[:1] in ('"', "'"):
        return Value(text[1:-1].replace(2 * text[0], text[0]), quoted=True)
    return Value(text)


def _unreadable(rest: str) -> UsageError:
    place = rest if len(rest) <= 40 else f"{rest[:40]}…"
    return UsageError(
        f"The query cannot be read from {place!r} on.",
        hint="Write conditions like 'sample=steel,C11>260,age<30d', and quotes around what holds one of , | = < > !",
    )
