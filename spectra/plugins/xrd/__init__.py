"""Diffraction and vibrational spectra: from profiles to microstructure (Vizoso & Dingreville 2025)."""
