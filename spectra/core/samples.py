"""Samples: the known facts about one specimen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    field_serializer,
    field_validator,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from spectra.core.basics.files import digest_document
from spectra.core.basics.units import parse_quantity


class Document(BaseModel):
    """Base of everything that a user writes in a file: unknown keys are faults, and nothing changes later."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, allow_inf_nan=False)


@dataclass(frozen=True)
class PositiveIn:
    """Marks a float that files write with a unit (``"4.76 mm"``), that code holds in ``unit``, and that is above 0.

    Use as ``Annotated[float, PositiveIn("mm")]``.
    """

    unit: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self._parse,
            serialization=core_schema.plain_serializer_function_ser_schema(lambda value: _written(value, self.unit)),
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "description": "a number with a unit", "examples": [f"1.5 {self.unit}"]}

    def _parse(self, text: Any) -> float:
        value = parse_quantity(text, self.unit)
        if not 0 < value < float("inf"):
            raise ValueError(f"{text} is not positive")
        return value


class SearchRange(Document):
    """``{from: 170 GPa, to: 370 GPa, step: 1 GPa}``: where a quantity is searched; a subclass sets the unit."""

    unit: ClassVar[str]

    lower: float = Field(alias="from", allow_inf_nan=False, json_schema_extra={"type": "string"})
    upper: float = Field(alias="to", allow_inf_nan=False, json_schema_extra={"type": "string"})
    step: float = Field(gt=0, allow_inf_nan=False, json_schema_extra={"type": "string"})

    @field_validator("lower", "upper", "step", mode="before")
    @classmethod
    def _in_unit(cls, text: Any) -> float:
        return parse_quantity(text, cls.unit)

    @field_serializer("lower", "upper", "step")
    def _with_unit(self, value: float) -> str:
        return _written(value, self.unit)

    @model_validator(mode="after")
    def _holds_something(self) -> Self:
        if not self.lower < self.upper:
            raise ValueError(f"the range from {self.lower:g} to {self.upper:g} {self.unit} is empty; swap its ends")
        return self


class Sample(Document):
    """What every technique's sample has; a technique adds its own facts in a subclass.

    ``name`` and ``notes`` are for people: two samples that differ in nothing else are one specimen for a model.
    """

    name: str = Field(max_length=100, pattern=r"^\w[\w .+-]*$", description="what the laboratory calls the specimen")
    technique: str = Field(description="the technique that this file is for")
    notes: str = Field(default="", max_length=10_000)

    def document(self) -> dict[str, Any]:
        """Return the sample as a sample file would hold it, in canonical units."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)

    @property
    def digest(self) -> str:
        """Content address of everything that a model depends on."""
        facts = self.model_dump(
            mode="json", by_alias=True, exclude_none=True, exclude={"name", "notes"}, context={"only_digests": True}
        )
        return digest_document(facts)


def _written(value: float, unit: str) -> str:
    return f"{value:.12g} {unit}"
