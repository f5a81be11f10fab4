"""The digests of samples, recipes and training sets, as they stand on record in every laboratory.

A model is found by the digest of its sample and that of its recipe, with every parameter spelt out; a training set by
one of technique, sample, forward model and points. If one of these comes out otherwise, everything that was trained is
lost for its owners, although it is still there: ``spectra analyze`` trains again, for minutes or days, and says nothing
about it. So the digests are written out here. What follows for a change that makes a test fail:

- a new role or parameter whose default changes nothing must be left out of the digest where it has that default;
- a reordering or renaming of code, classes or folders must not show in a digest at all;
- a component that computes something else gets another version, and a default that is really meant to change is
  changed: then the new digest is put here, in a commit that says so, and CHANGELOG.md tells users to train again.

What is asked for is taken from the commands themselves, at the door of the registry.
"""

import shutil
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
GOLDEN = Path(__file__).parents[1] / "registry" / "golden" / "measured"

STEEL, GOLD = EXAMPLES / "rus" / "steel", EXAMPLES / "xrd" / "gold"
SCAN, VIBRATIONS = GOLD / "specimen.xy", GOLD / "specimen-vdos.csv"

SAMPLES = {
    "indenter/titanium.yaml": "sha256:9541247b33e40b51f66a5c9cc80d5d0011984e46d47f46612cad3e9b98d16e73",
    "rus/aluminium-bar/sample.yaml": "sha256:e2b0ff6c78ecf964faa7e2f60c529b3a8cbc8d18501a26b0cd0720657ad14a05",
    "rus/aluminium-block/sample.yaml": "sha256:d5bf73db514e5c379d6aabfc88f8cc62c2813343dc3dd02531915821faf98ba3",
    "rus/cmsx4/sample.yaml": "sha256:e5a8d9b58bf050b781c6d593cceea7d43427599348a2cc07371f717df0591660",
    "rus/mn3ge/sample.yaml": "sha256:bbada52e3716bc8e5c2d756d2705c9efb44cd58a6f067a2179c36f7ae6922593",
    "rus/sapphire/sample.yaml": "sha256:6ce289dc3b28d843ac935c3b16ecb3e9d96111c9a57f0766fdcdf41c536afecd",
    "rus/srtio3/sample.yaml": "sha256:1e063e11eb05677c7c75a6cd8cf334fc8c1ea4218a528cab12fe469db4837652",
    "rus/series/sample.yaml": "sha256:0bbc635f949875a3d147d3ef43c12121c50986a5a472feacbe7fa9851a2d3f60",
    "rus/steel/sample.yaml": "sha256:1bb7e622d1fb763ce02928bb7af434d2b5a2e7e32ee96627d7723b1915e0ae92",
    "rus/studies/sample-ce-yag-coarse.yaml": "sha256:9f553f53b3737d78409ab49818ab9fb8b167423cbd5f3f702c702f0d31a84a8e",
    "rus/studies/sample-ce-yag.yaml": "sha256:00a9e55736f839959d412013b7483a4bd1556c072e90f69a826a75051416c41a",
    "rus/studies/sample-steel-coarse.yaml": "sha256:f146c92ce6548df5ad2361b638d7620514abdaa67395df1c30046985fe4ca55e",
    "rus/sweep/sample.yaml": "sha256:b32c902524cd55286b029b1ae60675281a4bcfff9aaf82ca8c5c5fdc245893c0",
    "rus/ti64/sample.yaml": "sha256:9a043941604b7d224e9dd6d2a518d3c8004357ef09c6b8bf34b3f89ba37a1c1b",
    "xrd/gold/families-random.yaml": "sha256:bf9486ed18104e3582d097268a035e54aaa3bacbbad1e17176484beb0a2faa92",
    "xrd/gold/families-simulated.yaml": "sha256:500978f28c90f4f2cd3d8eb275c74173b65d5d17f272f11ddfc4dd3dac94e379",
    "xrd/gold/families.yaml": "sha256:6e7c349835fe37423d4dd24b29c137b57195d527a98ee8225797192df1563f4f",
    "xrd/gold/gold-simulated.yaml": "sha256:7b4275de6230a4d40f8652776f62bccb989de040486a644f42d90b71870d0c1f",
    "xrd/gold/gold-vdos.yaml": "sha256:8699c1a2da4d801395cce184db1b5710eaf589a859fa0ee8aa13a3183ca5b455",
    "xrd/gold/gold-xrd.yaml": "sha256:a324a03e3c72589fc339555eb9e52d52a9a9efdcac300704d59a0a699a396e38",
    "xrd/gold/gold.yaml": "sha256:b263741c6d974e5b257ab377ff166856d984cc223b5319ad83d4efe5d011f273",
}

