"""Three tiers of labels in one data set, and what splitting their copies at random would claim."""

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from spectra.core.errors import InputError, UsageError
from spectra.core.formats.data_set_file import DataSetFile
from spectra.core.quantities import Quantity
from spectra.core.signals import Places
from spectra.core.workflows.training_set import DataSet, split
from spectra.plugins.indenter.curation.command import curate
from spectra.plugins.indenter.curation.task import Tier, curated


def data(count, *, seed, pictures=3, deviation=None, unit="GPa", name="hardness", groups=None):
    """Labels that have nothing to do with the pictures."""
    rng = np.random.default_rng(seed)
    quantities = [Quantity(name=name, unit=unit, description="", lower=0.0, upper=9.0)]
    values = [rng.normal(4, 0.5, count)]
    if deviation is not None:
        quantities.append(Quantity(name=f"{name}_deviation", unit=unit, description="", lower=0.0, upper=9.0))
        values.append(np.full(count, deviation))
    places = np.column_stack([rng.integers(0, pictures, count), *rng.integers(0, 20, (2, count))]).astype(np.int32)
    return DataSetFile(
        quantities=tuple(quantities),
        values=np.column_stack(values),
        signal=Places(pictures=rng.random((pictures, 20, 20, 1), dtype=np.float32), places=places, unit="1"),
        points=None,
        groups=groups,
        recipe={},
        notes=(),
        environment={},
    )


@pytest.fixture
def tiers():
    return [
        Tier(name="accurate", file=data(94, seed=0, groups=np.arange(94)), copies=100),
        Tier(name="estimated", file=data(333, seed=1, groups=np.arange(333)), copies=10),
        Tier(name="noisy", file=data(2000, seed=2, pictures=17, deviation=0.4), copies=5),
    ]


def test_the_papers_tiers_make_as_many_pairs_as_the_paper_has(tiers):
    """Dataset curation: 9,400 + 3,330 + 10,000 = 22,730 pairs of image and label."""
    found = DataSetFile.from_bytes(curated(tiers, np.random.default_rng(0)).to_bytes())
    assert len(found.values) == len(found.signal) == 22_730
    assert len(np.unique(found.groups)) == 94 + 333 + 17
    assert found.quantities[0].lower == found.values.min()


def test_only_noisy_labels_are_drawn_anew(tiers):
    values = curated(tiers, np.random.default_rng(0)).values[:, 0]
    accurate, noisy = values[:9400].reshape(100, 94), values[-10_000:].reshape(5, 2000)
    assert np.ptp(accurate, axis=0).max() == 0
    assert (noisy - tiers[2].file.values[:, 0]).std() == pytest.approx(0.4, rel=0.03)
    assert abs((noisy - tiers[2].file.values[:, 0]).mean()) < 0.02


def nearest_neighbour_r2(shares):
    """The answer is the label of the place of the training that shows the same."""
    learned, tested = shares
    known = {tuple(place): value for place, value in zip(learned.signal.places, learned.values[:, 0], strict=True)}
    answers = np.array([known.get(tuple(place), learned.values.mean()) for place in tested.signal.places])
    truth = tested.values[:, 0]
    return 1 - np.mean((answers - truth) ** 2) / truth.var()


def test_a_random_split_scores_a_memory_and_whole_groups_do_not(tiers):
    """Labels are random: nothing can be learned of them but by heart. A few places are drawn twice."""
    found = curated(tiers[:2], np.random.default_rng(0))

    def score(groups):
        whole = DataSet(values=found.values, signal=found.signal, groups=groups)
        training, _, test = split(whole, np.random.default_rng(0))
        return nearest_neighbour_r2((training, test))

    assert score(None) > 0.9
    assert score(found.groups) < 0.05


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (data(5, seed=3, unit="MPa"), r"hardness \(MPa\)"),
        (data(5, seed=3, deviation=-1.0), "negative"),
    ],
)
def test_tiers_that_do_not_go_together_are_refused(tiers, file, why):
    with pytest.raises(InputError, match=why):
        curated([tiers[0], Tier(name="noisy", file=file, copies=5)], np.random.default_rng(0))


def test_the_command_writes_what_it_joined(tmp_path):
    (tmp_path / "a.npz").write_bytes(data(4, seed=0).to_bytes())
    (tmp_path / "n.npz").write_bytes(data(6, seed=1, deviation=0.2).to_bytes())
    app = typer.Typer()
    app.command()(curate)
    run = CliRunner().invoke
    arguments = ["--accurate", tmp_path / "a.npz", "--noisy", tmp_path / "n.npz", "-o", tmp_path / "all.npz"]
    result = run(app, list(map(str, [*arguments, "--copies", "3,1,2"])))
    assert result.exit_code == 0, result.output
    assert len(DataSetFile.from_bytes((tmp_path / "all.npz").read_bytes()).values) == 4 * 3 + 6 * 2
    assert "6 noisy labels count 2 times, each with a label drawn" in result.stderr

    refused = run(app, list(map(str, [*arguments, "--copies", "3"])))
    assert isinstance(refused.exception, UsageError)
