"""Every check finds a component that was broken on purpose, and says what is wrong with it."""

import re
import sys
from pathlib import Path
from types import ModuleType

import pytest
from toy_technique.parts import Toy

from spectra.core.components import Component
from spectra.core.errors import NotFoundError
from spectra.core.hookspecs import hookimpl
from spectra.core.inventory.catalogue import HOOK_OF_KIND
from spectra.core.recipe import Choice
from spectra.testing import CHECKS, cases
from spectra.testing.loading import load_only

HERE = Path(__file__).parent
TOY, PARTS, TECHNIQUES = "toy_technique.parts", "broken_parts", "broken_techniques"
SCHEMAS = {
    "processor": "toy_technique.parts:MultiplyParameters",
    "distortion": "toy_technique.parts:NoiseParameters",
    "reader": "toy_technique.parts:ColumnsParameters",
}
MENDED = f"{TECHNIQUES}:Broken"
ELSEWHERE = [  # found by tests of their own
    ("refiner", "takes the kinds that it says"),
    ("plugin", "is active"),
    ("plugin", "importing it imports no large library"),
    ("plugin", "its modules are in its distribution"),
]
BROKEN = [
    # kind, check, factory in broken_parts or what is given to Component, part of the reason
    ("encoder", "its name can be typed", {"name": "two words"}, "'two words' is hard to type"),
    ("encoder", "its name can be typed", {"summary": ""}, "summary"),
    ("encoder", "its kinds of signal are valid", {"takes": "profile"}, "takes='profile' is not a tuple of peaks"),
    ("encoder", "its kinds of signal are valid", {"takes": ("sweep",)}, "takes=('sweep',) is not a tuple"),
    (
        "encoder",
        "its kinds of signal are valid",
        {"gives": ("image",)},
        "means nothing",
    ),
    ("encoder", "its factory can be imported", {"factory": "broken_parts:NoSuch"}, "no attribute 'NoSuch'"),
    ("encoder", "its factory can be imported", {"factory": "no_such_module:NoSuch"}, "No module named"),
    ("encoder", "its factory can be imported", {"factory": 42}, "not callable"),
    ("encoder", "its parameters have defaults", {"parameters": "broken_parts:Needy"}, "'size' is missing"),
    ("encoder", "its parameters have defaults", {"quick": {"epochs": 3}}, "unknown key 'epochs'"),
    ("encoder", "its parameters refuse unknown keys", {"parameters": "broken_parts:Lax"}, 'extra="forbid"'),
    ("forward model", "simulates a stack of signals", "TooFew", "40 points give 39 signals"),
    ("forward model", "simulates a stack of signals", "Single", "float32, not float64"),
    ("forward model", "simulates a stack of signals", "Unitless", "y_unit is empty"),
    ("forward model", "gives the kinds that it says", {"factory": f"{TOY}:Line", "gives": ("peaks",)}, "gives profile"),
    ("forward model", "simulates a batch as its members", "DependsOnBatch", "Alone it is another"),
    ("forward model", "simulates the same again", "Dicey", "Two runs differ"),
    ("forward model", "leaves its argument alone", "ChangesPoints", "in place"),
    ("forward model", "answers or refuses at the ends of the ranges", "FailsAtEnds", "width = 0.3 raises ZeroDivision"),
    ("forward model", "its derivatives match differences", "WrongSlopes", "derivatives by position are wrong"),
    ("forward model", "tabulates a spectrum", "RaggedTable", "differ in length"),
    ("forward model", "draws its pictures", "DrawsWide", "is 10 inches wide, not 3.35"),
    ("forward model", "draws its pictures", "DrawsNothing", "The picture 'line' is empty"),
    ("forward model", "its representatives have the same signal", "OtherSignal", "another signal"),
    ("forward model", "makes specimens with their quantities", "GrownInPart", "NaN; mark all"),
    ("forward model", "makes specimens with their quantities", "GrownInVain", "None of 40 specimens"),
    ("forward model", "makes specimens with their quantities", "GrownSingle", "float32, not float64"),
    ("forward model", "makes specimens in other processes", "GrownUnpicklable", "cannot be pickled"),
    ("forward model", "simulates a batch as its members", "GrownTogether", "Alone it has other quantities"),
    ("distortion", "distorts some signal", "DistortsNothing", "It said: RuntimeError: no"),
    ("distortion", "takes the kinds that it says", {"factory": f"{TOY}:Noise", "takes": ("peaks",)}, "takes profile"),
    ("distortion", "keeps kind number axis and unit", "DropsOne", "40 spectra come out as 39"),
    ("distortion", "draws only from its generator", "OwnDice", "Two runs with one seed differ"),
    ("distortion", "leaves its argument alone", "InPlace", "in place"),
    ("distortion", "refuses other signals in words", "Speechless", "peaks raises AssertionError"),
    ("encoder", "encodes some signal", "EncodesNothing", "It said: RuntimeError: no"),
    ("encoder", "encodes some signal", "AsksForLabels", "missing 1 required keyword-only argument: 'labels'"),
    ("encoder", "takes the kinds that it says", {"takes": ("peaks",)}, "takes profile, and its description says peaks"),
    ("encoder", "fit returns the encoder", "FitsAnother", "something else than self"),
    ("encoder", "gives a row of finite float32 for each signal", "Double", "float64, not float32"),
    ("encoder", "its shapes make up its features", "Square", "hold 72 numbers; there are 81 features"),
    ("encoder", "its shapes make up its features", "SquareInParts", "its parts have (81,)"),
    ("encoder", "encodes a batch as its members", "CentresBatch", "Alone it is another"),
    ("encoder", "learns the same again", "RandomScale", "Two encoders of the same signals differ"),
    ("encoder", "learns the same again", "Draws", "Two encoders of the same signals differ"),
    ("encoder", "leaves its targets alone", "SortsTargets", "in place"),
    ("encoder", "leaves its argument alone", "EncodesInPlace", "in place"),
    ("encoder", "its state works in a new process", "ForgetsScale", "After saving and loading it is another"),
    ("encoder", "its state works in a new process", "KeepsObjects", "array 'self' holds Python objects"),
    ("encoder", "refuses other signals in words", "OnlyProfiles", "peaks raises AttributeError"),
    ("encoder", "never turns gaps into features", "PassesGaps", "gaps gives features that are not finite"),
    ("regressor", "learns from features", "LearnsNothing", "It said: RuntimeError: no"),
    ("regressor", "fit returns the regressor", "ReturnsAnother", "something else than self"),
    ("regressor", "gives finite values and positive spreads", "NoSpread", "no answer is exact"),
    ("regressor", "predicts a batch as its members", "RanksBatch", "Alone it is another"),
    ("regressor", "learns the same with the same seed", "RandomWeights", "Two fits with one seed differ"),
    ("regressor", "leaves its arguments alone", "ScalesTargets", "the ideal features differs"),
    ("regressor", "beats the mean", "Constant", "no better than the mean"),
    ("regressor", "its spreads match its errors", "Overconfident", "lie within two spreads"),
    ("regressor", "its spreads match its errors", "Underconfident", "times the root mean square error"),
    ("regressor", "its state works in a new process", "ForgetsWeights", "After saving and loading it is another"),
    ("regressor", "its history has a number for each epoch", "BadHistory", "history/loss"),
    ("refiner", "gives values with their covariance", "NoCovariance", "covariance has the shape (2,)"),
    ("refiner", "stays within the ranges", "Beyond", "position comes out as 1"),
    ("refiner", "finds what was simulated", "ReturnsStart", "position was"),
    ("refiner", "refines the same again", "RandomAnswer", "Two runs differ"),
    ("refiner", "leaves its arguments alone", "ChangesStarts", "starts have been changed in place"),
    ("refiner", "counts its steps as announced", "Overshoots", "announced 1 steps and did 2"),
    ("refiner", "its tables and draws are complete", "WrongDraws", "shape (k, p)"),
    ("refiner", "refuses other signals in words", "FitsAnything", "peaks raises AttributeError"),
    ("reader", "refuses junk in words", "ReadsAnything", "A file of zeros raises ValueError"),
    ("reader", "reads a measured file", "OtherName", "names the reader 'other'"),
    ("reader", "gives the kinds that it says", {"factory": f"{TOY}:Columns", "gives": ("peaks",)}, "gives profile"),
    ("reader", "its conditions are valid", "TwoTemperatures", "temperature, temperature"),
    ("reader", "its conditions are valid", "InCelsius", "is queried in K"),
    ("reader", "its conditions are valid", "Unaskable", "is invalid"),
    ("processor", "processes a measured file", "ProcessesNothing", "It said: RuntimeError: no"),
    ("processor", "gives a measurement", "GivesSignal", "returns Profile, not a Measurement"),
    ("processor", "gives a measurement", "DividesByZero", "not finite"),
    ("processor", "gives a measurement", "LosesNotes", "notes of the reader are lost"),
    ("processor", "gives the kinds that it says", {"factory": f"{TOY}:Multiply", "gives": ("peaks",)}, "gives profile"),
    ("processor", "takes the kinds that it says", {"factory": f"{TOY}:Multiply", "takes": ("peaks",)}, "takes profile"),
    ("processor", "processes the same again", "RandomFactor", "Two runs differ"),
    ("processor", "leaves its argument alone", "MultipliesInPlace", "in place"),
    ("processor", "refuses other signals in words", {"factory": f"{TOY}:Multiply"}, "peaks raises AttributeError"),
    ("optimizer", "asks for points", "AsksForRows", "points of shape (10, 4, 1)"),
    ("optimizer", "asks for points", "AsksForNothing", "ends before it begins"),
    ("optimizer", "goes on from points that it asked for", "GoesOnFromElsewhere", "that it never asked for"),
    ("optimizer", "comes closer", "StandsStill", "Its lowest loss is"),
    ("optimizer", "stays within bounds", "LeavesBounds", "where bounds are 0 and 1"),
    ("optimizer", "searches the same again", "RollsItsOwnDice", "Two searches with one seed differ"),
    ("optimizer", "leaves its arguments alone", "SortsLosses", "in place"),
    ("generator", "generates from some signal", "GeneratesNothing", "It said: RuntimeError: no"),
    ("generator", "takes the kinds that it says", {"factory": f"{PARTS}:Space", "takes": ("peaks",)}, "takes image"),
    ("generator", "fit returns the generator", "FitsAnotherSpace", "something else than self"),
    ("generator", "its codes have dim numbers", "CodesInSingle", "float32, not float64"),
    ("generator", "its codes have dim numbers", "CodesInPart", "NaN in part"),
    ("generator", "real codes are spread as a normal distribution", "Unscaled", "real codes is 10 in a number"),
    ("generator", "real codes are spread as a normal distribution", "Shifted", "mean of real codes is 3 in a number"),
    ("generator", "decodes finite signals of the kind that it learned", "MakesGaps", "not finite"),
    ("generator", "gives real signals back", "Forgetful", "of the variance of codes is lost"),
    ("generator", "decodes a batch as its members", "DecodesTogether", "Alone it is another"),
    ("generator", "learns the same with the same seed", "LearnsAtRandom", "Two fits with one seed differ"),
    ("generator", "leaves its argument alone", "LearnsInPlace", "in place"),
    ("generator", "its state works in a new process", "ForgetsTheMean", "After saving and loading it is another"),
    ("generator", "refuses other signals in words", "LearnsFromPictures", "raises AttributeError: pixels"),
    ("layout", "fit returns the layout", "LaysOutAnother", "something else than self"),
    ("layout", "places every point", "PlacesInSpace", "places of shape (120, 3)"),
    ("layout", "places every point", "PlacesInSingle", "float32, not float64"),
    ("layout", "keeps neighbours together", "PlacesAtRandom", "of the same cluster for"),
    ("layout", "places new points among their like", "PlacesNewOnesAtZero", "of the new points"),
    ("layout", "places new points among their like", "MovesTheOthers", "has moved the others"),
    ("layout", "lays out the same with the same seed", "RollsDice", "Two layouts with one seed differ"),
    ("layout", "leaves its arguments alone", "CentresInPlace", "in place"),
    ("layout", "lays out few points and copies", "NeedsThree", "1 points raises IndexError"),
    ("technique", "its sample keeps its digest", "Lossy", "another digest"),
    ("technique", "its sample keeps its digest", "Misnamed", "for 'toy', not for 'broken'"),
    ("technique", "its sample refuses unknown keys", "LaxTechnique", 'extra="forbid"'),
    ("technique", "its quantities have names and units", "TwoOfAName", "position, position"),
    ("technique", "its quantities have names and units", "UnknownUnit", "'furlons' of w is not known"),
    ("technique", "its recipes can be made", "NoSuchEncoder", "no encoder 'no-such'"),
    ("technique", "its recipes can be made", "NoSuchReader", "no reader 'no-such'"),
    ("technique", "its recipes can be made", "RefinesGrown", "A recipe has a refiner"),
    ("technique", "its components fit together", "NoSuchProcessor", "no processor 'no-such'"),
    ("technique", "its components fit together", "RefinesPairs", "'pair' does not fit: The refiner 'toy-fit'"),
    ("technique", "its components fit together", {"factory": MENDED, "takes": ("image",)}, "works on image"),
    ("technique", "names its views for addresses", "ViewInWords", "more than small letters, digits and dashes"),
    ("technique", "names its views for addresses", "UntitledView", "has no title or no function"),
    ("technique", "names its views for addresses", "ViewOfItsOwn", "return a View"),
    ("technique", "its groups can be divided", "InTwoGroups", "There are 2 groups"),
    ("technique", "its groups can be divided", "FractionalGroups", "float64, not whole numbers"),
    ("technique", "its groups can be divided", "RandomGroups", "groups differ"),
    ("technique", "its groups can be divided", "GroupsOfAnother", "groups of shape"),
    ("technique", "its design covers the ranges", "OutsideRanges", "outside the ranges"),
    ("technique", "prepare refuses other signals in words", "TakesAnything", "prepare() accepts synthetic peaks"),
    ("technique", "reads and prepares a measured file", "Twice", "prepared as 2 signals"),
    ("technique", "analyses what it simulates", "EmptyFigure", "leaves the figure empty"),
    ("technique", "analyses what it simulates", "OneRemark", "not a sequence"),
]