# What 'spectra analyze' asks for with the technique's own recipe, and with that without a network.
RECIPES = {
    "rus/steel/sample.yaml": (
        "sha256:0cd7b5d2d06b72c9c5d4aa0311dd9ddd21c2063911b834fa0772b9ca59b93ca3",
        "sha256:2056bca056582d5d426f93a9c2bdedc4d0e52d68208318fc3ecc7fad28b6a7ce",
    ),
    "rus/cmsx4/sample.yaml": (
        "sha256:efcb6b7408ef39029b0f926be02c0206ee244dfdd0b2183558d0e539207efd5d",
        "sha256:efcb6b7408ef39029b0f926be02c0206ee244dfdd0b2183558d0e539207efd5d",
    ),
    "xrd/gold/gold-vdos.yaml": (
        "sha256:75cbe6bdf42f95e2b1f08db72906491f9a5ca37d2d76fb443c2839b16e78124d",
        "sha256:75cbe6bdf42f95e2b1f08db72906491f9a5ca37d2d76fb443c2839b16e78124d",
    ),
    "xrd/gold/gold-xrd.yaml": (
        "sha256:2eb7a29a9faa4040bb2f49e7da475e12650b4d01302762148fb5a18cb0116287",
        "sha256:2eb7a29a9faa4040bb2f49e7da475e12650b4d01302762148fb5a18cb0116287",
    ),
    "xrd/gold/gold.yaml": (
        "sha256:2eb7a29a9faa4040bb2f49e7da475e12650b4d01302762148fb5a18cb0116287",
        "sha256:2eb7a29a9faa4040bb2f49e7da475e12650b4d01302762148fb5a18cb0116287",
    ),
}

# With other components and parameters.
CHANGED = [
    (
        "rus/steel/sample.yaml --encoder direct --set regressor.epochs=3",
        "sha256:d576ac2d488291ffcc4d73c72c488b9784ccf086be5a5ab4bc3cc4e88d1fddc0",
    ),
    (
        "rus/steel/sample.yaml --encoder derivative --set encoder.length=32 --set regressor.hidden=[64,64]",
        "sha256:e11b2f986887d82cd2ac1b94a12f6bd0cd74f03f398aae95ea2468be55f9e0e4",
    ),
    (
        "rus/steel/sample.yaml --recipe nearest",  # which was the quick recipe before it got a search of its own
        "sha256:efcb6b7408ef39029b0f926be02c0206ee244dfdd0b2183558d0e539207efd5d",
    ),
    (
        "rus/steel/sample.yaml --encoder broadened --regressor nearest --set regressor.neighbours=4",
        "sha256:fff2aa94c47fc9c79edd0c76d553fac66029e02dc1405e31564a7303a920da1a",
    ),
    (
        "rus/steel/sample.yaml --set missing.most=0.1 --set shift.size=0.01 --set encoder.bins=128",
        "sha256:5cbc73fcc89262e725d8fa0e034d780621208792df04c755caa90230fe3cb87f",
    ),
    (
        "xrd/gold/gold.yaml --recipe stretched",
        "sha256:15b17ce576cd40b5da40a78f12eb8e1bd2d773532817f3336eec73cf7ecce93f",
    ),
    (
        "xrd/gold/gold-xrd.yaml --regressor ridge",
        "sha256:9852723dd992142884314bac6339022e7462f514219bf80ddc4ceafbd522a7a4",
    ),
    (
        "xrd/gold/gold-xrd.yaml --regressor reconstruction",
        "sha256:c5f7603be712a223485c974424706c505fcd04e7d40066466cceb12bc215d185",
    ),
    (
        "xrd/gold/gold-xrd.yaml --regressor regression",
        "sha256:4ce91b4defd7e2b525ec7b1ec204be61c2baa687275a18f762a0f4c4d63ea8fe",
    ),
    (
        "xrd/gold/gold-xrd.yaml --regressor hybrid --set encoder.bins=100",
        "sha256:ae8370b26006736b0cb5cb8089785464cb27caf4fa8a8136f78a882670d1aaac",
    ),
    (
        "xrd/gold/gold.yaml --regressor multimodal --set encoder.normalisation=set",
        "sha256:7f6ff83ad4ac1da9b65466e03ce2ff061dde338375254ba5d02d529fa8e8c754",
    ),
    (
        "xrd/gold/gold-vdos.yaml --set forward-model.first=500",
        "sha256:322f1d6a188de65d098b91c8abbc1fd16c186a8878d4a7dfd5c9f51b94e56b4e",
    ),
    (
        "xrd/gold/gold-simulated.yaml --regressor multimodal",
        "sha256:ca574305e096177a7278217790999f98d088214ebcd4ab16f591f6400de49ecc",
    ),
    (
        "xrd/gold/gold-simulated.yaml --regressor multimodal --set forward-model.averages=0",  # the default once
        "sha256:aa37e901b9b35a3c4c8f0836aeaf3e77613d9b6aa53d27c39c37d741d8663a1a",
    ),
]

