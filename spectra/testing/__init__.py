"""Checks for plugins: what each kind of component must do, as tests of pytest and as ``spectra plugins check``.

One check is one function in ``spectra.testing.checks``; its docstring says what is required and why. docs/plugins.md
shows how to use them. Nothing of the platform but the command imports this package.
"""

from spectra.testing.checking import CHECKS, Case, Check, ConformanceError, NotApplicable, Outcome
from spectra.testing.conformance import PluginConformance
from spectra.testing.plugin import cases

__all__ = ["CHECKS", "Case", "Check", "ConformanceError", "NotApplicable", "Outcome", "PluginConformance", "cases"]
