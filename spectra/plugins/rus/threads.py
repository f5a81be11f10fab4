"""Limit BLAS to one thread for work on small matrices."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import scipy.linalg  # noqa: F401 - SciPy's BLAS must be loaded to be found
from threadpoolctl import ThreadpoolController


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Limit BLAS to one thread, as a context manager or a decorator.

    Two threads on a small matrix run slower than one, and on a busy machine they wait for each other: assembling a
    cylinder took 3.5 s instead of 0.05 s beside another process.
    """
    with _controller().limit(limits=1, user_api="blas"):
        yield


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()  # looks for the libraries, which takes a millisecond
