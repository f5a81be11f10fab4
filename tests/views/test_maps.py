"""Maps as files for other programs."""

import csv

import numpy as np
import pytest

from spectra.core.formats.maps import QuantityMap
from spectra.views.maps import Layer, block_means, layer_document, layers, region_tables, save_map

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


def test_a_large_map_is_shown_as_means_of_what_is_known_in_blocks():
    values = np.arange(12.0, dtype=np.float32).reshape(3, 4)
    values[0, 0] = np.nan
    values[2, 2:] = np.nan
    means = block_means(values, 2)
    assert means[0].tolist() == [(1 + 4 + 5) / 3, (2 + 3 + 6 + 7) / 4]
    assert means[1, 0] == 8.5
    assert np.isnan(means[1, 1])
    layer = Layer(kind="value", name="hardness", unit="GPa", values=np.full((1000, 300), 2.5, np.float32))
    shown = layer_document(layer, 0.5)
    assert (shown["rows"], shown["columns"], shown["block"]) == (334, 100, 3)
    assert set(shown["values"]) == {2.5}
    assert shown["ends"][0] < shown["ends"][1]


def test_what_is_not_known_is_none_and_its_region_has_no_numbers():
    nothing = np.full((6, 6, 1), np.nan, np.float32)
    known = nothing.copy()
    known[:2, :2] = [[[1.0], [2.0]], [[3.0], [6.0]]]
    field = QuantityMap(
        mean=known, spread=0 * known + 0.5, novelty=nothing[..., 0], names=("E",), units=("GPa",), um_per_step=None
    )
    assert layer_document(layers(field)[0], None)["values"][:3] == [1.0, 2.0, None]
    assert set(layer_document(layers(field)[2], None)["values"]) == {None}
    (regions,) = region_tables(field)
    rows = list(zip(*(column.values for column in regions.columns), strict=True))
    assert rows[0] == ("all of it", "3", "1", "6", "0.5", "11")
    assert rows[1] == ("top left", "3", "1", "6", "0.5", "100")
    assert rows[5] == ("centre", "", "", "", "", "0")
