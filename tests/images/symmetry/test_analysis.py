"""Lines and tiles on pictures whose symmetry is put there by hand."""

import numpy as np
import pytest
from scipy.ndimage import map_coordinates

from spectra.core.errors import InputError
from spectra.plugins.images.symmetry.analysis import LINES, analyze, analyze_tiles
from spectra.plugins.images.symmetry.figure import symmetry_lines
from spectra.plugins.images.symmetry.generator.groups import PLANE_GROUPS, SYMBOLS
from spectra.plugins.images.symmetry.generator.patterns import pattern


@pytest.mark.parametrize("symbol", [symbol for symbol in SYMBOLS if symbol in LINES])
def test_the_picture_is_the_same_on_both_sides_of_each_line(symbol):
    """Mirrored about each line by interpolation, and moved along a glide by half a period, it is itself again."""
    shown, _ = pattern(PLANE_GROUPS[SYMBOLS.index(symbol)], np.random.default_rng(8), side=96)
    answer = analyze(shown)
    assert answer.group == symbol
    edges, middle = answer.view.edges, np.array(answer.view.middle)
    assert len(answer.lines()) == sum(LINES[symbol])
    columns, rows = np.meshgrid(np.arange(20, 76), np.arange(20, 76))
    places = np.stack([columns, rows], axis=-1) - middle
    for operation, translation in answer.lines():
        mirrors = [line for line in symmetry_lines(operation, translation, edges, 10.0) if not line[2]]
        assert bool(mirrors) is not operation.name.startswith("glide")
        for start, direction, _ in mirrors[:2]:
            off = places - start
            mirrored = start + 2 * (off @ direction)[..., np.newaxis] * direction - off + middle
            values = map_coordinates(shown, [mirrored[..., 1], mirrored[..., 0]], order=5, mode="nearest")
            inside = np.all((mirrored > 4) & (mirrored < 91), axis=-1)
            assert np.corrcoef(values[inside], shown[20:76, 20:76][inside])[0, 1] > 0.97


def test_lines_of_a_rectangular_lattice_are_half_an_edge_apart():
    columns, rows = np.meshgrid(np.arange(64), np.arange(64))
    answer = analyze(np.cos(2 * np.pi * columns / 10) + 0.6 * np.cos(2 * np.pi * rows / 14))
    assert answer.group == "p2mm"
    for operation, translation in answer.lines():
        lines = list(symmetry_lines(operation, translation, answer.view.edges, 30.0))
        offsets = np.sort([start @ [-direction[1], direction[0]] for start, direction, _ in lines])
        assert not any(glides for *_, glides in lines)
        period = 14 if abs(lines[0][1][0]) > 0.5 else 10
        assert np.diff(offsets) == pytest.approx(period / 2, abs=0.02)


def test_tiles_say_where_the_symmetry_changes():
    rng = np.random.default_rng(3)
    left, right = (pattern(PLANE_GROUPS[SYMBOLS.index(s)], rng, side=192)[0] for s in ("p4", "p31m"))
    tiles = analyze_tiles(np.hstack([left[:, :96], right[:, :96]]), 64)
    assert tiles.groups.shape == (5, 5)
    assert {SYMBOLS[k] for k in tiles.groups[:, :2].ravel()} == {"p4"}
    assert {SYMBOLS[k] for k in tiles.groups[:, 3:].ravel()} == {"p31m"}
    assert dict(tiles.shares())["p4"] >= 0.4


def test_tiles_reach_from_edge_to_edge_and_overlap_by_half():
    shown, _ = pattern(PLANE_GROUPS[SYMBOLS.index("p4")], np.random.default_rng(3), side=128)
    tiles = analyze_tiles(shown[:, :107], 48)
    for starts, size in ((tiles.tops, 128), (tiles.lefts, 107)):
        assert (starts[0], starts[-1] + 48) == (0, size)
        assert np.diff(starts).max() <= 24
    assert tiles.groups.shape == (len(tiles.tops), len(tiles.lefts))


@pytest.mark.parametrize(("tile", "said"), [(10, "too small"), (100, "does not fit")])
def test_tiles_that_cannot_be_are_refused_in_words(tile, said):
    with pytest.raises(InputError, match=said):
        analyze_tiles(np.random.default_rng(0).normal(size=(64, 64)), tile)


def test_a_photograph_of_no_lattice_has_no_group():
    """Smooth noise: grains of many sizes, some of which repeat by chance."""
    from spectra.plugins.images.symmetry.generator.textures import random_texture

    rng = np.random.default_rng(1)
    assert sum(analyze(random_texture(rng)).group is not None for _ in range(12)) <= 1
