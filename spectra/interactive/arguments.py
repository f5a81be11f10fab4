"""What an interactive session is given and hands out: samples, files and lists in the forms that people have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spectra.core.inventory.catalogue import Catalogue
from spectra.core.manager import load_plugins
from spectra.core.session import Specimen
from spectra.plugins import BUILT_IN, SHARED

if TYPE_CHECKING:
    import pandas as pd

SampleLike = str | Path | Mapping[str, Any] | Specimen
"""A sample file, its content, or what :func:`spectra.load_sample` made of it."""
Files = str | Path | Mapping[str, str | Path]
"""A measured file, or those of a technique of several parts by part."""
Parameters = Mapping[str, Mapping[str, Any]]
"""Parameters by role or component: ``{"encoder": {"bins": 64}}``."""


def all_components() -> Catalogue:
    """Return the components of all plugins."""
    return load_plugins(BUILT_IN, always=SHARED).catalogue


def to_specimen(catalogue: Catalogue, sample: SampleLike, technique: str | None) -> Specimen:
    """Return a sample with its technique; raises like ``load_sample``."""
    from spectra.core.workflows.specimens import load_specimen, specimen_of

    if isinstance(sample, Specimen):
        return replace(sample)
    if isinstance(sample, Mapping):
        return specimen_of(catalogue, sample, technique)
    return load_specimen(catalogue, Path(sample), technique)


def to_paths(file: Files) -> Path | dict[str, Path]:
    """Return the path of a measured file, or those of its parts."""
    return {part: Path(one) for part, one in file.items()} if isinstance(file, Mapping) else Path(file)


def to_frame(records: Sequence[Any], kind: str) -> pd.DataFrame:
    """Return a list of records as a data frame."""
    from spectra.registry.query.columns import all_columns, columns_of
    from spectra.views.frames import records_frame

    return records_frame(records, columns_of(records) or all_columns(kind))
