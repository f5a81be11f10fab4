"""Maps as files for other programs."""

import csv

import numpy as np
import pytest

from spectra.core.formats.maps import QuantityMap
from spectra.views.maps import save_map

FIELD = QuantityMap(
    mean=np.array([[[3.25], [4.0]], [[np.nan], [2.5]]], dtype=np.float32),
    spread=np.full((2, 2, 1), 0.25, dtype=np.float32),
    novelty=np.array([[0.5, 1.0], [np.nan, 2.0]], dtype=np.float32),
    names=("hardness",),
    units=("GPa",),
    um_per_step=2.0,
)


def test_a_table_has_a_line_for_each_place(tmp_path):
    save_map(FIELD, tmp_path / "map.csv")
    with (tmp_path / "map.csv").open(newline="") as file:
        header, *rows = csv.reader(file)
    assert header == [
        *("row", "column", "x (µm)", "y (µm)"),
        *("hardness (GPa)", "standard deviation of hardness (GPa)", "novelty"),
    ]
    assert np.array(rows, dtype=float) == pytest.approx(
        np.array(
            [
                [0, 0, 0, 0, 3.25, 0.25, 0.5],
                [0, 1, 2, 0, 4.0, 0.25, 1.0],
                [1, 0, 0, 2, np.nan, 0.25, np.nan],
                [1, 1, 2, 2, 2.5, 0.25, 2.0],
            ]
        ),
        nan_ok=True,
    )


def test_arrays_open_with_numpy_alone(tmp_path):
    save_map(FIELD, tmp_path / "map.npz")
    with np.load(tmp_path / "map.npz", allow_pickle=False) as arrays:
        assert np.array_equal(arrays["mean"], FIELD.mean, equal_nan=True)
        assert (arrays["names"].tolist(), arrays["units"].tolist()) == (["hardness"], ["GPa"])
