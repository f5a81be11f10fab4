"""``spectra map`` as a user calls it, on pictures of two textures."""

import json
import re

import numpy as np
from PIL import Image

from tests.cli.similarity.test_similar import archived, pictures  # noqa: F401 - fixtures


def document_of(page):
    """Return the data of a page."""
    (data,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page.read_text("utf-8"))
    return json.loads(data)


def items_of(ran):
    """Return the items that a command printed."""
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)["map"]["items"]


def test_a_map_has_the_textures_apart_with_pictures_and_what_is_known(archived, tmp_path):  # noqa: F811
    page, figure = tmp_path / "map.html", tmp_path / "map.png"
    items = items_of(archived("map", "--html", page, "--png", figure, "--color", "material", "--json"))
    shown = document_of(page)
    assert shown["colour"] == "material"
    units = {column["name"]: column["unit"] for column in shown["columns"]}
    assert units["material"] == ""
    assert units["temperature"] == "K"
    assert "technique" not in units  # the same for all
    assert len([one for one in shown["thumbnails"] if one]) == 20
    places = np.array([[item["x"], item["y"]] for item in items])
    kinds = np.array([item["file_name"][:5] for item in items])
    apart = np.linalg.norm(places[:, None] - places, axis=2) + 1e9 * np.eye(20)
    assert np.mean(kinds[apart.argmin(axis=1)] == kinds) >= 0.9
    assert [item["id"] for item in items] == shown["records"]
    with Image.open(figure) as picture:
        assert picture.size[0] > 500
    query = f"id={'|'.join(shown['records'][:3])}"  # as the page exports it
    listed = json.loads(archived("measurements", "list", query, "--json").stdout)["measurements"]
    assert sorted(one["id"] for one in listed) == sorted(shown["records"][:3])
    alone = archived("map", "--where", query.partition("|")[0], "--html", page, "--png", figure)
    assert alone.returncode == 0, alone.stderr
    assert len(document_of(page)["names"]) == 1


def test_a_seed_repeats_a_map_and_another_or_a_parameter_changes_it(archived):  # noqa: F811
    grains = ("map", "--json", "--where", "material=grains")
    first = items_of(archived(*grains))
    assert len(first) == 10
    assert items_of(archived(*grains)) == first
    assert items_of(archived(*grains, "--seed", "1")) != first
    assert items_of(archived(*grains, "--set", "layout.neighbours=3")) != first


def test_what_cannot_be_mapped_ends_in_a_sentence(archived):  # noqa: F811
    for arguments, code, said in (
        ([], 2, "--html map.html"),
        (["--json", "--color", "materiel"], 2, "the nearest is 'material'"),
        (["--json", "--layout", "umop"], 4, "There is no layout 'umop'; the nearest is 'umap'"),
        (["--json", "--set", "layout.neighbors=3"], 3, "neighbors"),
        (["--json", "--where", "material=gold"], 3, "Nothing on record fulfils 'material=gold'"),
        (["--png", "map.bmp"], 2, "map.bmp"),
        (["--html", "no/such/map.html"], 2, "no folder"),
    ):
        ran = archived("map", *arguments)
        assert ran.returncode == code, arguments
        assert said in ran.stderr
        assert "Traceback" not in ran.stderr
