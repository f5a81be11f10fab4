"""The sample file of the virtual indenter: pictures of a material with what was measured at places in them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from spectra.core.basics.attachments import Attachment
from spectra.core.errors import InputError
from spectra.core.samples import Sample
from spectra.core.signals import Places, Signal


class IndenterSample(Sample):
    """A material, with a data set file of places in pictures where a quantity was measured."""

    technique: Literal["indenter"]
    data_set: Attachment = Field(description="places with measured values, from 'spectra indenter register'")
    split: Literal["grains", "blocks", "specimen", "random"] = Field(
        default="grains",
        description="what stays together when the places are divided into learned and tested: grains as the data set "
        "file has them, blocks of columns, whole pictures, or nothing (which lets a model know what it is tested on)",
    )

    def measured_part(self, signal: Signal) -> Signal:
        """Return the places.

        Raises
        ------
        InputError
            If the data set holds anything else.
        """
        if not isinstance(signal, Places):
            raise InputError(
                f"{self.data_set.name} holds {signal.kind}, not places in pictures.",
                hint="'spectra indenter register MAP INDENTS --output FILE' writes such a data set.",
            )
        return signal
