"""X-ray diffraction: from profiles to microstructure."""
