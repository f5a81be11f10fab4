"""Recordings: samples of a ``.wav`` file, and the ringing that follows a tap."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spectra.core.errors import InputError

Floats = NDArray[np.float64]

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_TYPES = {(_PCM, 8): "u1", (_PCM, 16): "<i2", (_PCM, 32): "<i4", (_FLOAT, 32): "<f4", (_FLOAT, 64): "<f8"}
_FEWEST = 256
_CLIPPED = 4  # samples at one end of the range
_BLOCKS = 400
_TAP, _AGAIN = 3.0, 0.3  # times what rang before; of the largest


@dataclass(frozen=True, kw_only=True, eq=False)
class Recording:
    """What a file holds.

    Parameters
    ----------
    samples : ndarray, shape (n, channels)
    sampling
        Samples in a second.
    """

    samples: Floats
    sampling: float


def read_wav(content: bytes, name: str) -> Recording:
    """Read a ``.wav`` file of integers or floating-point numbers.

    Raises
    ------
    InputError
        If it is damaged, or compressed.
    """
    chunks, place = dict[bytes, bytes](), 12
    while place + 8 <= len(content):
        kind, size = struct.unpack_from("<4sI", content, place)
        chunks.setdefault(kind, content[place + 8 : place + 8 + size])
        place += 8 + size + size % 2
    form, data = chunks.get(b"fmt ", b""), chunks.get(b"data")
    if len(form) < 16 or data is None:
        raise InputError(f"{name}: this recording cannot be read: it is damaged.", hint="Save it as PCM.")
    code, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", form)
    if code == _EXTENSIBLE and len(form) >= 26:
        code = struct.unpack_from("<H", form, 24)[0]
    width = bits // 8 * channels
    if not width or not rate or (code, bits) not in {*_TYPES, (_PCM, 24)}:
        raise InputError(f"{name}: samples of {bits} bits in format {code} are not read.", hint="Save it as PCM.")
    data = data[: len(data) // width * width]
    if bits == 24:
        bytes_ = np.frombuffer(data, np.uint8).reshape(-1, 3).astype(np.int32)
        samples = ((bytes_[:, 0] << 8 | bytes_[:, 1] << 16 | bytes_[:, 2] << 24) >> 8).astype(np.float64)
    else:
        samples = np.frombuffer(data, _TYPES[code, bits]).astype(np.float64)
    return Recording(samples=samples.reshape(-1, channels), sampling=float(rate))


def ringing(trace: Floats, name: str, notes: list[str]) -> Floats:
    """Return what follows the largest tap, up to the next one; of a clipped recording what follows the clipping.

    Raises
    ------
    InputError
        If that are few samples.
    """
    middle = float(np.median(trace))
    size = np.abs(trace - middle)
    tap, end = int(np.argmax(size)), len(trace)
    block = max(16, len(trace) // _BLOCKS)
    peaks = size[: len(size) // block * block].reshape(-1, block).max(axis=1)
    for k in range(tap // block + 4, len(peaks)):
        if peaks[k] > _AGAIN * size[tap] and peaks[k] > _TAP * peaks[k - 3 : k].max():
            end = (k - 1) * block
            notes.append("There is more than one tap: only what follows the largest was used, up to the next.")
            break
    used = trace[tap:end]
    at_end = np.flatnonzero((used == trace.max()) | (used == trace.min()))
    if len(at_end) >= _CLIPPED:
        used = used[at_end[-1] + 1 :]
        notes.append(f"The recording is clipped: what follows the last of {len(at_end)} clipped samples was used.")
    if len(used) < _FEWEST:
        raise InputError(f"{name}: only {len(used)} samples follow the tap.", hint="Record the ringing, too.")
    return used - middle