@pytest.fixture
def check_all(monkeypatch, tmp_path):
    """Register one component beside the toy, and make checks of it."""
    monkeypatch.syspath_prepend(HERE)
    sample, measured = tmp_path / "sample.yaml", tmp_path / "line.xy"
    measured.write_text("\n".join(f"{x / 40 - 1} {1 / (1 + x**2)}" for x in range(81)))

    def run(kind, given, name=None):
        technique = "toy-grown" if str(given).startswith("Grown") else "toy"
        sample.write_text(f"{{name: s, technique: {technique}, thickness: 2 mm}}")
        described = {"name": "broken", "summary": "Broken", "factory": "broken_parts:Values"}
        if schema := SCHEMAS.get(kind):
            described["parameters"] = schema
        module = TECHNIQUES if kind == "technique" else PARTS
        described |= {"factory": f"{module}:{given}"} if isinstance(given, str) else given
        plugin = ModuleType("broken")
        setattr(plugin, HOOK_OF_KIND[kind], hookimpl(lambda register: register(Component(**described))))
        monkeypatch.setitem(sys.modules, "broken", plugin)
        plugins = load_only("toy_technique.plugin", "broken")
        found = cases(plugins, "broken", sample=None if kind == "technique" else sample, measurements=[measured])
        found = [case for case in found if case.component.startswith(kind)]
        return [case.outcome() for case in found if name in (None, case.check.name)]

    return run