TRAINING_SETS = {
    "rus/steel/sample.yaml": "sha256:cb14f4af031b51102ea0e48b6456116acc0e89639a303def43d48d520ee03a86",
    "rus/aluminium-block/sample.yaml": "sha256:73f8bcaa6f5f2a62c0dca335e18cfdb4326ab16d2ae7ef90ff543e632988df4c",
    "rus/studies/sample-ce-yag-coarse.yaml": "sha256:e52225dc8b1c7967116faee789f3f3072735f1e70c14060e07c0c3b74a4cf4f3",
    "rus/studies/sample-steel-coarse.yaml": "sha256:452da0dc3ecf5c2ff62dd661403178334c8cdfa18f5868db946d5b7fc00ba23f",
    "xrd/gold/families-random.yaml": "sha256:a083d88f002a0500231f0b14e194fb72c23ddbffd0dbba8ade069bb36527e567",
    "xrd/gold/families-simulated.yaml": "sha256:43d78d9ff02c28ab8dca3d4219947756b9ae1a98eecd199965892fa0ce18af69",
    "xrd/gold/families.yaml": "sha256:367111b24a145fd83a8bd800868c26b3bd4f44eaadb5987e830da11a8e090041",
    "xrd/gold/gold-simulated.yaml": "sha256:f41dcc382cb456c8cf7c370847529c863508d8b8c73ccbad2fcdb20d52bbcabd",
    "xrd/gold/gold-simulated.yaml --set forward-model.averages=0": (
        "sha256:62b7eeb47007ca8fd8ba982146128cd6d88fe4af9e20c9613b39a87b914b37e3"
    ),
    "xrd/gold/gold-vdos.yaml": "sha256:7f8e09d1b9ebd493143ddebbf77693064adb288333c5eae7b166951223b91f31",
    "xrd/gold/gold-xrd.yaml": "sha256:a0715a372ff8ac1739b3847d8e7211d381419858643f42d0aa54c5f308720414",
    "xrd/gold/gold.yaml": "sha256:3b5dc973a943a4a87af1465295ebb1b72f1510426099a4add9cfd5dce3f4038f",
}

