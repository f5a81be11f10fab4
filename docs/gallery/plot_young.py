"""
Young's modulus over direction
==============================

Of sapphire, a trigonal crystal, as a surface and in three sections along the crystal's axes.
"""

from pathlib import Path

import spectra

examples = Path(spectra.__file__).parents[1] / "examples"
session = spectra.open()
moduli = {"C11": 490, "C33": 479, "C12": 154, "C13": 116, "C44": 147, "C14": 22.6}
spectrum = session.simulate(examples / "rus" / "sapphire" / "sample.yaml", at=moduli)
figure = spectrum.figure("young")
