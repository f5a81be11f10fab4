"""Maps: a quantity at every place of a picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spectra.core.basics.files import pack_arrays, unpack_arrays
from spectra.core.errors import InputError

Singles = NDArray[np.float32]

_LIMIT = 1_000_000_000  # bytes, unpacked
_WHAT = "map file"


@dataclass(frozen=True, kw_only=True, eq=False)
class QuantityMap:
    """Quantities over a regular grid of places, in their units.

    Parameters
    ----------
    mean, spread : ndarray, shape (rows, columns, p)
        NaN where there is no answer. The spread is one standard deviation of what one measurement there would give.
    novelty : ndarray, shape (rows, columns)
        How unlike the places of the training each is, where 1 is as far as these are from each other.
    names, units
        Of the p quantities.
    um_per_step
        Distance of neighbouring places in µm; ``None`` where nobody knows.
    """

    mean: Singles
    spread: Singles
    novelty: Singles
    names: tuple[str, ...]
    units: tuple[str, ...]
    um_per_step: float | None

    def __post_init__(self) -> None:
        shape = self.mean.shape
        if len(shape) != 3 or self.spread.shape != shape or self.novelty.shape != shape[:2]:
            raise InputError("A map needs mean and spread (rows, columns, quantities) and novelty (rows, columns).")
        if not len(self.names) == len(self.units) == shape[2]:
            raise InputError(f"A map of {shape[2]} quantities has {len(self.names)} names and {len(self.units)} units.")

    def to_bytes(self) -> bytes:
        """Serialise as a compressed NumPy archive without pickles."""
        arrays = {"mean": self.mean, "spread": self.spread, "novelty": self.novelty}
        arrays |= {"names": np.array(self.names), "units": np.array(self.units)}
        if self.um_per_step is not None:
            arrays["um_per_step"] = np.array(self.um_per_step)
        return pack_arrays(arrays, compressed=True)

    @classmethod
    def from_bytes(cls, content: bytes) -> QuantityMap:
        """Read what :meth:`to_bytes` wrote.

        Raises
        ------
        InputError
            If it is no such file.
        """
        arrays = unpack_arrays(content, what=_WHAT, limit=_LIMIT)
        if missing := {"mean", "spread", "novelty", "names", "units"} - arrays.keys():
            raise InputError(f"The {_WHAT} lacks {', '.join(sorted(missing))}.")
        if any(arrays[name].dtype.kind != "f" for name in ("mean", "spread", "novelty")):
            raise InputError(f"The mean, spread or novelty of the {_WHAT} are no numbers.")
        if any(arrays[name].ndim != 1 for name in ("names", "units")):
            raise InputError(f"The names or units of the {_WHAT} are no row of words.")
        step = arrays.get("um_per_step")
        if step is not None and (step.ndim or step.dtype.kind not in "fiu" or not 0 < step < np.inf):
            raise InputError(f"The distance of neighbouring places of the {_WHAT} is no length.")
        return cls(
            mean=arrays["mean"],
            spread=arrays["spread"],
            novelty=arrays["novelty"],
            names=tuple(map(str, arrays["names"])),
            units=tuple(map(str, arrays["units"])),
            um_per_step=None if step is None else float(step),
        )