@pytest.fixture
def check(check_all):
    """Make one check."""

    def run(kind, name, given):
        (outcome,) = check_all(kind, given, name)
        return outcome

    return run


@pytest.mark.parametrize(("kind", "name", "given", "reason"), BROKEN)
def test_a_broken_component_is_found(check, kind, name, given, reason):
    outcome = check(kind, name, given)
    assert outcome.result == "failed"
    assert reason in outcome.reason


def test_a_refiner_that_a_recipe_uses_and_that_says_what_it_does_not_take_is_found(check, monkeypatch):
    monkeypatch.setattr(Toy, "refiner", Choice(name="broken"))
    outcome = check("refiner", "takes the kinds that it says", {"factory": f"{TOY}:Fit", "takes": ("peaks",)})
    assert outcome.result == "failed"
    assert outcome.reason == "It takes profile, and its description says peaks."


@pytest.mark.parametrize(
    ("kind", "name", "given", "reason"),
    [
        ("refiner", "gives values with their covariance", {"factory": f"{TOY}:Fit", "takes": ("peaks",)}, "it suits"),
        ("encoder", "takes the kinds that it says", {"takes": ("profile", "peaks")}, "takes peaks, and none that was"),
        ("encoder", "takes the kinds that it says", {}, "does not say what it takes"),
    ],
)
def test_what_cannot_be_tried_is_skipped_with_the_reason(check, kind, name, given, reason):
    outcome = check(kind, name, given)
    assert outcome.result == "skipped"
    assert reason in outcome.reason


