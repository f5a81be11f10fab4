"""The 17 plane groups: their operations as the International Tables for Crystallography list them, volume A."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_TERM = re.compile(r"([+-]?)(x|y|1/2)")


@dataclass(frozen=True, kw_only=True)
class PlaneGroup:
    """One of the 17 plane groups.

    Parameters
    ----------
    number
        From 1 to 17, as the International Tables count.
    symbol
        Short Hermann-Mauguin symbol.
    system
        What its lattice must be: oblique, rectangular, square or hexagonal (γ = 120°).
    positions
        Coordinate triplets of the general position; of a centred cell, (0, 0)+ and (1/2, 1/2)+.
    centred
        Whether the conventional cell is centred.
    """

    number: int
    symbol: str
    system: str
    positions: tuple[str, ...]
    centred: bool = False

    @cached_property
    def operations(self) -> tuple[NDArray[np.int64], Floats]:
        """Matrices (n, 2, 2) and translations (n, 2) of all operations modulo the cell's edges."""
        read = [_operation(text) for text in self.positions]
        matrices, translations = np.stack([m for m, _ in read]), np.stack([t for _, t in read])
        if self.centred:
            matrices = np.concatenate([matrices, matrices])
            translations = np.concatenate([translations, (translations + 0.5) % 1])
        return matrices, translations


def _operation(text: str) -> tuple[NDArray[np.int64], Floats]:
    """Read a coordinate triplet such as ``-x+1/2,y``."""
    matrix, translation = np.zeros((2, 2), dtype=np.int64), np.zeros(2)
    for row, coordinate in enumerate(text.split(",")):
        for sign, term in _TERM.findall(coordinate):
            factor = -1 if sign == "-" else 1
            if term == "1/2":
                translation[row] += factor / 2
            else:
                matrix[row, "xy".index(term)] = factor
    return matrix, translation % 1


_TURNS_3 = ("x,y", "-y,x-y", "-x+y,-x")
_TURNS_4 = ("x,y", "-x,-y", "-y,x", "y,-x")
_TURNS_6 = (*_TURNS_3, "-x,-y", "y,-x+y", "x-y,x")
_LONG = ("-y,-x", "-x+y,y", "x,x-y")  # mirrors along the long diagonals of the hexagonal cell
_SHORT = ("y,x", "x-y,-y", "-x,-x+y")  # mirrors along the edges of the hexagonal cell


def _table() -> tuple[PlaneGroup, ...]:
    rows: tuple[tuple[str, str, tuple[str, ...]], ...] = (
        ("p1", "oblique", ("x,y",)),
        ("p2", "oblique", ("x,y", "-x,-y")),
        ("pm", "rectangular", ("x,y", "-x,y")),
        ("pg", "rectangular", ("x,y", "-x,y+1/2")),
        ("cm", "rectangular", ("x,y", "-x,y")),
        ("p2mm", "rectangular", ("x,y", "-x,-y", "-x,y", "x,-y")),
        ("p2mg", "rectangular", ("x,y", "-x,-y", "-x+1/2,y", "x+1/2,-y")),
        ("p2gg", "rectangular", ("x,y", "-x,-y", "-x+1/2,y+1/2", "x+1/2,-y+1/2")),
        ("c2mm", "rectangular", ("x,y", "-x,-y", "-x,y", "x,-y")),
        ("p4", "square", _TURNS_4),
        ("p4mm", "square", (*_TURNS_4, "-x,y", "x,-y", "y,x", "-y,-x")),
        ("p4gm", "square", (*_TURNS_4, "-x+1/2,y+1/2", "x+1/2,-y+1/2", "y+1/2,x+1/2", "-y+1/2,-x+1/2")),
        ("p3", "hexagonal", _TURNS_3),
        ("p3m1", "hexagonal", (*_TURNS_3, *_LONG)),
        ("p31m", "hexagonal", (*_TURNS_3, *_SHORT)),
        ("p6", "hexagonal", _TURNS_6),
        ("p6mm", "hexagonal", (*_TURNS_6, *_LONG, *_SHORT)),
    )
    return tuple(
        PlaneGroup(number=number, symbol=symbol, system=system, positions=positions, centred=symbol.startswith("c"))
        for number, (symbol, system, positions) in enumerate(rows, start=1)
    )


PLANE_GROUPS = _table()
"""In the order of the International Tables."""

SYMBOLS = tuple(group.symbol for group in PLANE_GROUPS)
