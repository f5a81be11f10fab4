"""The platform's own plugins, and the toy, pass the checks like anyone else's."""

from pathlib import Path

import pytest

from spectra.core.manager import load_plugins
from spectra.plugins import BUILT_IN
from spectra.testing import NotApplicable, PluginConformance, cases

ROOT = Path(__file__).parents[2]


class TestToy(PluginConformance):
    plugin = "toy"


class TestPeaks(PluginConformance):
    plugin = "peaks"
    sample = ROOT / "examples" / "rus" / "steel" / "sample.yaml"
    measurements = (
        ROOT / "examples" / "rus" / "steel" / "peaks.dat",
        ROOT / "examples" / "rus" / "sweep" / "sweep.dat",
    )


class TestProfiles(PluginConformance):
    plugin = "profiles"


class TestSearch(PluginConformance):
    plugin = "search"


class TestLayouts(PluginConformance):
    plugin = "layouts"


@pytest.mark.slow
class TestSymmetry(PluginConformance):
    plugin = "symmetry"
    measurements = (ROOT / "docs" / "xrd.png",)


class TestPowder(PluginConformance):
    plugin = "powder"


class TestRus(PluginConformance):
    plugin = "rus"
    measurements = (ROOT / "examples" / "rus" / "aluminium-block" / "peaks.dat",)


PLUGINS = load_plugins(BUILT_IN)
GOLD = ROOT / "examples" / "xrd" / "gold" / "gold-xrd.yaml"
PROFILES = [ROOT / "tests" / "data" / "xrd" / name for name in ("MnO.xy", "Bi2O3-Nb2O5_500C_60min.xrdml")]
# What is always checked shares most with them: networks all but the objective, techniques all but the spectrum.
SLOW = {f"regressor {name}" for name in ("reconstruction", "regression", "multimodal")}
SLOW |= {"technique vdos", "technique xrd+vdos", "generator vae"}


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=case.id, marks=[pytest.mark.slow] if case.component in SLOW else [])
        for case in (
            *cases(PLUGINS, "learning", sample=GOLD),
            *cases(PLUGINS, "images", measurements=[ROOT / "docs" / "xrd.png"]),
            *cases(PLUGINS, "xrd", measurements=PROFILES),
        )
    ],
)
def test_learning_images_and_diffraction_conform(case):
    try:
        case.run()
    except NotApplicable as reason:
        pytest.skip(str(reason))


def test_every_built_in_component_says_which_signals_it_takes_or_gives():
    on_none = ("regressor", "optimizer", "layout")
    silent = [
        f"{entry.kind} {entry.component.name}"
        for entry in PLUGINS.catalogue.entries()
        if entry.kind not in on_none and not entry.component.takes and not entry.component.gives
    ]
    assert silent == []
