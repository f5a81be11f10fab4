"""Diffraction and vibrational spectra of atoms at given positions."""
