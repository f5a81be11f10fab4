"""Forward models: the physics, and what some of them can do besides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from spectra.core.components.arrays import Floats
from spectra.core.signals import Signal
from spectra.core.tables import Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure


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
