"""The figure of a map: its colours say what its bar or legend says."""

import io
from dataclasses import replace

import numpy as np
import pytest
from matplotlib import colormaps
from PIL import Image

from spectra.core.tables import Column
from spectra.views.figures.canvas import figure_bytes
from spectra.views.similarity.figure import map_figure
from spectra.views.similarity.page import map_document
from spectra.views.similarity.points import CATEGORIES, ends


def coloured(shown, colour):
    return map_figure(replace(shown, colour=colour))


def test_a_column_of_numbers_has_a_colour_bar_with_its_unit(shown):
    name = shown.columns[1].name
    figure = coloured(shown, name)
    axes, bar = figure.axes
    assert bar.get_ylabel() == f"{name} (K)"
    missing, drawn = axes.collections[:2]
    assert len(missing.get_offsets()) == 1
    (lowest,) = np.flatnonzero((drawn.get_offsets().data == shown.places[0]).all(axis=1))
    figure.canvas.draw()
    assert drawn.get_facecolor()[lowest] == pytest.approx(colormaps["viridis"](0.0))


def test_a_column_of_words_has_a_legend_with_counts(shown):
    legend = coloured(shown, "material").axes[0].get_legend()
    texts = [text.get_text() for text in legend.get_texts()]
    assert texts[0] == "nickel (40)"
    assert texts[1].endswith("(39)")
    assert texts[2] == "no value (1)"
    assert legend.get_title().get_text() == "material"


def test_words_beyond_the_palette_are_one_colour(shown):
    many = Column(name="sample", values=[f"s{min(row, 11)}" for row in range(80)])
    figure = map_figure(replace(shown, columns=[many], colour="sample"))
    texts = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert len(texts) == len(CATEGORIES) + 1
    assert texts[-1] == "5 others (5)"
    assert sum(int(text.rpartition("(")[2][:-1]) for text in texts) == 80


def test_names_are_no_formulas_and_the_picture_can_be_saved(shown):
    """Matplotlib takes what stands between dollars for a formula, and fails on one that is none."""
    column = Column(name=r"$\evil{$", values=[r"$\frac{$"] * 80)
    figure = map_figure(replace(shown, title=r"a $\b{ c$ \x00", columns=[column], colour=column.name))
    picture = Image.open(io.BytesIO(figure_bytes(figure, "png")))
    assert np.asarray(picture.convert("L")).std() > 5


def test_single_values_far_off_do_not_use_up_the_colours():
    values = np.append(np.linspace(0, 1, 999), 1e6)
    low, high = ends(values)
    assert low == pytest.approx(0.01, abs=0.01)
    assert high == pytest.approx(0.99, abs=0.01)
    assert ends(np.full(5, 3.0)) == (2.5, 3.5)
    assert ends(np.full(5, np.nan)) == (0.0, 1.0)


def test_page_and_figure_agree_on_what_is_drawn_how(shown):
    document = map_document(shown)
    material, temperature = document["columns"]
    assert material["categories"][0] == "nickel"
    assert material["values"][79] == -1
    assert temperature["values"][7] is None
    assert temperature["ends"] == ends(np.array(shown.columns[1].values))
    assert document["palette"]["categories"] == list(CATEGORIES)


def test_an_empty_map_and_one_point_have_a_figure(shown):
    for count in (0, 1):
        few = replace(
            shown,
            places=shown.places[:count],
            names=shown.names[:count],
            records=shown.records[:count],
            columns=[replace(column, values=column.values[:count]) for column in shown.columns],
            thumbnails=(),
            parts=(),
        )
        assert figure_bytes(map_figure(few), "png")
        assert map_document(few)["names"] == list(few.names)
