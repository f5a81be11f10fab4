"""
A map of hardness from orientations
===================================

A law of three numbers, learned from 8,633 indents on titanium, asked about another part of the specimen: the
orientations, the hardness at every pixel, its uncertainty, and how unlike the training each place is.
"""

from pathlib import Path

import spectra

examples = Path(spectra.__file__).parents[1] / "examples"
session = spectra.open()
indenter = examples / "indenter"
answer = session.analyze(indenter / "other-part.csv", sample=indenter / "titanium.yaml", recipe="law")
figure = answer.figure()

# sphinx_gallery_start_ignore
# The 4,255 indents there, which the model has not seen, have a mean of 3.124 GPa.
assert abs(answer.quantities.value["hardness"] - 3.124) < 2 * answer.quantities["std"]["hardness"]
# sphinx_gallery_end_ignore
