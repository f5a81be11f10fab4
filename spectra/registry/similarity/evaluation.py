"""How good searches by several feature spaces are: a study of what is on record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from pydantic import BaseModel, Field

from spectra.core.errors import InputError
from spectra.core.samples import Document
from spectra.core.session import Session
from spectra.core.similarity.items import labels_of
from spectra.core.similarity.retrieval import Retrieval, retrieval
from spectra.registry.registry import Registry
from spectra.registry.similarity.selection import MEASUREMENTS, select


class SearchStudy(Document):
    """What is searched for, among what, and by which features."""

    label: str = Field(description="column that a right answer shares with the query")
    not_same: str | None = Field(default=None, description="column of which an answer must have another value")
    where: str = Field(default="", description="query that selects what is searched")
    among: str = MEASUREMENTS
    features: tuple[tuple[str, ...], ...] = Field(
        default=(), description="encoders to compare by, several side by side in a list; default: those for the kind"
    )
    metrics: tuple[str, ...] = ()
    parameters: dict[str, dict[str, Any]] = Field(default_factory=dict, description="by the name of an encoder")


class SearchStudyFile(Document):
    """A study file of this sort."""

    title: str = Field(default="", max_length=200)
    search: SearchStudy


class AnyStudyFile(BaseModel):
    """What tells this sort of study file from the other."""

    search: Any = None


def evaluate_searches(
    session: Session, registry: Registry, study: SearchStudy, *, again: bool = False
) -> dict[str, Retrieval]:
    """Search for each item among all others, by each choice of features and each metric.

    Returns
    -------
    retrievals
        By features and metric.

    Raises
    ------
    InputError
        If there are fewer than two items, or some lack the label.
    """
    done: dict[str, Retrieval] = {}
    choices: Sequence[Sequence[str] | None] = study.features or (None,)
    metrics: Sequence[str | None] = study.metrics or (None,)
    for features in choices:
        for metric in metrics:
            chosen = select(
                session,
                registry,
                where=study.where,
                among=study.among,
                features=features,
                metric=metric,
                settings=study.parameters,
                again=again,
            )
            archive = chosen.archive
            if len(archive.items) < 2:
                raise InputError("There is one item; nothing can be searched for among the others.")
            done[f"{' + '.join(archive.slices)}, {chosen.metric}"] = retrieval(
                archive.features,
                labels_of(archive.items, study.label).tolist(),
                metric=chosen.metric,
                not_same=None if study.not_same is None else labels_of(archive.items, study.not_same).tolist(),
                rng=np.random.default_rng(0),
            )
    return done
