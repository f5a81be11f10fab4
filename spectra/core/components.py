"""The parts that plugins provide, as protocols, and how a plugin describes them.

Components keep scikit-learn's manners: the constructor only stores, ``fit`` returns self, learned attributes end in
``_``, randomness comes in as a :class:`numpy.random.Generator`. What they learned travels as plain arrays, so that a
model file needs no pickle and opens years later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeVar, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from spectra.core.basics.documents import describe_validation_error
from spectra.core.errors import InputError
from spectra.core.measurements import Measurement, RawFile
from spectra.core.progress import Progress
from spectra.core.quantities import Estimate, Quantity
from spectra.core.signals import Signal, SignalKind
from spectra.core.tables import Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]
Features = NDArray[np.float32]
T = TypeVar("T", covariant=True)
State = Mapping[str, NDArray[Any]]


class ForwardModel(Protocol):
    """The physics: quantities to signals, for one sample."""

    def simulate(self, values: Floats) -> Signal:
        """Compute the ideal signals of ``values``, shape (n, p), in the quantities' units: a stack of n."""


@runtime_checkable
class DifferentiableForwardModel(ForwardModel, Protocol):
    """A forward model that also says how its signal moves."""

    def linearize(self, values: Floats) -> tuple[Signal, Floats]:
        """Compute the signal of ``values``, shape (p,), and its derivatives.

        Returns
        -------
        signal
            A stack of one.
        derivatives : ndarray, shape (m, p)
            Of each position (peaks) or ordinate (profile) with respect to each quantity, in their units.
        """


@runtime_checkable
class SamplingForwardModel(ForwardModel, Protocol):
    """A forward model that chooses the points of its training set itself, in place of the technique's design."""

    def training_points(self) -> Floats:
        """Return what to simulate, shape (n, p), in the quantities' units; always the same."""

    def simulate_roughly(self, values: Floats) -> Signal:
        """Compute signals for the training set, shape (n, p), as accurately as its purpose needs."""


@runtime_checkable
class TabulatingForwardModel(ForwardModel, Protocol):
    """A forward model that can lay out one spectrum for a reader, with more than its signal."""

    def tabulate(self, values: Floats) -> Table:
        """Describe the spectrum of ``values``, shape (p,), one row for each line or point."""


@runtime_checkable
class DrawingForwardModel(ForwardModel, Protocol):
    """A forward model that can draw more of one spectrum than its lines or its curve."""

    @property
    def pictures(self) -> Mapping[str, str]:
        """What it draws: names, each with a line of text, the most telling first."""

    def draw(self, values: Floats, figure: Figure, *, picture: str, rows: Sequence[int] | None) -> None:
        """Draw a picture of the spectrum of ``values``, shape (p,), into an empty figure.

        Parameters
        ----------
        figure
            As wide as the picture shall be; its height is up to the model.
        picture
            One of :attr:`pictures`.
        rows
            Which lines or points of the spectrum to draw, counted from 1; by default those that the picture has room
            for.

        Raises
        ------
        InputError
            If there is no such row, or nothing to draw.
        """


@runtime_checkable
class AmbiguousForwardModel(ForwardModel, Protocol):
    """A forward model that gives the same signal for several values, whatever the measurement."""

    def representative(self, values: Floats) -> Floats:
        """Return that one of them, shape (p,), by which all that give the signal of ``values`` are known."""


@runtime_checkable
class GeneratingModel(Protocol):
    """The physics where nobody can choose the quantities: they come out of the simulation, as the signals do.

    Specimens are made in other processes, so a model must be picklable: its class stands in a module, and what it holds
    is plain data; open what cannot be pickled when it is first used. How a specimen comes out depends on its own point
    only, never on its neighbours in ``points`` or on what was made before.
    """

    @property
    def specimens_per_part(self) -> int:
        """How many specimens to make between two saves, at best a few seconds' to a minute's work."""

    def generate(self, points: Floats) -> tuple[Floats, Signal]:
        """Make the specimens of ``points``, shape (n, k): what a design says of each, such as a seed.

        Returns
        -------
        values : ndarray, shape (n, p)
            In the quantities' units; a row of NaN marks a specimen that is not to be used, because it failed or lies
            outside the ranges.
        signal
            A stack of n.

        Raises
        ------
        InputError
            If no specimen can be made of these points, whatever the others.
        """


