"""What ships with the platform, registered through the same hooks as a stranger's: shared rooms and techniques."""

SHARED = (
    "spectra.plugins.learning.plugin",
    "spectra.plugins.peaks.plugin",
    "spectra.plugins.profiles.plugin",
    "spectra.plugins.images.plugin",
    "spectra.plugins.search.plugin",
    "spectra.plugins.layouts.plugin",
)
"""Plugins that serve every technique; they are loaded whatever ``SPECTRA_PLUGINS`` says."""

BUILT_IN = (
    *SHARED,
    "spectra.plugins.rus.plugin",
    "spectra.plugins.xrd.plugin",
    "spectra.plugins.powder.plugin",
    "spectra.plugins.indenter.plugin",
    "spectra.plugins.images.symmetry.plugin",
)
"""Modules in the order in which they are loaded; a new technique is one folder beside ``rus`` and one line here."""