_BLOCK = "shape: {kind: box, x: 11.92 mm, y: 10.93 mm, z: 9.86 mm}\ndensity: 2788 kg/m^3\n"
_WINDOW = "window: {from: 0.1 MHz, to: 0.2 MHz}\norder: 6\n"
_ALUMINIUM = """\
symmetry: isotropic
search:
  C11: {from: 76 GPa, to: 140 GPa, step: 8 GPa}
  C44: {from: 18 GPa, to: 35 GPa, step: 2 GPa}
"""
_CUBIC = """\
symmetry: cubic
search:
  C11: {from: 222 GPa, to: 414 GPa, step: 24 GPa}
  C12: {from: 72 GPa, to: 134 GPa, step: 12.4 GPa}
  C44: {from: 87 GPa, to: 161 GPa, step: 7.4 GPa}
"""
_HEXAGONAL = """\
symmetry: hexagonal
search:
  C11: {from: 95 GPa, to: 180 GPa, step: 17 GPa}
  C33: {from: 140 GPa, to: 255 GPa, step: 23 GPa}
  C12: {from: 25 GPa, to: 75 GPa, step: 12.5 GPa}
  C13: {from: 0 GPa, to: 40 GPa, step: 10 GPa}
  C44: {from: 34 GPa, to: 63 GPa, step: 4.8 GPa}
"""


def _shaped(shape):
    return f"shape: {{{shape}}}\nmass: 3.6 g\n{_ALUMINIUM}{_WINDOW}"


def _searching(*ranges):
    listed = "".join(f"  {line}\n" for line in ranges)
    return f"{_BLOCK}symmetry: isotropic\nsearch:\n{listed}{_WINDOW}"


