"""
Shapes of modes
===============

The six lowest modes of a block of Ti-6Al-4V: displacements, the body at rest as dashed lines, the size of the
displacement as colour. The moduli are those that its list of resonances gave. On the command line: ``spectra simulate
--figure``.
"""

from pathlib import Path

import spectra

examples = Path(spectra.__file__).parents[1] / "examples"
session = spectra.open()
spectrum = session.simulate(examples / "rus" / "ti64" / "sample.yaml", at={"C11": 168.8, "C44": 44.98})
figure = spectrum.figure("modes", rows=range(1, 7))

# sphinx_gallery_start_ignore
import numpy as np

measured = np.loadtxt(examples / "rus" / "ti64" / "peaks.dat", usecols=0)
lines = spectrum.signal.positions[0]
assert np.all(np.min(np.abs(np.log(measured[:20, None] / lines)), axis=1) < 0.005)
# sphinx_gallery_end_ignore
