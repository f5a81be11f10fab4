"""Layouts by other packages, where they are missing and where they are simulated."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from spectra.core.errors import InputError, NotFoundError
from spectra.core.progress import Silent
from spectra.plugins.layouts.optional import Opentsne, OpentsneParameters, Pacmap, PacmapParameters

FEATURES = np.random.default_rng(0).standard_normal((30, 5)).astype(np.float32)


def fitted(layout, features=FEATURES):
    return layout.fit(features, rng=np.random.default_rng(0), progress=Silent())


@pytest.mark.parametrize(
    ("layout", "module", "distribution"),
    [(Pacmap(PacmapParameters()), "pacmap", "pacmap"), (Opentsne(OpentsneParameters()), "openTSNE", "openTSNE")],
)
def test_a_missing_package_is_named_with_what_to_install(monkeypatch, layout, module, distribution):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(NotFoundError, match=f"the package {distribution}, which is not installed") as error:
        fitted(layout)
    assert f"pip install {distribution}" in error.value.hint
    assert "'umap'" in error.value.hint


class Shifting(np.ndarray):
    """Does as openTSNE 1.0 does: placing new points shifts the layout itself to the middle."""

    def transform(self, rows):
        self -= self.mean(axis=0)
        return self[: len(rows)] + 1


def test_a_layout_that_is_shifted_by_placing_new_points_stays_where_it_is(monkeypatch):
    drawn = (3 + np.random.default_rng(1).random((30, 2))).view(Shifting)
    tsne = SimpleNamespace(fit=lambda rows: drawn)
    monkeypatch.setitem(sys.modules, "openTSNE", SimpleNamespace(TSNE=lambda **_: tsne))
    layout = fitted(Opentsne(OpentsneParameters()))
    before = layout.embedding_.copy()
    for _ in range(2):
        assert layout.transform(FEATURES[:3]) == pytest.approx(before[:3] + 1)
    assert np.array_equal(layout.embedding_, before)


@pytest.mark.parametrize("layout", [Pacmap(PacmapParameters()), Opentsne(OpentsneParameters())])
def test_a_few_points_need_no_package(monkeypatch, layout):
    for module in ("pacmap", "openTSNE"):
        monkeypatch.setitem(sys.modules, module, None)
    assert fitted(layout, FEATURES[:5]).embedding_.shape == (5, 2)
    with pytest.raises(InputError, match="less than 8 points"):
        layout.transform(FEATURES)
    with pytest.raises(InputError, match="nothing to lay out"):
        fitted(layout, FEATURES[:0])
