"""The checks as tests of pytest: a base class for the tests of a plugin."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from spectra.core.manager import load_plugins
from spectra.plugins import BUILT_IN, SHARED
from spectra.testing.checking import Case, NotApplicable
from spectra.testing.plugin import cases


class PluginConformance:
    """Every check of a plugin as one test.

    Examples
    --------
    In a test file of the plugin::

        from spectra.testing import PluginConformance

        class TestConformance(PluginConformance):
            plugin = "my-plugin"
    """

    plugin: ClassVar[str]
    """Name of the entry point."""
    sample: ClassVar[Path | None] = None
    """A sample file, if the technique has no ``example_sample()``."""
    measurements: ClassVar[Sequence[Path]] = ()
    """Measured files, for the readers."""

    def pytest_generate_tests(self, metafunc: Any) -> None:
        """Make one test of each check."""
        found = cases(
            load_plugins(BUILT_IN, always=SHARED), self.plugin, sample=self.sample, measurements=self.measurements
        )
        metafunc.parametrize("case", found, ids=[case.id for case in found])

    def test_conforms(self, case: Case) -> None:
        """Make a check; one that cannot be made is skipped and says why."""
        import pytest

        try:
            case.run()
        except NotApplicable as reason:
            pytest.skip(str(reason))