@pytest.mark.parametrize(
    ("kind", "given", "made"),
    [
        ("encoder", "Projected", ["its shapes make up its features", "leaves its targets alone"]),
        ("regressor", "OfPictures", ["learns from features", "its spreads match its errors"]),
    ],
)
def test_what_uses_what_is_optional_passes(check_all, kind, given, made):
    outcomes = {outcome.check: outcome for outcome in check_all(kind, {"factory": f"sound_parts:{given}"})}
    assert [o for o in outcomes.values() if o.result == "failed"] == []
    assert all(outcomes[name].result == "passed" for name in made)


def test_every_check_has_something_broken_that_it_finds():
    found = {name for _, name, *_ in BROKEN} | {name for _, name in ELSEWHERE}
    kinds = {(kind, name) for kind, name, *_ in BROKEN} | set(ELSEWHERE)
    assert {check.name for check in CHECKS} == found
    assert {(check.kind, check.name) for check in CHECKS if check.kind != "any"} <= kinds


def test_every_check_says_what_it_requires():
    assert all(re.match(r"[A-Z`].*\.$", check.requirement, re.DOTALL) for check in CHECKS)


def test_a_plugin_that_cannot_be_loaded_fails_with_the_reason(monkeypatch):
    plugin = ModuleType("broken")
    plugin.SPECTRA_API_VERSION = 99
    monkeypatch.setitem(sys.modules, "broken", plugin)
    (case,) = cases(load_only("broken"), "broken")
    assert "version 99 of spectra's plugin interface" in case.outcome().reason


