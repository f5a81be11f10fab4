"""
What is like it
===============

A diffraction profile of gold and the simulated ones that are most like it, with what they were.
"""

from pathlib import Path

import spectra

examples = Path(spectra.__file__).parents[1] / "examples"
session = spectra.open()
sample = examples / "xrd" / "gold" / "gold-xrd.yaml"
session.simulate(sample)  # puts the data set on record
like = session.similar(
    examples / "xrd" / "gold" / "specimen.xy",
    sample=sample,
    among="data-sets",
    parameters={"reader": {"wavelength": 1.54}},
    top=3,
)
figure = like.figure()

# sphinx_gallery_start_ignore
# The specimen was simulated with a stress along z of -16.51 GPa.
stresses = [q.value for near in like.found.neighbours for q in near.item.quantities if q.name == "σzz"]
assert len(stresses) == 3
assert all(abs(stress + 16.51) < 4 for stress in stresses), stresses
# sphinx_gallery_end_ignore
