"""The tables of the registry, private to this package: frozen records come out of it.

A change here needs a migration in ``migrations/versions``; a test compares the two. What a row refers to cannot be
deleted (RESTRICT); what a row consists of goes with it (CASCADE).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Index,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
    true,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeEngine

from spectra.registry.identifiers import LENGTH, new_identifier

_FINAL = text("final")
_IDENTIFIER = String(LENGTH).with_variant(String(LENGTH, collation="C"), "postgresql")
"""Ranges of identifiers are compared, which needs the order of the alphabet that they are drawn from."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, with its time zone on the way in and in UTC on the way out; SQLite itself knows no time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Convert to UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Attach UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def storable(value: str) -> str:
    """Return ``value`` with escapes for characters that no database stores: see :class:`AnyText`."""
    return value.encode(errors="backslashreplace").decode().replace("\0", r"\x00")


class AnyText(TypeDecorator[str]):
    """Text from a command line or file name, which may hold characters that no database stores.

    Bytes that are not UTF-8 reach Python as lone surrogates; they and NUL are stored as backslash escapes. It is
    ordered by code points, whatever language the database server was set up for.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """Set the order of PostgreSQL to that of code points, the only one of SQLite."""
        return Text(collation="C") if dialect.name == "postgresql" else Text()

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Escape characters that cannot be stored."""
        return None if value is None else storable(value)


