"""What ships with the platform, registered through the same hooks as a stranger's."""

BUILT_IN = ("spectra.plugins.learning.plugin", "spectra.plugins.rus.plugin", "spectra.plugins.xrd.plugin")
"""Modules in the order in which they are loaded; a new technique is one folder beside ``rus`` and one line here."""
