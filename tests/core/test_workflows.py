"""The workflows: resumable simulation, honest splits, and what they put on record."""

import numpy as np
import pytest
from toy_technique.parts import Line, Toy, ToySample, Values

from spectra.core.progress import Silent
from spectra.core.signals import to_arrays
from spectra.core.workflows.training_set import DataSet, FreshlyDistorted, simulate, split


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
        simulate(Failing(at=4), VALUES, folder=tmp_path, progress=Silent())
    part = next(tmp_path.glob("*00500.npz"))
    part.write_bytes(part.read_bytes()[:-7])  # and one part is damaged

    second = Failing(at=0)
    resumed = simulate(second, VALUES, folder=tmp_path, progress=Silent())

    assert second.calls == 5 - 3 + 1
    assert np.array_equal(resumed.signal.y, second.simulate(VALUES).y)
    assert np.array_equal(resumed.values, VALUES)


def test_parts_of_other_points_are_not_taken_over(tmp_path):
    simulate(Failing(at=0), VALUES, folder=tmp_path, progress=Silent())
    other = Failing(at=0)
    simulate(other, VALUES + 0.01, folder=tmp_path, progress=Silent())
    assert other.calls == 5


def test_a_data_set_survives_its_file(tmp_path):
    data = DataSet(values=VALUES[:5], signal=Failing(at=0).simulate(VALUES[:5]))
    again = DataSet.unpack(data.pack())
    assert np.array_equal(again.values, data.values)
    assert to_arrays(again.signal).keys() == to_arrays(data.signal).keys()
    assert again.pack() == data.pack()


@pytest.mark.parametrize("count", [7, 10, 20_293])
def test_no_point_stands_on_two_sides_of_the_split(count):
    training, validation, test = split(count, np.random.default_rng(1))
    assert sorted(np.concatenate([training, validation, test])) == list(range(count))
    assert len(validation) == len(test) == max(count // 7, 1)


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
