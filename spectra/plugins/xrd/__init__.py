"""X-ray diffraction and vibrational spectra of atomistic structures."""
