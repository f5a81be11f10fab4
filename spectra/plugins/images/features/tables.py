"""Tables of features that were computed elsewhere, by the digests of the pictures."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from spectra.core.basics.files import unpack_arrays
from spectra.core.components import Features
from spectra.core.errors import InputError

_UNPACKED = 4_000_000_000  # bytes


def picture_digest(pixels: NDArray[Any]) -> str:
    """Return the content address of one picture as a reader of the platform gives it, (height, width, channels).

    Bytes and single precision are as they are; the same values as another type are another picture.

    Examples
    --------
    >>> picture_digest(np.zeros((2, 3, 1), dtype=np.uint8))[:20]
    'sha256:1d74a6a6f5362'
    """
    little = np.ascontiguousarray(pixels, dtype=pixels.dtype.newbyteorder("<"))
    header = f"{little.dtype.str} {' '.join(map(str, little.shape))}\n"
    return f"sha256:{hashlib.sha256(header.encode() + little.tobytes()).hexdigest()}"


@dataclass(frozen=True, kw_only=True, eq=False)
class FeatureTable:
    """Features (n, d), finite, and the row of each picture by its digest."""

    features: Features
    rows: dict[str, int]

    @classmethod
    def read(cls, content: bytes) -> Self:
        """Read an ``.npz`` with the arrays ``digests``, shape (n,), and ``features``, shape (n, d).

        Raises
        ------
        InputError
            If it is none.
        """
        arrays = unpack_arrays(content, what="table of features", limit=_UNPACKED)
        if lacking := [name for name in ("digests", "features") if name not in arrays]:
            raise InputError(
                f"The table of features lacks {' and '.join(lacking)}; it has {', '.join(arrays) or 'nothing'}.",
                hint="Write it with numpy.savez(file, digests=…, features=…); docs/images.md shows how.",
            )
        digests, features = arrays["digests"], arrays["features"]
        if features.ndim != 2 or digests.shape != (len(features),) or not features.size:
            raise InputError(
                f"The table has features of shape {features.shape} and digests of shape {digests.shape}; (n, d) and "
                "(n,) are needed."
            )
        if features.dtype.kind not in "fiu" or digests.dtype.kind != "U":
            raise InputError("The features of the table must be numbers, and the digests text.")
        singles = features.astype(np.float32)
        if not np.isfinite(singles).all():
            raise InputError("The table has features that are not finite numbers.")
        return cls(features=singles, rows={str(digest): row for row, digest in enumerate(digests)})

    def features_of(self, pictures: NDArray[Any]) -> Features:
        """Return the features of pictures (n, height, width, channels), shape (n, d).

        Raises
        ------
        InputError
            If one is not in the table.
        """
        digests = [picture_digest(pixels) for pixels in pictures]
        if missing := [digest for digest in digests if digest not in self.rows]:
            raise InputError(
                f"The table of {len(self.rows)} features has none of the picture {missing[0][:19]}….",
                hint="Add its features to the table, and make the feature space anew.",
            )
        return self.features[[self.rows[digest] for digest in digests]]
