"""``spectra similar`` and its like, as a user calls them: pictures of two textures, profiles of two phases."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from spectra.core.measurements import RawFile
from spectra.plugins.images.features.tables import picture_digest
from spectra.plugins.images.picture import PictureParameters, PictureReader

STRIPES, GRAINS = "stripes", "grains"


def stripes(rng, period):
    x, y = np.meshgrid(np.arange(96), np.arange(96))
    angle = rng.uniform(0.3, 1.2)
    wave = np.sin(2 * np.pi * (x * np.cos(angle) + y * np.sin(angle)) / period + rng.uniform(0, 6))
    return 128 + 70 * wave + rng.normal(0, 10, wave.shape)


def grains(rng):
    from scipy.ndimage import gaussian_filter

    noise = gaussian_filter(rng.standard_normal((96, 96)), 3)
    return 128 + 60 * noise / noise.std()


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """Ten pictures of stripes and ten of grains, with a table that says which, and how hot."""
    folder, rng = tmp_path_factory.mktemp("pictures"), np.random.default_rng(1)
    lines = ["file,material,temperature (K)"]
    for number in range(10):
        for kind, values in ((STRIPES, stripes(rng, 9 + number / 2)), (GRAINS, grains(rng))):
            name = f"{kind}{number}.png"
            Image.fromarray(np.clip(values, 0, 255).astype(np.uint8)).save(folder / name)
            lines.append(f"{name},{kind},{300 + number}")
    (folder / "table.csv").write_text("\n".join(lines))
    return folder


@pytest.fixture
def archived(spectra, pictures):
    added = spectra("measurements", "add", pictures, "--table", pictures / "table.csv")
    assert added.returncode == 0, added.stderr
    assert "20 of 20 files" in added.stderr
    return spectra


def asked(spectra, *arguments):
    ran = spectra(*arguments, "--json")
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_a_picture_finds_its_like_with_what_is_known_of_it(archived, pictures, tmp_path):
    found = asked(archived, "similar", pictures / "stripes3.png", "--top", "5", "--figure", tmp_path / "sheet.png")[
        "similar"
    ]
    first, *others = found["neighbours"]
    assert first["file_name"] == "stripes3.png"
    assert first["distance"] == pytest.approx(0, abs=1e-6)
    assert {one["labels"]["material"] for one in others} == {STRIPES}
    assert found["compared"] == 20
    assert first["conditions"] == [{"name": "temperature", "value": 303.0, "unit": "K"}]
    assert (tmp_path / "sheet.png").read_bytes().startswith(b"\x89PNG")
    (temperature,) = found["quantities"]
    assert 300 <= temperature["mean"] <= 309


def test_a_filter_comes_first_and_a_record_is_no_neighbour_of_its_own(archived):
    (record,) = asked(archived, "measurements", "list", "file=stripes3.png")["measurements"]
    found = asked(archived, "similar", record["id"], "--where", "material=grain*,temperature>=305 K", "--top", "50")
    files = {one["file_name"] for one in found["similar"]["neighbours"]}
    assert files == {f"grains{number}.png" for number in range(5, 10)}
    alone = asked(archived, "similar", record["id"], "--top", "50")["similar"]
    assert "stripes3.png" not in {one["file_name"] for one in alone["neighbours"]}
    others = asked(archived, "similar", record["id"], "--not-same", "temperature", "--top", "50")["similar"][
        "neighbours"
    ]
    assert 303.0 not in {one["conditions"][0]["value"] for one in others}
    assert len(others) == 18
    refused = archived("similar", record["id"], "--not-same", "colour")
    assert refused.returncode == 2
    assert "The query has no 'colour'" in refused.stderr


def test_what_is_encoded_once_is_not_encoded_again(archived, pictures):
    first = archived("similar", pictures / "grains1.png", "--features", "symmetry")
    assert "Encoding by symmetry (20)" in first.stderr
    again = archived("similar", pictures / "grains1.png", "--features", "symmetry")
    assert "Encoding" not in again.stderr
    assert again.stdout == first.stdout
    (space,) = asked(archived, "spaces", "list")["spaces"]
    assert (space["rows"], space["failed"]) == (20, 0)
    assert archived("spaces", "delete", space["id"]).returncode == 0
    assert asked(archived, "spaces", "list")["spaces"] == []


def test_a_search_is_judged_by_what_it_should_find(archived):
    done = asked(
        archived, "spaces", "evaluate", "--label", "material", "--features", "symmetry", "--features", "pixels"
    )
    scores = {name: one["overall"]["mean_average_precision"] for name, one in done["retrieval"]["features"].items()}
    assert scores["symmetry, cosine"]["value"] > 0.8
    assert scores["symmetry, cosine"]["value"] > scores["pixels, cosine"]["value"]
    assert scores["symmetry, cosine"]["chance"] == pytest.approx(0.56, abs=0.05)
    table = archived("spaces", "evaluate", "--label", "material", "--features", "symmetry").stdout
    assert "By chance: mAP" in table


def test_a_study_file_of_searches_says_the_same_as_the_command(archived, tmp_path):
    study = tmp_path / "searches.yaml"
    study.write_text(
        "title: Textures\nsearch:\n  label: material\n  not_same: temperature\n"
        "  features: [[symmetry], [pixels]]\n  metrics: [cosine, euclidean]\n"
    )
    by_file = asked(archived, "evaluate", study)["retrieval"]
    options = ["--features", "symmetry", "--features", "pixels", "--metric", "cosine", "--metric", "euclidean"]
    by_command = asked(archived, "spaces", "evaluate", "--label", "material", "--not-same", "temperature", *options)[
        "retrieval"
    ]
    assert by_file == by_command
    assert len(by_file["features"]) == 4
    study.write_text("search:\n  lable: material\n")
    refused = archived("evaluate", study)
    assert refused.returncode == 3
    assert "lable" in refused.stderr
    assert archived("evaluate", study, "--csv").returncode == 2


def test_duplicates_and_outliers(archived, pictures, tmp_path):
    copy, flat = tmp_path / "copy.png", tmp_path / "strange.png"
    with Image.open(pictures / "stripes3.png") as picture:
        pixels = np.array(picture)
    pixels[0, 0] += 1
    Image.fromarray(pixels).save(copy)
    board = 255 * ((np.indices((96, 96)) // 3).sum(axis=0) % 2)
    Image.fromarray(board.astype(np.uint8)).save(flat)
    assert archived("measurements", "add", copy, flat).returncode == 0
    pairs = asked(archived, "similar", "--duplicates")["duplicates"]["pairs"]
    assert {pairs[0]["one"]["file_name"], pairs[0]["other"]["file_name"]} == {"copy.png", "stripes3.png"}
    strange = asked(archived, "similar", "--outliers")["outliers"]["outliers"]
    assert "strange.png" in {one["file_name"] for one in strange}


def test_a_file_that_fails_is_told_and_the_others_are_added(spectra, pictures, tmp_path):
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "good.png").write_bytes((pictures / "grains1.png").read_bytes())
    (folder / "broken.png").write_bytes(b"\x89PNG no picture")
    (folder / "notes.txt").write_text("no picture")
    ran = spectra("measurements", "add", folder)
    assert ran.returncode == 6
    assert "1 of 3 files" in ran.stderr
    assert "broken.png" in ran.stdout
    assert "notes.txt is no picture, and nothing says how to read it" in ran.stdout


def test_nothing_on_record_and_mixed_kinds_are_said(spectra, pictures, tmp_path):
    empty = spectra("similar", pictures / "grains1.png")
    assert empty.returncode == 3
    assert "Nothing is selected" in empty.stderr
    (tmp_path / "scan.xy").write_text("".join(f"{x} {x * x}\n" for x in range(10, 60)))
    added = spectra("measurements", "add", tmp_path / "scan.xy", "--reader", "profile-text")
    assert added.returncode == 0, added.stderr + added.stdout
    other = spectra("similar", pictures / "grains1.png")
    assert other.returncode == 3
    assert "The query is image, and nothing of that kind is among what was selected" in other.stderr
    assert "Selected are 1 of kind profile" in other.stderr
    one = spectra("similar", tmp_path / "scan.xy")
    assert one.returncode == 0, one.stderr
    assert "1 compared by binned" in one.stdout
    none = spectra("similar", tmp_path / "scan.xy", "--reader", "profile-text", "--where", "file=*.raw")
    assert "Nothing on record fulfils 'file=*.raw'" in none.stderr
    wrong = spectra("similar", tmp_path / "scan.xy", "--features", "symmetry")
    assert "The encoder 'symmetry' takes image, and what is compared is profile" in wrong.stderr
    assert spectra("similar", "--outliers").returncode == 3


def test_profiles_of_other_axes_are_compared_on_one_and_what_does_not_fit_is_on_record(spectra, tmp_path):
    rng = np.random.default_rng(0)
    folder = tmp_path / "scans"
    folder.mkdir()
    for number in range(6):
        x = np.arange(20, 80 + number, 0.1)
        centres = (30, 50) if number % 2 else (40, 62)
        y = sum(100 * np.exp(-(((x - c) / 0.5) ** 2)) for c in centres) + rng.uniform(0, 3, len(x))
        write(folder / f"scan{number}.xy", x, y)
    write(folder / "elsewhere.xy", np.arange(100, 140, 0.1), np.ones(400))
    added = spectra("measurements", "add", folder, "--reader", "profile-text")
    assert added.returncode == 0, added.stderr + added.stdout
    for metric in ("correlation", "wasserstein"):
        found = asked(spectra, "similar", folder / "scan3.xy", "--metric", metric)["similar"]
        assert found["neighbours"][0]["file_name"] == "scan3.xy"
        assert {one["file_name"] for one in found["neighbours"][:3]} == {"scan1.xy", "scan3.xy", "scan5.xy"}
        (failure,) = found["not_compared"]
        assert failure["name"] == "elsewhere.xy"
        assert "less than half of the axis" in failure["reason"]
    (space,) = asked(spectra, "spaces", "list")["spaces"]
    assert "elsewhere.xy" in spectra("spaces", "show", space["id"]).stdout


def test_features_that_were_computed_elsewhere_are_searched_and_another_table_is_another_space(
    archived, pictures, tmp_path
):
    table = tmp_path / "table.npz"
    paths = sorted(pictures.glob("*.png"))
    digests = [
        picture_digest(PictureReader(PictureParameters()).read(RawFile.read(path)).signal.pixels[0]) for path in paths
    ]
    for sign in (1, -1):  # by their numbers, then the other way round
        turns = [sign * int(path.stem[-1]) for path in paths]
        np.savez(table, digests=digests, features=[[np.cos(t / 4), np.sin(t / 4)] for t in turns])
        found = asked(archived, "similar", pictures / "stripes3.png", "--features", f"npy:{table}", "--top", "6")
        files = [one["file_name"] for one in found["similar"]["neighbours"]]
        assert {file[-5] for file in files[:2]} == {"3"}
        assert {file[-5] for file in files[2:]} == {"2", "4"}
    assert len(asked(archived, "spaces", "list")["spaces"]) == 2
    missing = archived("similar", pictures / "stripes3.png", "--features", "npy:nowhere.npz")
    assert missing.returncode == 3
    assert "There is no npy file nowhere.npz" in missing.stderr


def test_documents_go_from_one_registry_to_another(archived, pictures, tmp_path):
    printed = archived("measurements", "documents", "material=stripes")
    (tmp_path / "records.json").write_text(printed.stdout)
    elsewhere = str(tmp_path / "other.sqlite")
    added = archived(
        "measurements", "add", pictures / "stripes1.png", "--table", tmp_path / "records.json", "--db", elsewhere
    )
    assert added.returncode == 0, added.stderr + added.stdout
    (record,) = asked(archived, "measurements", "list", "--db", elsewhere)["measurements"]
    assert "material=stripes" in record["tags"]
    assert record["conditions"] == [{"name": "temperature", "value": 301.0, "unit": "K"}]


def test_a_query_is_a_file_or_a_record_and_one_thing_is_asked(spectra):
    missing = spectra("similar", "nowhere.png")
    assert missing.returncode == 4
    assert "There is no file nowhere.png, and no record" in missing.stderr
    assert spectra("similar").returncode == 2
    assert spectra("similar", "x", "--outliers").returncode == 2


def write(path: Path, x, y) -> None:
    path.write_text("".join(f"{a:.4f} {b:.4f}\n" for a, b in zip(x, y, strict=True)))
