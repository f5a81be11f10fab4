"""A powder from file to record and back."""

from pathlib import Path

import pytest

from spectra.core.manager import load_plugins
from spectra.core.progress import Silent
from spectra.interactive.session import InteractiveSession
from spectra.plugins import BUILT_IN
from spectra.registry.registry import Registry

ROOT = Path(__file__).parents[2]
SCAN = ROOT / "examples" / "powder" / "TiO2_0p4009-ZnO_0p6010--8min.xrdml"


@pytest.fixture
def session(tmp_path):
    catalogue = load_plugins(BUILT_IN, {}).catalogue
    with InteractiveSession(Registry.open(tmp_path / "home"), catalogue, progress=Silent(), jobs=1) as session:
        yield session


def test_every_number_of_a_record_comes_out_again_with_nothing_changed(session):
    answer = session.analyze(SCAN, sample=SCAN.parent / "mixture.yaml")
    record = answer.prediction
    assert record.verdict == "trusted"
    assert record.environment["gemmi"]
    assert {table["title"] for table in record.report["tables"].values()} == {"Lines", "Width of the lines"}
    repeated = session.reproduce(record.id).reproduction
    assert repeated.same
    assert repeated.changed == ()
    assert {quantity.name for quantity in record.quantities} >= {"a zincite", "volume anatase", "displacement"}
