"""The first schema: samples, data sets, models, measurements, predictions with their quantities, and tags."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create all tables."""
    op.create_table(
        "samples",
        *_entry("samples"),
        _text("name"),
        _text("technique"),
        _text("digest"),
        _json("document"),
        sa.UniqueConstraint("digest", "name", name="uq_samples_digest_name"),
    )
    op.create_index("ix_samples_name", "samples", ["name"])
    op.create_table(
        "data_sets",
        *_entry("data_sets"),
        *_reference("data_sets", "sample_id", "samples"),
        _text("digest"),
        _json("recipe"),
        sa.Column("points", sa.Integer(), nullable=False),
        _json("notes"),
        *_artefact(),
        _json("environment"),
        sa.UniqueConstraint("digest", name="uq_data_sets_digest"),
    )
    op.create_index("ix_data_sets_sample_id", "data_sets", ["sample_id"])
    op.create_table(
        "models",
        *_entry("models"),
        *_reference("models", "sample_id", "samples"),
        *_reference("models", "data_set_id", "data_sets"),
        _json("recipe"),
        _text("recipe_digest"),
        _json("quantities"),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        _json("metrics"),
        _json("environment"),
        *_artefact(),
    )
    op.create_index("ix_models_sample_id_recipe_digest", "models", ["sample_id", "recipe_digest"])
    op.create_index("ix_models_data_set_id", "models", ["data_set_id"])
    op.create_table(
        "measurements",
        *_entry("measurements"),
        *_reference("measurements", "sample_id", "samples"),
        _text("file_name"),
        *_artefact(),
        _text("reader"),
        _text("kind"),
        _json("details"),
        sa.UniqueConstraint("sample_id", "artefact", "reader", name="uq_measurements_sample_id_artefact_reader"),
    )
    op.create_index("ix_measurements_created", "measurements", ["created"])
    op.create_table(
        "predictions",
        *_entry("predictions"),
        *_reference("predictions", "model_id", "models"),
        *_reference("predictions", "measurement_id", "measurements"),
        sa.Column("misfit", sa.Double(), nullable=True),
        _text("misfit_unit"),
        _json("report"),
        _text("command"),
        _text("operator"),
        _json("environment"),
    )
    op.create_index("ix_predictions_created", "predictions", ["created"])
    op.create_index("ix_predictions_model_id", "predictions", ["model_id"])
    op.create_index("ix_predictions_measurement_id", "predictions", ["measurement_id"])
    op.create_table(
        "estimated_quantities",
        *_reference("estimated_quantities", "prediction_id", "predictions", ondelete="CASCADE"),
        _text("name"),
        _text("method"),
        sa.Column("position", sa.Integer(), nullable=False),
        _text("unit"),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("std", sa.Double(), nullable=True),
        _text("note"),
        sa.PrimaryKeyConstraint("prediction_id", "name", "method", name="pk_estimated_quantities"),
    )
    op.create_index("ix_estimated_quantities_name_method_value", "estimated_quantities", ["name", "method", "value"])
    for owner in ("model", "measurement", "prediction"):
        op.create_table(
            f"{owner}_tags",
            *_reference(f"{owner}_tags", f"{owner}_id", f"{owner}s", ondelete="CASCADE"),
            _text("tag"),
            sa.PrimaryKeyConstraint(f"{owner}_id", "tag", name=f"pk_{owner}_tags"),
        )
        op.create_index(f"ix_{owner}_tags_tag", f"{owner}_tags", ["tag"])


def _entry(table: str) -> tuple[Any, ...]:
    return (
        sa.Column("id", sa.String(10), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )


def _reference(table: str, name: str, target: str, ondelete: str = "RESTRICT") -> tuple[Any, ...]:
    return (
        sa.Column(name, sa.String(10), nullable=False),
        sa.ForeignKeyConstraint([name], [f"{target}.id"], name=f"fk_{table}_{name}_{target}", ondelete=ondelete),
    )


def _artefact() -> tuple[Any, ...]:
    return _text("artefact"), sa.Column("artefact_size", sa.BigInteger(), nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _json(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.JSON(), nullable=False)
