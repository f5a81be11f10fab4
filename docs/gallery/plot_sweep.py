"""
A sweep and its lines
=====================

The resonances in a sweep, fitted with all their neighbours: the response, the fit, and what is left of it. On the
command line: ``spectra peaks SWEEP --figure sweep.png``.
"""

from pathlib import Path

from matplotlib.figure import Figure

import spectra
from spectra.core.measurements import RawFile
from spectra.plugins.peaks.sweeps.components import PROCESSOR, READER
from spectra.plugins.peaks.sweeps.figure import draw
from spectra.plugins.peaks.sweeps.resonances import find_resonances

examples = Path(spectra.__file__).parents[1] / "examples"
sweep = READER.make(READER.validate({})).read(RawFile.read(examples / "rus" / "sweep" / "sweep.dat"))
found = find_resonances(sweep, PROCESSOR.validate({}))
figure = Figure()
draw(found, figure, "sweep.dat")

# sphinx_gallery_start_ignore
# The sweep was simulated: lines of our own forward model at C11 = 110 and C44 = 26.6 GPa.
sample = examples / "rus" / "sweep" / "sample.yaml"
lines = spectra.open().simulate(sample, at={"C11": 110, "C44": 26.6}).signal.positions[0]
assert len(found.table) == 26
assert all(min(abs(lines / frequency - 1)) < 2e-4 for frequency in found.table[:, 0])
# sphinx_gallery_end_ignore
