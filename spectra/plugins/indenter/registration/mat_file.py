"""Indents in files of MATLAB, as XPCorrelate (Magazzeni et al., J. Mater. Res. 2020) and the like save them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spectra.core.errors import InputError
from spectra.core.measurements import RawFile
from spectra.plugins.indenter.registration.mat_elements import check_elements

Floats = NDArray[np.float64]

UNITS = {"hardness": "GPa", "modulus": "GPa", "depth": "nm", "load": "mN"}
"""What XPCorrelate's arrays are in; places are in µm."""

_LETTERS = {"hardness": "H", "modulus": "M", "depth": "D", "load": "L"}
_LAYERS = {"depth": 1, "load": 2, "modulus": 3, "hardness": 5}  # of the array fullres
_MOST_BYTES = 500_000_000  # unpacked
_HINT = "It needs arrays X, Y and H (or fullres) of one size, by themselves or in a struct such as datastack."


@dataclass(frozen=True, kw_only=True, eq=False)
class MatArrays:
    """Places and values, shape (n,) each."""

    x: Floats
    y: Floats
    values: Floats
    quantity: str


def read_mat(file: RawFile, quantity: str) -> MatArrays:
    """Read X, Y and a quantity from a file of MATLAB's versions 5 to 7.

    Raises
    ------
    InputError
        If it is of another version, damaged, too large, or lacks one of the arrays.
    """
    names = _variables(file)
    wanted = [quantity, quantity.capitalize(), *([_LETTERS[quantity]] if quantity in _LETTERS else [])]
    for variables in (names, *(value for value in names.values() if isinstance(value, dict))):
        values = next((variables[name] for name in wanted if name in variables), None)
        if values is None and quantity in _LAYERS and np.ndim(variables.get("fullres", 0)) == 3:
            layers = variables["fullres"]
            values = layers[..., _LAYERS[quantity]] if layers.shape[2] > _LAYERS[quantity] else None
        if values is not None and {"X", "Y"} <= variables.keys():
            x, y, numbers = (_numbers(array, file.name) for array in (variables["X"], variables["Y"], values))
            if not len(x) == len(y) == len(numbers):
                raise InputError(
                    f"{file.name}: X, Y and {quantity} have {len(x)}, {len(y)} and {len(numbers)} elements.", hint=_HINT
                )
            there = np.isfinite(x) & np.isfinite(y)
            return MatArrays(x=x[there], y=y[there], values=numbers[there], quantity=quantity)
    listed = ", ".join(sorted(names)[:12]) or "nothing"
    raise InputError(f"{file.name} has no X, Y and {quantity}; it holds {listed}.", hint=_HINT)


def _variables(file: RawFile) -> Mapping[str, Any]:
    from scipy.io import loadmat

    if file.content[124:128] in (b"\x00\x02IM", b"\x02\x00MI"):
        raise InputError(
            f"{file.name} is a file of MATLAB 7.3, which is not read.", hint="Save it in MATLAB with '-v7'."
        )
    if wrong := check_elements(file.content, most=_MOST_BYTES):
        raise InputError(f"{file.name} cannot be read as a .mat file: {wrong}.", hint="Is it whole?")
    try:
        loaded = loadmat(io.BytesIO(file.content), simplify_cells=True, verify_compressed_data_integrity=True)
    except Exception as error:  # scipy has many ways to fail on bytes that somebody made up
        raise InputError(
            f"{file.name} cannot be read as a .mat file ({type(error).__name__}: {error}).", hint="Is it whole?"
        ) from error
    return {name: value for name, value in loaded.items() if not name.startswith("__")}


def _numbers(array: Any, name: str) -> Floats:
    numbers = np.asarray(array)
    if numbers.dtype.kind not in "fiu":
        raise InputError(f"{name}: X, Y and the values must be arrays of numbers.", hint=_HINT)
    return numbers.astype(np.float64).ravel()
