"""Lines that are two: so close together that what one leaves of the other looks like neither."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from spectra.plugins.peaks.sweeps.fitting import doubled, fit
from spectra.plugins.peaks.sweeps.lines import Lines, Sweep

_LIKELY = 0.5  # of the gain that is asked for: an expansion in small distances falls short
_NARROWEST = 0.2  # of the width of the line: half a line is no narrower at the start
_REACH = 8.0  # widths


def split(sweep: Sweep, lines: Lines, least: float) -> Lines | None:
    """Replace lines by two where the log-likelihood grows by more than ``least``, one in a piece; None if nowhere."""
    poles = lines.poles.copy()
    more: list[complex] = []
    unsettled = np.zeros(len(lines), dtype=bool)
    for owned in sweep.groups(lines):
        if sweep.is_broad(lines)[owned[0]]:
            continue
        piece, active = sweep.around(lines, owned)
        gains, offsets = doubled(piece, lines.poles[active])
        gains = np.where(np.isin(active, owned), gains, 0.0)
        best = int(np.argmax(gains))
        if gains[best] < _LIKELY * least:
            continue
        k, others = active[best], np.delete(active, best)
        two = lines.poles[k] + offsets[best] * np.array([-1, 1])
        two = two.real + 1j * np.maximum(two.imag, _NARROWEST * lines.poles[k].imag)
        one = fit(piece, lines.poles[active], iterations=6)
        pair = fit(piece, np.concatenate([lines.poles[others], two]), iterations=20)
        if sweep.gain(one.cost - pair.cost) > least:
            poles[k], second = pair.poles[-2:]
            more.append(complex(second))
            unsettled |= np.abs(lines.poles.real - lines.poles[k].real) < _REACH * lines.widths[k]
    if not more:
        return None
    return replace(lines, poles=poles, settled=lines.settled & ~unsettled).with_more(more)
