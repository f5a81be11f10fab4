"""Plugin-based, multi-technique spectra analysis: from a measured spectrum to physical quantities."""

__version__ = "0.1.0"