def test_a_plugin_that_imports_a_large_library_is_found(monkeypatch, tmp_path):
    (tmp_path / "torch.py").write_text("")
    (tmp_path / "heavy.py").write_text(
        "import torch\n"
        "from spectra.core.hookspecs import hookimpl\n"
        "@hookimpl\n"
        "def spectra_register_encoders(register):\n"
        "    pass\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    outcomes = {case.check.name: case.outcome() for case in cases(load_only("heavy"), "heavy")}
    for name in ("torch", "heavy"):
        sys.modules.pop(name, None)
    assert "Importing heavy imports torch" in outcomes["importing it imports no large library"].reason


@pytest.mark.parametrize(
    ("record", "result"),
    [
        ("left_out/plugin.py,,\nleft_out/parts.py,,\n", "passed"),
        ("left_out/plugin.py,,\n", "failed"),
        (None, "skipped"),
    ],
)
def test_a_module_that_a_wheel_leaves_out_is_found(monkeypatch, tmp_path, record, result):
    (tmp_path / "left_out").mkdir()
    (tmp_path / "left_out" / "plugin.py").write_text(
        "from spectra.core.components import Component\n"
        "from spectra.core.hookspecs import hookimpl\n"
        "@hookimpl\n"
        "def spectra_register_encoders(register):\n"
        "    register(Component(name='mine', summary='Mine', factory='left_out.parts:Mine'))\n"
    )
    (tmp_path / "left_out" / "parts.py").write_text("class Mine:\n    def __init__(self, parameters):\n        pass\n")
    info = tmp_path / "left_out-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: left-out\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[spectra]\nleft-out = left_out.plugin\n")
    if record:
        (info / "RECORD").write_text(record)
    monkeypatch.syspath_prepend(tmp_path)
    from spectra.core.manager import load_plugins

    found = cases(load_plugins((), {"SPECTRA_PLUGINS": "left-out"}), "left-out")
    outcome = next(case for case in found if case.check.name == "its modules are in its distribution").outcome()
    for name in ("left_out.parts", "left_out.plugin", "left_out"):
        sys.modules.pop(name, None)
    assert outcome.result == result
    assert result == "passed" or "left_out.parts" in outcome.reason or "without a list" in outcome.reason


def test_an_unknown_plugin_is_not_found():
    with pytest.raises(NotFoundError, match="nearest is 'rus'"):
        cases(load_only("spectra.plugins.rus.plugin"), "russ")