# One sample for each shape, way of searching and way of orientation that a file may give.
WRITTEN = {
    "box with a note": f"notes: from the lathe\naccuracy: 1e-4\n{_BLOCK}{_ALUMINIUM}{_WINDOW}",
    "cylinder": _shaped("kind: cylinder, diameter: 12 mm, height: 11.4 mm"),
    "tube": _shaped("kind: cylinder, diameter: 1.2 cm, height: 11.4 mm, inner_diameter: 4 mm"),
    "elliptic cylinder": _shaped("kind: elliptic cylinder, x: 12 mm, y: 11 mm, height: 12.2 mm"),
    "cone frustum": _shaped("kind: cone frustum, bottom_diameter: 13 mm, top_diameter: 11 mm, height: 11.4 mm"),
    "sphere": _shaped("kind: sphere, diameter: 13.5 mm"),
    "ellipsoid": _shaped("kind: ellipsoid, x: 13 mm, y: 13.5 mm, z: 14 mm"),
    "regular prism": _shaped("kind: regular prism, sides: 6, side: 6.6 mm, height: 11.4 mm"),
    "mesh": _shaped("kind: mesh, file: block.stl, unit: mm, axes: principal"),
    "C11 and C12": _searching(
        "C11: {from: 90 GPa, to: 120 GPa, step: 3 GPa}", "C12: {from: 50 GPa, to: 60 GPa, step: 2 GPa}"
    ),
    "K and G": _searching("K: {from: 60 GPa, to: 90 GPa, step: 3 GPa}", "G: {from: 22 GPa, to: 31 GPa, step: 1 GPa}"),
    "E and nu": _searching("E: {from: 0.06 TPa, to: 80 GPa, step: 2 GPa}", "nu: {from: 0.3, to: 0.38, step: 0.01}"),
    "bunge": f"{_BLOCK}{_CUBIC}orientation: {{bunge: [10, 20, 30]}}\n{_WINDOW}",
    "ruscal": f"{_BLOCK}{_CUBIC}orientation: {{ruscal: [-86, 30, 0]}}\n{_WINDOW}",
    "quaternion": f"{_BLOCK}{_CUBIC}orientation: {{quaternion: [0.8, 0, 0.6, 0]}}\n{_WINDOW}",
    "rotation vector": f"{_BLOCK}{_CUBIC}orientation: {{rotation_vector: [0.1, 0.2, 0.3]}}\n{_WINDOW}",
    "faces": f"{_BLOCK}{_HEXAGONAL}orientation: {{z_face: [1, 0, 0], x_face: [0, 0, 1], "
    f"lattice: {{a: 5.34, c: 4.31, gamma: 120}}}}\n{_WINDOW}",
    "unknown orientation": f"""\
{_BLOCK}symmetry: cubic
orientation: unknown
search:
  C11: {{from: 175 GPa, to: 325 GPa, step: 75 GPa}}
  A: {{from: 1.96, to: 3.64, step: 0.84}}
  C44: {{from: 91 GPa, to: 169 GPa, step: 39 GPa}}
{_WINDOW}""",
}
WRITTEN_DIGESTS = {
    "box with a note": (
        "sha256:8d741dc71d39bdd1a3a0056e956108af4d0ef44a37c253f9ff09524b5a060bc9",
        "sha256:2a13095239328577aed81662b53f02c2e2832c755a8d5fb4e43d337570cfca52",
    ),
    "cylinder": (
        "sha256:a9477a4b468145622478e95233546e09cd2e5c3e6240a0c928c6b996bc9b20ba",
        "sha256:ac9d4fc98ce7c456476673e96fb71728f50cbbc1ae1bc7627b3ca7182808940c",
    ),
    "tube": (
        "sha256:41d5557d164ca2b03a8127bd8079f695fc4185572518f1781a9fd8cfeb29d514",
        "sha256:1800db310397c41851b15391d4aed7d01443dc9e0eb46b6292ef071e6abe4a61",
    ),
    "elliptic cylinder": (
        "sha256:947f6036e687a8e8ba3bcd24b245a0634bcd8c8d85fba5139b87054f41d7d74b",
        "sha256:5e19e3bb6a1967601fe5739b7420d3e14c427394fe29633e609b732070e10a1c",
    ),
    "cone frustum": (
        "sha256:f253d952af60996596a719ac53e99d30434e6e69c80313f5b0402b178d122fa1",
        "sha256:ebdd10de5f005e2b1fd7f70e6b3652f19fbed94083812946e24f1aa2a7739cfc",
    ),
    "sphere": (
        "sha256:71271375d7b2e3c307aa8bc0e53a3d82d7c2343043df2d6ba2c4c1373f7d8f88",
        "sha256:0b2b4d4e8c054253a79107147fd8e770b81a0562dae1e316703915c958664dcf",
    ),
    "ellipsoid": (
        "sha256:24c94d3e8b00de9305cee87b0decf9b2e8da9882898e0fa6aa0765195cd451a1",
        "sha256:dc194ab8ebfe1a39b79dadbb0c9322a805d1fe393ee31a8aa9782d6ba3a569a8",
    ),
    "regular prism": (
        "sha256:b53bb8ec676f663a2c742b7c46ff99a213e71956bb7ba118e2c270b6bb294ef6",
        "sha256:0e661dab35796536148773af9401f8261a309e6c4bf52e2c0e57474fe307056a",
    ),
    "mesh": (
        "sha256:26e8cc4382949a5b4b86035e2494799eade3af355b0952c26bf4eb8ba6a3b60b",
        "sha256:fe775ecac6e8366c24738dc73d2f65b0433ccfcf407bed5ec2a4df536b079699",
    ),
    "C11 and C12": (
        "sha256:a92aa10fa0baafe89e0b012bbfdfd91e05cee83c8ed75dc409a16e1043070b10",
        "sha256:48b1039fd6cf14be574f754a9bc7ed88ec90dda23d339136ff5648343640d5a5",
    ),
    "K and G": (
        "sha256:10826b9a31955cebd79e41e00efaac119d5d45e5b03467a146e35de9f0c0120c",
        "sha256:903fff85d38b4ff865c13c08642d15531666eb85725f5f20d09539ead933bfb7",
    ),
    "E and nu": (
        "sha256:e73a5f16ddd6c0ceb7bd06d9e234725a75759eb46ea3dc283eb27bb046dfe2c1",
        "sha256:f95abc43149f2dddc344d9dc4b50709e3cb62fea4a2fb4d1d90eec1d3f1f0503",
    ),
    "bunge": (
        "sha256:7dc63ca79eccb9a112ff338ff9d62948354f86f2a5532a646b15d60de4dd0505",
        "sha256:582817dc97cf0a6bce204ca81f1f9e34fdc51bef7ca8a70b3165b12fc23a19e3",
    ),
    "ruscal": (
        "sha256:a217a1da997f7136b4c6906088412f893efc15cd9446700d903d46ac0440a185",
        "sha256:54eb427c6556da3fb87eee4a357978a70eb10d8f40059c58643c469a6341b46b",
    ),
    "quaternion": (
        "sha256:f72d3309e04e984a98f28c8836f0eeebebfb1df5f74a4b1787852bde8657f81a",
        "sha256:f0d559cca9a5fa68d3c99d5afbf12b1cdfeedf28e177da0d770c8ebb1b7f9088",
    ),
    "rotation vector": (
        "sha256:beedba0d87505ad2fd35ac131bbaf60efbb721f3225b7d79cc6a7805cbfa9b6d",
        "sha256:a35158f875024966b0b02679be7c1a0ff013b9331fc81393e07b1b84804f945b",
    ),
    "faces": (
        "sha256:08f17dadd7bc343b71f7d6af85ff3e66e1de50b990d373730f7614c6ad0bb3d3",
        "sha256:698885f6765599f7bc2ad0b957a5c67ec4cdb3ada4a6667b4d4af95577085913",
    ),
    "unknown orientation": (
        "sha256:5de4b6b2cecfeedfa9573a08bf79bc791fadb2c30a22fc01d180eef55dbda1a2",
        "sha256:439aefc70bf47f1634e853c76467919439a69203835c6b1e83e9d2e2fa667e2e",
    ),
}