class Distortion(Protocol):
    """What the laboratory does to an ideal signal."""

    def distort(self, signal: Signal, rng: np.random.Generator) -> Signal:
        """Return distorted copies; the argument stays as it is."""


class Encoder(Protocol):
    """Signals to features of fixed size."""

    def fit(self, signal: Signal) -> Self:
        """Learn axis and scale from ideal training signals; one that learns more is a :class:`LearningEncoder`."""

    def encode(self, signal: Signal) -> Features:
        """Turn a stack of n signals into features, shape (n, d)."""

    def get_state(self) -> State:
        """Return what ``fit`` learned."""

    def set_state(self, state: State) -> Self:
        """Take over what another instance learned."""


class LearningEncoder(Protocol):
    """An encoder that is trained, with the rest like an :class:`Encoder`.

    Its ``fit`` is handed those of the keyword arguments that stand in its signature; besides those below, ``groups``,
    the number of the group of each signal, shape (n,), or None where the training set has no groups.
    """

    def fit(self, signal: Signal, *, targets: Floats, rng: np.random.Generator, progress: Progress) -> Self:
        """Learn from ideal training signals.

        Parameters
        ----------
        signal
            A stack of n.
        targets : ndarray, shape (n, p)
            The quantities, each range rescaled to 0 to 1, for features that are chosen to tell them apart.
        """

    def encode(self, signal: Signal) -> Features:
        """Turn a stack of n signals into features, shape (n, d)."""

    def get_state(self) -> State:
        """Return what ``fit`` learned."""

    def set_state(self, state: State) -> Self:
        """Take over what another instance learned."""


@runtime_checkable
class PartitioningEncoder(Encoder, Protocol):
    """An encoder that writes the features of a bundle's parts one after the other."""

    def sizes(self) -> tuple[int, ...]:
        """Return how many features belong to each part, in the order in which they stand."""


@runtime_checkable
class ShapingEncoder(Encoder, Protocol):
    """An encoder whose features have more axes than one before they are written in a row, such as pictures."""

    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """Return the shape of each part's features, in the order in which they stand: ``((224, 224, 3),)``."""


@runtime_checkable
class WeighingEncoder(Encoder, Protocol):
    """An encoder that says how much its features count beside those of others, for each signal."""

    def weights(self, features: Features) -> Floats:
        """Return weights from 0 to 1, shape (n,), of features (n, d) that it gave: of symmetry, how periodic it is."""


class TrainingData(Protocol):
    """Examples for a regressor: features and targets, the targets rescaled so that each range is 0 to 1."""

    sizes: tuple[int, ...]
    """How many features belong to each part of a bundle; a single number where the encoder makes no difference."""

    shapes: tuple[tuple[int, ...], ...]
    """Shape of each part's features before they were written in a row; ``((d,),)`` where they are a row."""

    @property
    def validation(self) -> tuple[Features, Floats]:
        """Features (n, d) and targets (n, p) that no gradient may see; distorted once."""

    def __len__(self) -> int:
        """Return the number of training signals."""

    def batches(self, rng: np.random.Generator, size: int) -> Iterator[tuple[Features, Floats]]:
        """Go through the training signals once, in random order, distorting and encoding ``size`` at a time.

        Only one batch is in memory as features, so this is how to learn from pictures.
        """

    def validation_batches(self, size: int) -> Iterator[tuple[Features, Floats]]:
        """Go through :attr:`validation` in the same way, in order and always distorted alike."""

    def ideal(self) -> tuple[Features, Floats]:
        """Encode the training signals as they were computed."""

    def draw(self, rng: np.random.Generator) -> tuple[Features, Floats]:
        """Distort and encode the training signals afresh: one epoch."""

    def everything(self, rng: np.random.Generator) -> tuple[Features, Floats, NDArray[np.int64]]:
        """Return training and validation together, distorted, for a regressor that divides them by groups itself.

        Returns
        -------
        features, targets : ndarray, shape (n, d), (n, p)
        groups : ndarray, shape (n,)
            What has the same number comes from one specimen, grain or micrograph; where there are no groups, each has
            a number of its own.
        """


