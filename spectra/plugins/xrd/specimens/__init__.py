"""Specimens of gold: structures, defects and strains, molecular dynamics, microstructure and spectra."""
