"""Powder diffraction: whole patterns of known phases to lattice parameters, crystallite size and microstrain."""