class Regressor(Protocol):
    """Features to quantities, with a spread."""

    def fit(self, data: TrainingData, *, rng: np.random.Generator, progress: Progress) -> Self:
        """Learn from ``data``."""

    def predict(self, features: Features) -> Estimate:
        """Estimate rescaled quantities (n, p) with one standard deviation each."""

    def get_state(self) -> State:
        """Return what ``fit`` learned; ``history/*`` arrays hold one number per epoch, for plots."""

    def set_state(self, state: State) -> Self:
        """Take over what another instance learned."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Refinement:
    """A regressor's answer polished against the physics.

    Parameters
    ----------
    values : ndarray, shape (p,)
        In the quantities' units.
    covariance : ndarray, shape (p, p)
        NaN in the rows of a quantity that the data do not determine; ``notes`` then says why.
    misfit
        Root mean square difference between measurement and model, in ``misfit_unit``.
    tables
        Which measured line is which computed one, and what else a person will want to check.
    notes
        Sentences about what to keep in mind.
    doubts
        Sentences that speak against the answer: reasons of the technique's verdict.
    refused
        Whether they leave nothing of it.
    draws : ndarray, shape (k, p)
        A sample of the posterior, from a refiner that has one.
    diagnostics
        How well the method worked, for the record: plain numbers, words and mappings of them.
    """

    values: Floats
    covariance: Floats
    misfit: float
    misfit_unit: str
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    refused: bool = False
    draws: Floats | None = None
    diagnostics: Mapping[str, Any] = field(default_factory=dict)


class Refiner(Protocol):
    """Polishes an answer against the forward model.

    Its ``refine`` is handed a :class:`~spectra.core.progress.Progress` as ``progress``, too, if that stands in its
    signature.
    """

    def refine(
        self, measured: Signal, forward: ForwardModel, *, starts: Floats, quantities: Sequence[Quantity]
    ) -> Refinement:
        """Fit ``forward`` to ``measured`` (a stack of one) from each of ``starts``, shape (k, p), and keep the best."""


class Processor(Protocol):
    """Turns one measurement into another: a sweep into its resonances, an orientation map into a picture."""

    def process(self, measurement: Measurement) -> Measurement:
        """Return the measurement with another signal, and with notes on what was left out.

        File, reader and conditions are those of the argument, whatever is returned.

        Raises
        ------
        InputError
            If the signal cannot be processed.
        """


class Reader(Protocol):
    """Understands one file format."""

    def read(self, file: RawFile) -> Measurement:
        """Read a measurement.

        Raises
        ------
        InputError
            If the file is not of this format, with the line at fault.
        """


class Optimizer(Protocol):
    """Looks for the point with the lowest loss: it asks for points and is told their losses, until it asks for none.

    It is used for one search: ``begin``, then ``ask`` and ``tell`` in turn.
    """

    def begin(self, starts: Floats, *, bounded: bool, rng: np.random.Generator) -> Self:
        """Start a search.

        Parameters
        ----------
        starts : ndarray, shape (k, d)
            Where to begin, in random order; a method takes as many of the first as it needs.
        bounded
            Whether points lie in the unit cube, and none outside may be asked for. Otherwise they are codes of a
            :class:`Generator`: without bounds, and real ones spread about as a standard normal distribution does.
        """

    def ask(self) -> Floats:
        """Return the points to evaluate next, shape (m, d); none when the search has ended by itself."""

    def tell(self, points: Floats, losses: Floats) -> None:
        """Take the losses (m,) of the points that were asked for; all are finite."""

    @property
    def population(self) -> Floats:
        """Those points, shape (k, d), from which the search goes on: what a convergence trace averages over."""


class Generator(Protocol):
    """Codes to signals and back: a space in which structures can be designed.

    Codes of real signals have about zero mean and unit variance in each number.
    """

    @property
    def dim(self) -> int:
        """How many numbers a code has."""

    def fit(self, signal: Signal, *, rng: np.random.Generator, progress: Progress) -> Self:
        """Learn from a stack of real signals."""

    def encode(self, signal: Signal) -> Floats:
        """Return the codes of a stack of n signals, shape (n, dim); NaN for one that has none."""

    def decode(self, codes: Floats) -> Signal:
        """Return the signals of codes, shape (n, dim): a stack of n of the kind that it was fitted on."""

    def sample(self, count: int, rng: np.random.Generator) -> Floats:
        """Draw random codes, shape (count, dim), distributed as real ones are."""

    def get_state(self) -> State:
        """Return what ``fit`` learned."""

    def set_state(self, state: State) -> Self:
        """Take over what another instance learned."""


@runtime_checkable
class PicturingGenerator(Generator, Protocol):
    """A generator of pictures: it can show them, and make controls that share something with a design."""

    def colours(self, signal: Signal) -> Features:
        """Return what to show of n structures: shares of red, green and blue, shape (n, height, width, 3)."""

    def controls(self, signal: Signal, rng: np.random.Generator) -> Mapping[str, Signal]:
        """Return altered copies of a stack by what was done to them, such as ``"mean colour"`` and ``"scrambled"``."""


class Layout(Protocol):
    """Features to points of a plane: a map on which neighbours are alike."""

    embedding_: Floats
    """The points that were laid out, shape (n, 2)."""

    def fit(self, features: Features, *, rng: np.random.Generator, progress: Progress) -> Self:
        """Lay out features, shape (n, d), of any number and with copies among them.

        Raises
        ------
        InputError
            If they cannot be laid out.
        NotFoundError
            If a package that does it is not installed.
        """

    def transform(self, features: Features) -> Floats:
        """Place new features, shape (m, d), among those that were laid out, which stay where they are: shape (m, 2)."""


class NoParameters(BaseModel):
    """The schema of a component that has nothing to set."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, kw_only=True)
