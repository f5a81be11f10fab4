"""How a plugin describes a component."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from spectra.core.basics.documents import describe_validation_error
from spectra.core.errors import InputError
from spectra.core.signals import SignalKind

T = TypeVar("T", covariant=True)


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
        Distributions that its numbers depend on beside NumPy and SciPy; their versions go on record.
    trained_with
        Distributions that it needs to be trained, and no longer afterwards. Without them training is refused before
        anything is computed; their versions go on record with a model.
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
    trained_with: tuple[str, ...] = ()
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
