"""What belongs together: items of one specimen, picture or sample, by whatever names them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray


def numbered(groups: Sequence[Hashable]) -> NDArray[np.int64]:
    """Return a number for each item, shape (n,): from 0, in the order in which the groups first occur."""
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(group, len(numbers)) for group in groups], dtype=np.int64)
