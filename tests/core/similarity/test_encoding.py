"""Features come out the same whoever encodes, and what fails is told in the same words."""

import numpy as np
import pytest
from toy_technique.parts import Values

from spectra.core.similarity.archive import open_archive
from spectra.core.similarity.items import Reading, measured
from spectra.core.similarity.spaces import Wanted
from spectra.registry.registry import Registry
from tests.core.conftest import InThisProcess, Laboratory


def archive_of(laboratory, executor, monkeypatch, *, failing):
    """Measure five lines, two of them in other numbers; one file is lost, and the encoder may fail with another."""
    for number in range(5):
        scale = 2.0 if number > 2 else 1.0
        laboratory.analyze(laboratory.measure(f"line{number}.txt", seed=number, scale=scale), scale=scale)
    records = sorted(laboratory.registry.list_measurements(), key=lambda record: record.file_name)
    lost = records[1].artefact.removeprefix("sha256:")
    (laboratory.registry.locations.artefacts / "sha256" / lost[:2] / lost).write_bytes(b"")
    bad, encode = np.loadtxt(laboratory.folder / "line2.txt")[:, 1].max(), Values.encode

    def encoding(self, signal):
        if failing and signal.y.max() == bad:
            raise ZeroDivisionError("a fault of the plugin")
        return encode(self, signal)

    session = laboratory.session(executor=executor)
    wanted = Wanted(encoder=laboratory.catalogue.choose("encoder", "toy-values", {}))
    with monkeypatch.context() as patched:
        patched.setattr(Values, "encode", encoding)
        return open_archive(session, [wanted], measured(session, records), Reading(session=session))


@pytest.mark.parametrize("failing", [False, True])
def test_workers_encode_what_would_be_encoded_here(laboratory, tmp_path, monkeypatch, failing):
    here = archive_of(laboratory, None, monkeypatch, failing=failing)
    with Registry.open(tmp_path / "other") as registry:
        there = archive_of(Laboratory(registry, tmp_path), InThisProcess(), monkeypatch, failing=failing)
    assert [item.name for item in there.items] == [item.name for item in here.items]
    assert len(here.items) == (3 if failing else 4)
    assert np.array_equal(there.features, here.features)
    reasons = [
        {failure.name: failure.reason.replace(str(home), "") for failure in one.failures}
        for one, home in ((here, tmp_path / "home"), (there, tmp_path / "other"))
    ]
    assert reasons[0] == reasons[1]
    assert list(reasons[0]) == ["line1.txt"] + ["line2.txt"] * failing
