"""X-ray diffraction and vibrational spectra: from profiles to microstructure."""
