"""The workflows: resumable simulation, honest splits, and what they put on record."""

import os
import signal

import numpy as np
import pytest
from threadpoolctl import threadpool_info
from toy_technique.parts import Grown, GrownParameters, Line, Toy, ToySample, Values

from spectra.core.errors import InputError, PluginError, SpectraError
from spectra.core.progress import Silent
from spectra.core.session import Specimen
from spectra.core.signals import Profile, to_arrays
from spectra.core.technique import Design
from spectra.core.workflows.recipes import complete_recipe
from spectra.core.workflows.training_data import FreshlyDistorted
from spectra.core.workflows.training_set import DataSet, data_set, simulate, split


class Failing(Line):
    """Fails at the call with this number, as a kill would."""

    def __init__(self, at):
        super().__init__(ToySample(name="slab", technique="toy", thickness="2 mm"), None)
        self.calls, self.at = 0, at

    def simulate(self, values):
        self.calls += 1
        if self.calls == self.at:
            raise KeyboardInterrupt
        return super().simulate(values)


VALUES = np.random.default_rng(0).uniform(0.1, 0.3, (2300, 2))


def test_an_interrupted_simulation_goes_on_where_it_stopped(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        simulate(Failing(at=4), Design(points=VALUES), folder=tmp_path, jobs=1, progress=Silent())
    part = next(tmp_path.glob("*00500.npz"))
    part.write_bytes(part.read_bytes()[:-7])  # and one part is damaged

    second = Failing(at=0)
    resumed = made(second, VALUES, tmp_path)

    assert second.calls == 5 - 3 + 1
    assert np.array_equal(resumed.signal.y, second.simulate(VALUES).y)
    assert np.array_equal(resumed.values, VALUES)
    assert (tmp_path / "whole.npz").read_bytes() == resumed.pack()


def test_parts_of_other_points_are_not_taken_over(tmp_path):
    simulate(Failing(at=0), Design(points=VALUES), folder=tmp_path, jobs=1, progress=Silent())
    other = Failing(at=0)
    simulate(other, Design(points=VALUES + 0.01), folder=tmp_path, jobs=1, progress=Silent())
    assert other.calls == 5


SLAB = ToySample(name="slab", technique="toy-grown", thickness="2 mm")
SEEDS = np.arange(110.0)[:, None]  # five parts of 20 and one of 10


class Failed(Grown):
    """Refuses one seed, crashes at another, and miscounts at a third; a module's class, so that processes find it."""

    def generate(self, points):
        if 25 in points:
            raise InputError("The seed 25 cannot be used.", hint="Use another.")
        if 45 in points:
            os.kill(os.getpid(), signal.SIGKILL)
        values, signals = super().generate(points)
        return (values[1:], signals) if 105 in points else (values, signals)


class Counting(Grown):
    """Says in how many threads its linear algebra runs."""

    def generate(self, points):
        values, signals = super().generate(points)
        values[:, 0] = max(library["num_threads"] for library in threadpool_info())
        return values, signals


def made(model, points, folder, jobs=1, groups=None):
    parts = simulate(model, Design(points=points, groups=groups), folder=folder, jobs=jobs, progress=Silent())
    with parts.join(folder / "whole.npz").open("rb") as stream:
        return DataSet.open(stream)


def grown(sample=SLAB, kind=Grown):
    return kind(sample, GrownParameters())


def test_specimens_are_the_same_from_one_process_or_two_and_whatever_was_interrupted(tmp_path):
    alone = made(grown(), SEEDS, tmp_path / "alone")
    together = made(grown(), SEEDS, tmp_path / "together", jobs=2)
    for damaged in list((tmp_path / "together").glob("part-*"))[::2]:
        damaged.write_bytes(damaged.read_bytes()[:-7])
    resumed = made(grown(), SEEDS, tmp_path / "together", jobs=2)
    assert alone.pack() == together.pack() == resumed.pack()
    one_by_one = np.concatenate([grown().generate(seed[None])[0] for seed in SEEDS])
    assert np.array_equal(alone.values, one_by_one[np.isfinite(one_by_one).all(axis=1)])


def test_specimens_that_are_not_to_be_used_are_left_out_and_the_others_keep_their_seeds(tmp_path):
    data = made(grown(), SEEDS, tmp_path)
    assert data.points is not None
    assert np.array_equal(data.points[:, 0], [seed for seed in range(110) if seed % 10 != 9])
    assert np.array_equal(data.signal.y, Line(SLAB, None).simulate(data.values).y)
    assert np.array_equal(DataSet.unpack(data.pack()).points, data.points)


def test_groups_go_with_the_specimens_that_are_used(tmp_path):
    data = made(grown(), SEEDS, tmp_path, groups=np.arange(110) // 3)
    assert data.points is not None
    assert np.array_equal(data.groups, data.points[:, 0] // 3)


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_a_model_refuses_in_another_process_arrives_as_the_same_sentence(jobs, tmp_path):
    with pytest.raises(InputError) as caught:
        made(grown(kind=Failed), SEEDS[:40], tmp_path, jobs=jobs)
    assert (caught.value.message, caught.value.hint) == ("The seed 25 cannot be used.", "Use another.")
    with pytest.raises(PluginError, match="9 rows of quantities and 10 signals of 10 points"):
        made(grown(kind=Failed), SEEDS[60:], tmp_path, jobs=jobs)


@pytest.mark.parametrize("jobs", [1, 2])
def test_each_process_works_with_one_thread(jobs, tmp_path):
    assert (made(grown(kind=Counting), SEEDS, tmp_path, jobs=jobs).values[:, 0] == 1).all()


def test_a_process_that_crashes_is_told_in_a_sentence(tmp_path):
    with pytest.raises(SpectraError, match="crashed or was killed"):
        made(grown(kind=Failed), SEEDS[40:100], tmp_path, jobs=2)


def test_too_few_usable_specimens_are_refused_and_not_put_on_record(laboratory, monkeypatch):
    def broken(model, points):
        values = np.full((len(points), 2), np.nan)
        return values, model.line.simulate(values)

    monkeypatch.setattr(Grown, "generate", broken)
    specimen = Specimen(technique=laboratory.catalogue.technique("toy-grown"), sample=SLAB)
    recipe = complete_recipe(laboratory.catalogue, specimen.recipe())
    with pytest.raises(InputError, match="Only 0 of 300 specimens of 'slab' can be used"):
        data_set(laboratory.session(jobs=1), specimen, recipe)
    assert not laboratory.registry.list_data_sets()


def test_a_data_set_survives_its_file(tmp_path):
    data = DataSet(values=VALUES[:5], signal=Failing(at=0).simulate(VALUES[:5]))
    again = DataSet.unpack(data.pack())
    assert np.array_equal(again.values, data.values)
    assert to_arrays(again.signal).keys() == to_arrays(data.signal).keys()
    assert again.pack() == data.pack()


@pytest.mark.parametrize("count", [7, 10, 20_293])
def test_no_point_stands_on_two_sides_of_the_split(count):
    values = np.arange(count, dtype=float)[:, None]
    data = DataSet(values=values, signal=Profile(x=np.arange(2.0), y=np.zeros((count, 2)), x_unit="", y_unit=""))
    shares = [share.values[:, 0] for share in split(data, np.random.default_rng(1))]
    assert sorted(np.concatenate(shares)) == list(range(count))
    assert len(shares[1]) == len(shares[2]) == max(count // 7, 1)


@pytest.mark.parametrize("sizes", [[1] * 50, [20] * 7, [3, 3, 3], [100, 2, 2], [5, 40, 1, 9, 9, 3], [1] * 40 + [60]])
@pytest.mark.parametrize("seed", range(5))
def test_no_group_stands_on_two_sides_of_the_split(sizes, seed):
    groups = np.random.default_rng(seed).permutation(np.repeat(np.arange(len(sizes)) * 7, sizes))
    signal = Profile(x=np.arange(2.0), y=np.zeros((len(groups), 2)), x_unit="", y_unit="")
    data = DataSet(values=np.arange(float(len(groups)))[:, None], signal=signal, groups=groups)
    shares = split(data, np.random.default_rng(seed))
    assert sorted(np.concatenate([share.values[:, 0] for share in shares])) == list(range(len(groups)))
    names = [set(share.groups) for share in shares]
    assert all(names)
    assert sum(map(len, names)) == len(sizes)
    if max(sizes) <= len(groups) / 7:  # no group is larger than a share
        assert all(len(groups) / 7 <= len(share) < 2 * len(groups) / 7 for share in shares[1:])
    if sizes == [100, 2, 2]:
        assert len(shares[0]) == 100  # what is larger than a share is learned from


def test_two_groups_are_not_enough_to_be_divided():
    signal = Profile(x=np.arange(2.0), y=np.zeros((20, 2)), x_unit="", y_unit="")
    data = DataSet(values=np.zeros((20, 1)), signal=signal, groups=np.arange(20) % 2)
    with pytest.raises(InputError, match="has 2 groups"):
        split(data, np.random.default_rng(0))


class Halved(Values):
    """Calls the first 40 of its 81 features one part, the others another."""

    def sizes(self):
        return 40, 41


@pytest.mark.parametrize(("kind", "sizes"), [(Values, (81,)), (Halved, (40, 41))])
def test_a_regressor_learns_which_features_belong_to_which_part(kind, sizes):
    values = VALUES[:9]
    data = DataSet(values=values, signal=Failing(at=0).simulate(values))
    examples = FreshlyDistorted(
        data,
        data,
        quantities=Toy().quantities(None),
        distortions=[],
        encoder=kind(None).fit(data.signal),
        rng=np.random.default_rng(0),
    )
    assert examples.sizes == sizes
