"""
Structures of a wanted hardness
===============================

Microstructures of titanium for which the law of the map above predicts 3, 3.3 and 3.6 GPa, with the traces of the
searches.
"""

from pathlib import Path

import spectra

examples = Path(spectra.__file__).parents[1] / "examples"
session = spectra.open()
designs = session.design(examples / "indenter" / "titanium.yaml", [3.0, 3.3, 3.6], recipe="law", starts=1)
figure = designs.figure()

# sphinx_gallery_start_ignore
assert (designs.table["verdict"] == "trusted").all()
# sphinx_gallery_end_ignore
