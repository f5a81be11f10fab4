"""
Which modulus moves which mode
==============================

By how much each modulus of hexagonal Mn3Ge moves each mode; the derivatives of a mode add up to 1/2. A row that is pale
all along is a modulus that the modes hardly tell, here C13: its error bar is the largest.
"""

from pathlib import Path

import spectra

examples = Path(spectra.__file__).parents[1] / "examples"
session = spectra.open()
moduli = {"C11": 138.8, "C33": 201.8, "C12": 54.4, "C13": 16, "C44": 48.28}
spectrum = session.simulate(examples / "rus" / "mn3ge" / "sample.yaml", at=moduli)
figure = spectrum.figure("sensitivities")

# sphinx_gallery_start_ignore
derivatives = spectrum.spectrum.filter(like="dlnf/dln")
assert derivatives.shape[1] == 5
assert (abs(derivatives.sum(axis=1) - 0.5) < 1e-6).all()
assert derivatives.abs().mean().idxmin() in {"dlnf/dlnC13", "dlnf/dlnC12"}
# sphinx_gallery_end_ignore