class Base(DeclarativeBase):
    """Base of all tables; every constraint has a name, so that a migration can change it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own declaration
        str: AnyText,
        float: Double,
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }


class Entry(Base):
    """Columns of every record: an identifier that a person can type, and the time of creation."""

    __abstract__ = True

    id: Mapped[str] = mapped_column(_IDENTIFIER, primary_key=True, default=new_identifier)
    created: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))


class SampleRow(Entry):
    """A specimen."""

    __tablename__ = "samples"
    __table_args__ = (UniqueConstraint("digest", "name"),)

    name: Mapped[str] = mapped_column(index=True)
    technique: Mapped[str]
    digest: Mapped[str]
    document: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(default="", server_default="")

    tags: Mapped[list[SampleTagRow]] = relationship(lazy="selectin", order_by="SampleTagRow.tag")


class DataSetRow(Entry):
    """A simulated training set."""

    __tablename__ = "data_sets"

    sample_id: Mapped[str] = mapped_column(ForeignKey("samples.id", ondelete="RESTRICT"), index=True)
    digest: Mapped[str] = mapped_column(unique=True)
    recipe: Mapped[dict[str, Any]]
    points: Mapped[int]
    notes: Mapped[list[Any]]
    artefact: Mapped[str]
    artefact_size: Mapped[int] = mapped_column(BigInteger)
    environment: Mapped[dict[str, Any]]

    sample: Mapped[SampleRow] = relationship(lazy="joined", innerjoin=True)


class ModelRow(Entry):
    """A trained model."""

    __tablename__ = "models"
    __table_args__ = (Index(None, "sample_id", "recipe_digest"),)

    sample_id: Mapped[str] = mapped_column(ForeignKey("samples.id", ondelete="RESTRICT"))
    data_set_id: Mapped[str] = mapped_column(ForeignKey("data_sets.id", ondelete="RESTRICT"), index=True)
    recipe: Mapped[dict[str, Any]]
    recipe_digest: Mapped[str]
    quantities: Mapped[list[Any]]
    seed: Mapped[int] = mapped_column(BigInteger)
    metrics: Mapped[dict[str, Any]]
    environment: Mapped[dict[str, Any]]
    artefact: Mapped[str]
    artefact_size: Mapped[int] = mapped_column(BigInteger)
    note: Mapped[str] = mapped_column(default="", server_default="")
    retired: Mapped[datetime | None]

    sample: Mapped[SampleRow] = relationship(lazy="joined", innerjoin=True)
    tags: Mapped[list[ModelTagRow]] = relationship(lazy="selectin", order_by="ModelTagRow.tag")
    aliases: Mapped[list[ModelAliasRow]] = relationship(lazy="selectin", order_by="ModelAliasRow.alias")


class MeasurementRow(Entry):
    """A measured file: the same bytes understood by another reader are another measurement."""

    __tablename__ = "measurements"
    __table_args__ = (
        UniqueConstraint("sample_id", "artefact", "reader"),
        Index(None, "created"),
        Index(None, "file_name"),
    )

    sample_id: Mapped[str] = mapped_column(ForeignKey("samples.id", ondelete="RESTRICT"))
    file_name: Mapped[str]
    artefact: Mapped[str]
    artefact_size: Mapped[int] = mapped_column(BigInteger)
    reader: Mapped[str]
    kind: Mapped[str]
    details: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(default="", server_default="")

    sample: Mapped[SampleRow] = relationship(lazy="joined", innerjoin=True)
    conditions: Mapped[list[MeasurementConditionRow]] = relationship(
        lazy="selectin", order_by="MeasurementConditionRow.name"
    )
    tags: Mapped[list[MeasurementTagRow]] = relationship(lazy="selectin", order_by="MeasurementTagRow.tag")


class MeasurementConditionRow(Base):
    """A condition under which a measurement was taken. The index turns ``temperature > 300`` into a comparison."""

    __tablename__ = "measurement_conditions"
    __table_args__ = (Index(None, "name", "unit", "value"),)

    measurement_id: Mapped[str] = mapped_column(ForeignKey("measurements.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[float]
    unit: Mapped[str]


class PredictionRow(Entry):
    """One model applied to one measurement."""

    __tablename__ = "predictions"
    __table_args__ = (
        Index(None, "created"),
        Index(None, "model_id", "created"),
        Index(None, "measurement_id", "created"),
        Index(None, "operator", "created"),
        Index(None, "misfit_unit", "misfit"),
        Index(None, "verdict", "created"),
    )

    model_id: Mapped[str] = mapped_column(ForeignKey("models.id", ondelete="RESTRICT"))
    measurement_id: Mapped[str] = mapped_column(ForeignKey("measurements.id", ondelete="RESTRICT"))
    misfit: Mapped[float | None]
    misfit_unit: Mapped[str]
    verdict: Mapped[str | None]
    report: Mapped[dict[str, Any]]
    command: Mapped[str]
    operator: Mapped[str]
    environment: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(default="", server_default="")

    measurement: Mapped[MeasurementRow] = relationship(lazy="joined", innerjoin=True)
    quantities: Mapped[list[EstimatedQuantityRow]] = relationship(
        lazy="selectin", order_by="EstimatedQuantityRow.position"
    )
    files: Mapped[list[PredictionFileRow]] = relationship(lazy="selectin", order_by="PredictionFileRow.name")
    tags: Mapped[list[PredictionTagRow]] = relationship(lazy="selectin", order_by="PredictionTagRow.tag")


class PredictionFileRow(Base):
    """A file of a prediction, such as its figure, whose content is an artefact."""

    __tablename__ = "prediction_files"

    prediction_id: Mapped[str] = mapped_column(ForeignKey("predictions.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    artefact: Mapped[str]
    artefact_size: Mapped[int] = mapped_column(BigInteger)


class EstimatedQuantityRow(Base):
    """One number of a prediction.

    One for each name is ``final``, the answer of the prediction; the others are intermediate. The indexes turn
    ``C11 > 260`` and ``C11.std < 1`` into comparisons of numbers.
    """

    __tablename__ = "estimated_quantities"
    __table_args__ = (
        # The migrations, which create them, leave out what is not final on PostgreSQL, too; to say so here would import
        # all of its drivers, which takes 0.05 s.
        Index("ix_estimated_quantities_final_value", "name", "unit", "value", sqlite_where=_FINAL),
        Index("ix_estimated_quantities_final_std", "name", "unit", "std", sqlite_where=_FINAL),
        Index(None, "name", "method", "unit", "value"),
    )

    prediction_id: Mapped[str] = mapped_column(ForeignKey("predictions.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    method: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    unit: Mapped[str]
    value: Mapped[float]
    std: Mapped[float | None]
    note: Mapped[str]
    final: Mapped[bool] = mapped_column(default=True, server_default=true())


class FeatureSpaceRow(Entry):
    """An encoder with its state, and what its features are features of."""

    __tablename__ = "feature_spaces"

    digest: Mapped[str] = mapped_column(unique=True)
    document: Mapped[dict[str, Any]]
    artefact: Mapped[str]
    artefact_size: Mapped[int] = mapped_column(BigInteger)
    environment: Mapped[dict[str, Any]]


class FeaturePartRow(Entry):
    """Features that were added to a space together; the artefact says of which contents."""

    __tablename__ = "feature_parts"

    space_id: Mapped[str] = mapped_column(ForeignKey("feature_spaces.id", ondelete="CASCADE"), index=True)
    rows: Mapped[int]
    artefact: Mapped[str]
    artefact_size: Mapped[int] = mapped_column(BigInteger)


class FeatureFailureRow(Base):
    """Something that a space has no features of, and the reason."""

    __tablename__ = "feature_failures"

    space_id: Mapped[str] = mapped_column(ForeignKey("feature_spaces.id", ondelete="CASCADE"), primary_key=True)
    content: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    reason: Mapped[str]


class IdentityRow(Base):
    """The name of this registry, drawn when it was made: one row, by which a folder of artefacts knows its owner."""

    __tablename__ = "registry_identity"

    id: Mapped[str] = mapped_column(_IDENTIFIER, primary_key=True)


class ModelAliasRow(Base):
    """A name for the model that is to be used for a sample: ``steel@production``. It can move to another model."""

    __tablename__ = "model_aliases"

    sample_name: Mapped[str] = mapped_column(primary_key=True)
    alias: Mapped[str] = mapped_column(primary_key=True)
    model_id: Mapped[str] = mapped_column(ForeignKey("models.id", ondelete="RESTRICT"), index=True)
    created: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))


class SampleTagRow(Base):
    """A tag of a sample."""

    __tablename__ = "sample_tags"

    sample_id: Mapped[str] = mapped_column(ForeignKey("samples.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(primary_key=True, index=True)


class ModelTagRow(Base):
    """A tag of a model."""

    __tablename__ = "model_tags"

    model_id: Mapped[str] = mapped_column(ForeignKey("models.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(primary_key=True, index=True)


class MeasurementTagRow(Base):
    """A tag of a measurement."""

    __tablename__ = "measurement_tags"

    measurement_id: Mapped[str] = mapped_column(ForeignKey("measurements.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(primary_key=True, index=True)


class PredictionTagRow(Base):
    """A tag of a prediction."""

    __tablename__ = "prediction_tags"

    prediction_id: Mapped[str] = mapped_column(ForeignKey("predictions.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(primary_key=True, index=True)
