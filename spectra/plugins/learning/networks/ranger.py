"""The optimizer Ranger: rectified Adam inside Lookahead. Imports Keras, so it is imported where a network is trained.

References
----------
L. Liu et al., On the variance of the adaptive learning rate and beyond, ICLR (2020), algorithm 2.
M. R. Zhang, J. Lucas, G. Hinton & J. Ba, Lookahead optimizer: k steps forward, 1 step back, NeurIPS (2019),
algorithm 1.
L. Wright, Ranger – a synergistic optimizer (2019).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

_TRACTABLE = 4.0  # length of the average from which on its variance is finite: "if ρ_t > 4"


class Ranger(keras.optimizers.Optimizer):  # type: ignore[misc]
    """Rectified Adam, whose weights every few steps fall back on those of a slow copy that follows them.

    Parameters
    ----------
    learning_rate
        α of rectified Adam.
    beta_1, beta_2
        Decay rates of the averages of gradients and of their squares.
    epsilon
        Added to the root of the second average, which the algorithm divides by; there it is 0.
    every, share
        k and α of Lookahead: after so many steps the slow weights go this share of the way to the fast ones.
    """

    def __init__(
        self,
        learning_rate: Any = 1e-3,
        *,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        every: int = 6,
        share: float = 0.5,
        name: str = "ranger",
    ) -> None:
        super().__init__(learning_rate=learning_rate, name=name)
        self.beta_1, self.beta_2, self.epsilon = beta_1, beta_2, epsilon
        self.every, self.share = every, share

    def build(self, variables: Sequence[Any]) -> None:
        """Make the averages, and the slow weights: those that training starts from."""
        if self.built:
            return
        super().build(variables)
        self._first, self._second, self._slow = (
            [self.add_variable_from_reference(variable, name) for variable in variables]
            for name in ("first_moment", "second_moment", "slow")
        )
        for slow, variable in zip(self._slow, variables, strict=True):
            slow.assign(variable)

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Take one step with one variable."""
        place = self._get_variable_index(variable)
        first, second, slow = self._first[place], self._second[place], self._slow[place]
        rate, gradient = ops.cast(learning_rate, variable.dtype), ops.cast(gradient, variable.dtype)
        self.assign(first, self.beta_1 * first + (1 - self.beta_1) * gradient)
        self.assign(second, self.beta_2 * second + (1 - self.beta_2) * ops.square(gradient))

        tractable, for_mean, for_ratio = (ops.cast(value, variable.dtype) for value in self._factors())
        adaptive = for_ratio / (ops.sqrt(second) + self.epsilon)
        fast = variable - rate * for_mean * first * (tractable * adaptive + (1 - tractable))

        synchronised = ops.equal(ops.mod(self.iterations + 1, self.every), 0)
        self.assign(slow, ops.where(synchronised, slow + self.share * (fast - slow), slow))
        self.assign(variable, ops.where(synchronised, slow, fast))

    def _factors(self) -> tuple[Any, Any, Any]:
        """Return whether this step is rectified, 1 / (1 - β₁ᵗ), and r_t √(1 - β₂ᵗ), in double precision.

        The length ρ_t is a difference of nearly equal numbers.
        """
        step = ops.cast(self.iterations + 1, "float64")
        left_1, left_2 = (
            ops.power(ops.convert_to_tensor(beta, "float64"), step) for beta in (self.beta_1, self.beta_2)
        )
        longest = 2 / (1 - self.beta_2) - 1  # ρ_∞
        length = longest - 2 * step * left_2 / (1 - left_2)  # ρ_t
        tractable = length > _TRACTABLE
        length = ops.where(tractable, length, longest)  # no NaN in the branch that is not taken
        rectification = ops.sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length))
        return tractable, 1 / (1 - left_1), rectification * ops.sqrt(1 - left_2)

    def get_config(self) -> dict[str, Any]:
        """Return the parameters."""
        names = ("beta_1", "beta_2", "epsilon", "every", "share")
        return super().get_config() | {name: getattr(self, name) for name in names}
