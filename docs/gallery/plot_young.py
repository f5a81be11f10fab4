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

# sphinx_gallery_start_ignore
# Along the threefold axis 1/E is the compliance S33: Nye, Physical Properties of Crystals (1985), section VIII.
sections = next(axes for axes in figure.axes if axes.name == "polar")
angles, young = sections.get_lines()[1].get_data()
along_c = moduli["C33"] - 2 * moduli["C13"] ** 2 / (moduli["C11"] + moduli["C12"])
assert abs(young[abs(angles - 3.14159265 / 2).argmin()] / along_c - 1) < 1e-3
# sphinx_gallery_end_ignore