@pytest.mark.parametrize("path", sorted(str(path.relative_to(EXAMPLES)) for path in EXAMPLES.rglob("*.yaml")))
def test_every_sample_among_the_examples_is_pinned(path):
    text = (EXAMPLES / path).read_text()
    assert ("\nsearch:" in text or "\ndata_set:" in text or "\nsimulation:" in text) == (path in SAMPLES)


@pytest.mark.parametrize("path", SAMPLES)
def test_a_sample_file_gives_the_digest_on_record(path, asked):
    assert asked("train", "-s", EXAMPLES / path)["sample"] == SAMPLES[path]


@pytest.mark.parametrize("path", RECIPES)
def test_a_techniques_own_recipes_give_the_digests_on_record(path, asked):
    default, without_network = RECIPES[path]
    assert asked("train", "-s", EXAMPLES / path)["recipe"] == default
    assert asked("analyze", *measured(path), "-s", EXAMPLES / path)["recipe"] == default
    assert asked("analyze", *measured(path), "-s", EXAMPLES / path, "--no-refine")["recipe"] == default
    assert asked("analyze", *measured(path), "-s", EXAMPLES / path, "--no-network")["recipe"] == without_network


@pytest.mark.parametrize(("options", "digest"), CHANGED)
def test_a_changed_recipe_gives_the_digest_on_record(options, digest, asked):
    path, *given = options.split()
    assert asked("train", "-s", EXAMPLES / path, *given)["recipe"] == digest


@pytest.mark.parametrize("given", TRAINING_SETS)
def test_a_sample_gives_the_digest_of_its_training_set_on_record(given, asked):
    path, *options = given.split()
    assert asked("train", "-s", EXAMPLES / path, *options, training_set=True)["training set"] == TRAINING_SETS[given]


@pytest.mark.parametrize("name", WRITTEN)
def test_all_that_a_sample_file_may_say_gives_the_digests_on_record(name, asked, tmp_path):
    shutil.copy(GOLDEN / "block.stl", tmp_path)
    path = tmp_path / "sample.yaml"
    path.write_text(f"name: specimen\ntechnique: rus\n{WRITTEN[name]}")
    digests = asked("train", "-s", path, training_set=True)
    assert (digests["sample"], digests["training set"]) == WRITTEN_DIGESTS[name]


def measured(path):
    """Return the arguments that name the measurement of an example."""
    return {
        "xrd/gold/gold-xrd.yaml": (SCAN, "--set", "reader.wavelength=1.54"),
        "xrd/gold/gold-vdos.yaml": (VIBRATIONS,),
        "xrd/gold/gold.yaml": (f"xrd={SCAN}", f"vdos={VIBRATIONS}", "--set", "reader.xrd.wavelength=1.54"),
    }.get(path, ((EXAMPLES / path).with_name("peaks.dat"),))
