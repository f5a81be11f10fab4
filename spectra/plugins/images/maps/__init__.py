"""Orientation maps: files of electron backscatter diffraction (EBSD) as pictures of Bunge angles."""
