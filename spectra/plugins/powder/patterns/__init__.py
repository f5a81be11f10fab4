"""Diffraction lines: positions, widths and shapes."""
