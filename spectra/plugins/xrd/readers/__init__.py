"""Readers of diffraction profiles and vibrational spectra."""