class Component(Generic[T]):
    """A light description of a component; its code is imported when it is first made.

    Parameters
    ----------
    name
        How users and recipes call it.
    summary
        One line for listings.
    factory
        A callable, or ``"package.module:name"`` of one. A forward model's is called with the sample and the
        parameters, a technique's with nothing, all others with the parameters.
    parameters
        pydantic schema of the parameters, or ``"package.module:name"`` of one; its defaults are the component's.
    takes, gives
        Kinds of signal that it works on, and that come out of it; nothing where that is not said. A forward model and a
        reader give, a distortion, an encoder and a refiner take, as does a regressor that needs the features of one
        kind; a processor does both, and a technique takes what it prepares. Components that do not fit together are
        refused by this before anything is computed.
    packages
        Distributions that its numbers depend on beside NumPy, SciPy and TensorFlow; their versions go on record.
    version
        Raised whenever the same parameters give other results; models trained before are then no longer found.
    quick
        Parameters with which it does its work within seconds, for checks (:mod:`spectra.testing`); the defaults if
        they are quick enough.
    needs
        What only a user can give it, such as ``"a file"``; checks that would need it are skipped.
    """

    name: str
    summary: str
    factory: str | Callable[..., T]
    parameters: str | type[BaseModel] = NoParameters
    takes: tuple[SignalKind, ...] = ()
    gives: tuple[SignalKind, ...] = ()
    packages: tuple[str, ...] = ()
    version: int = 1
    quick: Mapping[str, Any] = field(default_factory=dict)
    needs: str = ""

    @property
    def schema(self) -> type[BaseModel]:
        """The schema of the parameters, imported if need be."""
        return _imported(self.parameters) if isinstance(self.parameters, str) else self.parameters

    def make(self, *arguments: Any) -> T:
        """Import the factory if need be and call it."""
        return self._imported_factory(*arguments)

    def makes(self, protocol: type[Any]) -> bool:
        """Say whether what it makes is of a runtime-checkable protocol, without making it; only a class tells."""
        factory: Any = self._imported_factory
        return isinstance(factory, type) and issubclass(factory, protocol)

    @property
    def _imported_factory(self) -> Callable[..., T]:
        return _imported(self.factory) if isinstance(self.factory, str) else self.factory

    def validate(self, parameters: Mapping[str, Any]) -> BaseModel:
        """Check ``parameters`` against the schema.

        Raises
        ------
        InputError
            If a parameter is unknown or has an impossible value.
        """
        try:
            return self.schema.model_validate(dict(parameters))
        except ValidationError as error:
            fault = describe_validation_error(error, self.schema)
            raise InputError(f"The parameters of {self.name!r} cannot be used: {fault}.") from error


def _imported(path: str) -> Any:
    module, _, name = path.partition(":")
    return getattr(import_module(module), name)
