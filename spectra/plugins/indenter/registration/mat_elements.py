"""Whether the data elements of a MATLAB file are what scipy takes for granted.

Scipy's reader looks types up in tables by number, without asking whether the number is in them: one wrong byte, and the
process is gone. So every element is looked at before (MAT-File Format, The MathWorks, chapter 1).
"""

from __future__ import annotations

import zlib
from typing import Literal

_MATRIX, _COMPRESSED = 14, 15
_FLAGS = 6  # type of a matrix's first element, unsigned 32 bits
_NUMBERS = frozenset({1, 2, 3, 4, 5, 6, 7, 9, 12, 13, 16, 17, 18})  # table 1-1, with text
_OF_ONE_TYPE = range(4, 16)  # classes of arrays that hold no others, table 1-3
_COMPLEX, _SPARSE = 0x0800, 5  # a flag, and a class whose indices would have to be looked at, too
_DEEPEST = 20
Order = Literal["little", "big"]


def check_elements(content: bytes, *, most: int) -> str | None:
    """Return what is wrong with a file of MATLAB's versions 5 to 7; nothing if all can be read.

    Parameters
    ----------
    most
        Bytes that its compressed variables may unpack to together.
    """
    if len(content) < 128 or 0 in content[:4] or content[126:128] not in (b"IM", b"MI"):
        return "it has no header"
    order: Order = "little" if content[126:128] == b"IM" else "big"
    place, unpacked = 128, 0
    while place < len(content):
        kind, start, end = _element(content, place, order)
        if end > len(content) or kind not in (_MATRIX, _COMPRESSED):
            return "it is damaged or cut off"
        body = content[start:end]
        place = end
        if kind == _COMPRESSED:
            try:
                variable = zlib.decompressobj().decompress(body, most + 1 - unpacked)
            except zlib.error:
                return "a compressed variable is damaged"
            unpacked += len(variable)
            if unpacked > most:
                return f"it would unpack to more than {most // 10**6} MB"
            kind, start, end = _element(variable, 0, order)
            if end > len(variable) or kind != _MATRIX:
                return "a compressed variable is damaged"
            body = variable[start:end]
        if not _is_matrix(body, order, 0):
            return "it is damaged, or holds sparse arrays"
    return None


def _is_matrix(body: bytes, order: Order, depth: int) -> bool:
    """Say whether a matrix has the elements that its class asks for: flags, sizes, name, and what it holds."""
    if not body:
        return True
    kind, start, place = _element(body, 0, order)
    if kind != _FLAGS or place - start != 8 or place > len(body) or depth > _DEEPEST:
        return False
    flags = int.from_bytes(body[start : start + 4], order)
    of_one_type = flags & 0xFF in _OF_ONE_TYPE
    kinds: list[int] = []
    while place < len(body):
        kind, start, end = _element(body, place, order)
        nested = kind == _MATRIX and not of_one_type and end <= len(body)
        if end > len(body) or not (kind in _NUMBERS or (nested and _is_matrix(body[start:end], order, depth + 1))):
            return False
        kinds.append(kind)
        place = -(-end // 8) * 8
    wanted = 4 if flags & _COMPLEX else 3
    return flags & 0xFF != _SPARSE and (not of_one_type or len(kinds) == wanted)


def _element(content: bytes, place: int, order: Order) -> tuple[int, int, int]:
    """Return the type of an element, and where its content begins and ends; small ones lie in their own header."""
    head = int.from_bytes(content[place : place + 4], order)
    if head >> 16:
        return head & 0xFFFF, place + 4, place + (8 if head >> 16 <= 4 else len(content) + 8)
    size = int.from_bytes(content[place + 4 : place + 8], order)
    return head, place + 8, place + 8 + size
