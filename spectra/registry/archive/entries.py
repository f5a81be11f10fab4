"""Records as documents that travel: what an archive holds, and what is copied from one registry to another.

Unlike the records of :mod:`spectra.core.store` they hold all that a table holds and nothing twice. An archive may come
from anyone, so every entry is validated: no unknown key, no wrong type, nothing infinite, nothing without bound.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from spectra.registry.artefacts.usage import attached
from spectra.registry.database.tables import (
    DataSetRow,
    EstimatedQuantityRow,
    MeasurementConditionRow,
    MeasurementRow,
    MeasurementTagRow,
    ModelRow,
    ModelTagRow,
    PredictionFileRow,
    PredictionRow,
    PredictionTagRow,
    SampleRow,
    SampleTagRow,
    storable,
)
from spectra.registry.identifiers import ALPHABET, LENGTH

_DEEPEST = 50


def _shallow(document: Any) -> Any:
    """Refuse a document that is nested too deeply for some readers of JSON."""
    level = [document]
    for _ in range(_DEEPEST):
        level = [
            item
            for container in level
            if isinstance(container, dict | list)
            for item in (container.values() if isinstance(container, dict) else container)
        ]
        if not level:
            return document
    raise ValueError(f"it is nested more than {_DEEPEST} levels deep")


def _tag_names(tags: Any) -> Any:
    """Turn the rows of tags into their texts."""
    return [getattr(tag, "tag", tag) for tag in tags] if isinstance(tags, list) else tags


Text = Annotated[str, Field(max_length=10_000_000), AfterValidator(storable)]
Name = Annotated[str, Field(max_length=10_000), AfterValidator(storable)]
Identifier = Annotated[str, Field(pattern=f"^[{ALPHABET}]{{{LENGTH}}}$")]
Digest = Annotated[str, Field(pattern="^sha256:[0-9a-f]{64}$")]
Size = Annotated[int, Field(ge=0, lt=2**63)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Moment = Annotated[AwareDatetime, Field(strict=False)]
Document = Annotated[dict[str, Any], AfterValidator(_shallow)]
Items = Annotated[list[Any], AfterValidator(_shallow)]
Tags = Annotated[list[Name], BeforeValidator(_tag_names), AfterValidator(lambda tags: list(dict.fromkeys(tags)))]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, from_attributes=True)


class RecordEntry(_Part):
    """Fields and methods of all entries."""

    table: ClassVar[str]
    what: ClassVar[str]
    row_type: ClassVar[type[Any]]
    key: ClassVar[tuple[str, ...]] = ()
    """Fields that are unique on record, whatever the identifier."""
    refers: ClassVar[Mapping[str, str]] = {}
    """Fields that hold the identifier of another record, and its table."""
    parts: ClassVar[tuple[str, ...]] = ()
    """Fields that are rows of tables of their own."""

    id: Identifier
    created: Moment

    @classmethod
    def upgraded(cls, document: dict[str, Any], revision: str) -> dict[str, Any]:  # noqa: ARG003
        """Return an entry of an archive as it is in this schema, from the schema ``revision``."""
        return document

    def own_key(self) -> tuple[object, ...] | None:
        """Return the values of :attr:`key`, if there are any."""
        return tuple(getattr(self, name) for name in self.key) or None

    def artefacts(self) -> Iterator[str]:
        """Yield the digests of the artefacts that it refers to."""
        yield from ()

    def sizes(self) -> Mapping[str, int]:
        """Return the sizes of those whose size is on record, by their digests."""
        return {}

    def row(self) -> Any:
        """Return it as a new row of its table."""
        columns = type(self).model_fields.keys() - set(self.parts)
        return self.row_type(**{name: getattr(self, name) for name in columns})


class AnnotatedEntry(RecordEntry):
    """A record with a note and tags."""

    tag_type: ClassVar[type[Any]]
    parts: ClassVar[tuple[str, ...]] = ("tags",)

    note: Text
    tags: Tags

    def row(self) -> Any:
        """Return it as a new row with its tags."""
        row = super().row()
        row.tags = [self.tag_type(tag=tag) for tag in self.tags]
        return row


class ArtefactEntry(RecordEntry):
    """A record whose content is a file."""

    artefact: Digest
    artefact_size: Size

    def artefacts(self) -> Iterator[str]:
        """Yield the digest of its artefact."""
        yield self.artefact

    def sizes(self) -> Mapping[str, int]:
        """Return the size of its artefact."""
        return {self.artefact: self.artefact_size}


class SampleEntry(AnnotatedEntry):
    """A sample."""

    table, what, row_type, tag_type = "samples", "sample", SampleRow, SampleTagRow
    key = ("digest", "name")

    name: Name
    technique: Name
    digest: Digest
    document: Document

    def artefacts(self) -> Iterator[str]:
        """Yield the digests of its attachments."""
        return attached(self.document)


class DataSetEntry(ArtefactEntry):
    """A simulated training set."""

    table, what, row_type = "data_sets", "data set", DataSetRow
    key = ("digest",)
    refers: ClassVar[Mapping[str, str]] = {"sample_id": "samples"}

    sample_id: Identifier
    digest: Name
    recipe: Document
    points: Annotated[int, Field(ge=0, lt=2**31)]
    notes: Items
    environment: Document


class AliasEntry(_Part):
    """A name under which a model is to be used."""

    sample_name: Name
    alias: Name
    created: Moment


class ModelEntry(ArtefactEntry, AnnotatedEntry):
    """A trained model."""

    table, what, row_type, tag_type = "models", "model", ModelRow, ModelTagRow
    refers: ClassVar[Mapping[str, str]] = {"sample_id": "samples", "data_set_id": "data_sets"}
    parts = ("tags", "aliases")

    sample_id: Identifier
    data_set_id: Identifier
    recipe: Document
    recipe_digest: Name
    quantities: Items
    seed: Annotated[int, Field(ge=-(2**63), lt=2**63)]
    metrics: Document
    environment: Document
    retired: Moment | None
    aliases: list[AliasEntry]


class ConditionEntry(_Part):
    """A condition of a measurement."""

    name: Name
    value: Finite
    unit: Name


class MeasurementEntry(ArtefactEntry, AnnotatedEntry):
    """A measured file."""

    table, what, row_type, tag_type = "measurements", "measurement", MeasurementRow, MeasurementTagRow
    key = ("sample_id", "artefact", "reader")
    refers: ClassVar[Mapping[str, str]] = {"sample_id": "samples"}
    parts = ("tags", "conditions")

    sample_id: Identifier
    file_name: Name
    reader: Name
    kind: Name
    details: Document
    conditions: list[ConditionEntry]

    @classmethod
    def upgraded(cls, document: dict[str, Any], revision: str) -> dict[str, Any]:
        """Add the conditions, which schema 0003 introduced."""
        return {"conditions": [], **document} if revision < "0003" else document

    @model_validator(mode="after")
    def _has_each_condition_once(self) -> Self:
        for name, times in Counter(condition.name for condition in self.conditions).items():
            if times > 1:
                raise ValueError(f"the condition {name} stands twice")
        return self

    def row(self) -> Any:
        """Return it as a new row with its tags and conditions."""
        row = super().row()
        row.conditions = [MeasurementConditionRow(**condition.model_dump()) for condition in self.conditions]
        return row


class QuantityEntry(_Part):
    """One number of a prediction."""

    name: Name
    method: Name
    position: Annotated[int, Field(ge=0, lt=2**31)]
    unit: Name
    value: Finite
    std: Annotated[Finite, Field(ge=0)] | None
    note: Text
    final: bool

    @model_validator(mode="after")
    def _says_why_it_has_no_spread(self) -> Self:
        if self.std is None and not self.note:
            raise ValueError(f"{self.name} ({self.method}) has no uncertainty and no note that says why")
        return self


class FileEntry(_Part):
    """A file of a prediction."""

    name: Name
    artefact: Digest
    artefact_size: Size


class PredictionEntry(AnnotatedEntry):
    """One model applied to one measurement."""

    table, what, row_type, tag_type = "predictions", "prediction", PredictionRow, PredictionTagRow
    refers: ClassVar[Mapping[str, str]] = {"model_id": "models", "measurement_id": "measurements"}
    parts = ("tags", "quantities", "files")

    model_id: Identifier
    measurement_id: Identifier
    misfit: Finite | None
    misfit_unit: Name
    verdict: Name | None
    report: Document
    command: Text
    operator: Name
    environment: Document
    quantities: list[QuantityEntry]
    files: list[FileEntry]

    def artefacts(self) -> Iterator[str]:
        """Yield the digests of its files."""
        for file in self.files:
            yield file.artefact

    def sizes(self) -> Mapping[str, int]:
        """Return the sizes of its files."""
        return {file.artefact: file.artefact_size for file in self.files}

    @classmethod
    def upgraded(cls, document: dict[str, Any], revision: str) -> dict[str, Any]:
        """Call the method "learned" that was "network" before schema 0003; add what 0004 introduced."""
        if revision < "0004":
            document = {"verdict": None, "files": [], **document}
        quantities = document.get("quantities")
        if revision >= "0003" or not isinstance(quantities, list):
            return document
        new = [
            q | {"method": "learned"} if isinstance(q, dict) and q.get("method") == "network" else q for q in quantities
        ]
        return document | {"quantities": new}

    @model_validator(mode="after")
    def _has_each_quantity_once(self) -> Self:
        for (name, method), times in Counter((q.name, q.method) for q in self.quantities).items():
            if times > 1:
                raise ValueError(f"{name} ({method}) stands twice")
        return self

    @model_validator(mode="after")
    def _has_each_file_once(self) -> Self:
        for name, times in Counter(file.name for file in self.files).items():
            if times > 1:
                raise ValueError(f"the file {name} stands twice")
        return self

    def row(self) -> Any:
        """Return it as a new row with its tags, quantities and files."""
        row = super().row()
        row.files = [PredictionFileRow(**file.model_dump()) for file in self.files]
        row.quantities = [EstimatedQuantityRow(**quantity.model_dump()) for quantity in self.quantities]
        return row


ENTRIES: tuple[type[RecordEntry], ...] = (SampleEntry, DataSetEntry, ModelEntry, MeasurementEntry, PredictionEntry)
"""In this order every record comes after those that it refers to."""
