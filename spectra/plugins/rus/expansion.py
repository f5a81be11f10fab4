"""Thermal expansion of a specimen: frequencies at a temperature as they were with the lengths of the sample file."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from functools import cached_property
from typing import Annotated, Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator, Field, PlainSerializer, model_validator

from spectra.core.basics.attachments import Attachment
from spectra.core.basics.units import absolute_quantity, parse_quantity
from spectra.core.samples import Document

_MOST_ROWS = 10_000
_LARGEST = 0.1  # of a strain


def _per_kelvin(text: Any) -> float:
    return text if isinstance(text, float) else parse_quantity(text, "1/K")


def _kelvin(text: Any) -> float:
    if isinstance(text, float):
        return text
    value, unit = absolute_quantity(str(text))
    if unit != "K" or not value >= 0:
        raise ValueError(f"{text!r} is no temperature; write it as in '295 K' or '22 degC'")
    return value


PerKelvin = Annotated[float, BeforeValidator(_per_kelvin), PlainSerializer(lambda value: f"{value:.12g} 1/K")]
Kelvin = Annotated[float, BeforeValidator(_kelvin), PlainSerializer(lambda value: f"{value:.12g} K")]


class Expansion(Document):
    """``{coefficient: 9.4e-6 1/K}`` or ``{table: expansion.csv}``, the same in all directions.

    The table has two columns below a header, a temperature in K and ΔL/L (a number), from any temperature on: what
    counts is the difference from ``reference``, where the specimen has the lengths of the sample file.
    """

    coefficient: PerKelvin | None = Field(default=None, json_schema_extra={"type": "string"})
    table: Attachment | None = None
    reference: Kelvin = Field(
        default=295.0, json_schema_extra={"type": "string"}, description="temperature of the lengths in the sample file"
    )

    @model_validator(mode="after")
    def _is_given_once(self) -> Self:
        if (self.coefficient is None) == (self.table is None):
            raise ValueError("give either the 'coefficient' of the expansion or a 'table'")
        if self.table is not None:
            low, high = self._table[0][[0, -1]]
            if not low <= self.reference <= high:
                raise ValueError(
                    f"{self.table.name} covers {low:g} to {high:g} K, without the reference {self.reference:g} K"
                )
        return self

    def strain(self, temperature: float) -> float:
        """Return ΔL/L at a temperature in K, from the reference.

        Between the rows of a table a monotone cubic (Fritsch and Carlson 1980) is drawn.

        Raises
        ------
        ValueError
            If the table does not reach the temperature.
        """
        if self.coefficient is not None:
            return math.expm1(self.coefficient * (temperature - self.reference))
        from scipy.interpolate import PchipInterpolator

        temperatures, strains = self._table
        if not temperatures[0] <= temperature <= temperatures[-1]:
            raise ValueError(
                f"the table of the thermal expansion covers {temperatures[0]:g} to {temperatures[-1]:g} K, not "
                f"{temperature:g} K"
            )
        at, from_ = PchipInterpolator(temperatures, strains)([temperature, self.reference])
        return float((1 + at) / (1 + from_) - 1)

    @cached_property
    def _table(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        assert self.table is not None  # noqa: S101 - asked for only then
        rows = _rows(self.table)
        temperatures, strains = np.array(rows).T
        order = np.argsort(temperatures, kind="stable")
        temperatures, strains = temperatures[order], strains[order]
        if len(rows) < 2 or np.any(np.diff(temperatures) <= 0):
            raise ValueError(f"{self.table.name} needs two or more rows of different temperatures")
        if np.abs(strains).max() > _LARGEST:
            raise ValueError(
                f"{self.table.name} has strains up to {np.abs(strains).max():g}; give ΔL/L as a number, not in ppm or %"
            )
        return temperatures, strains


def _rows(table: Attachment) -> Sequence[tuple[float, float]]:
    try:
        text = table.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{table.name} is no text") from error
    separator = max(",;\t", key=text.split("\n", 1)[0].count)
    rows: list[tuple[float, float]] = []
    for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=separator), 1):
        if not row or row[0].lstrip().startswith("#"):
            continue
        try:
            temperature, strain = (float(cell) for cell in row)
        except ValueError:
            if rows or number > _MOST_ROWS:
                raise ValueError(
                    f"{table.name}, line {number}: {separator.join(row)[:60]!r} is not two numbers"
                ) from None
            continue  # the header
        if not (math.isfinite(temperature) and math.isfinite(strain)) or len(rows) >= _MOST_ROWS:
            raise ValueError(f"{table.name}, line {number}: not a finite number, or too many rows")
        rows.append((temperature, strain))
    return rows
