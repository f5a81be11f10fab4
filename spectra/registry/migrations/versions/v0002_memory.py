"""The laboratory's memory: notes, tags of samples, aliases and retirement of models, final quantities."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add what schema 0002 has beyond 0001."""
    for table in ("samples", "models", "measurements", "predictions"):
        op.add_column(table, sa.Column("note", sa.Text(), nullable=False, server_default=""))
    op.add_column("models", sa.Column("retired", sa.DateTime(timezone=True), nullable=True))

    op.add_column("estimated_quantities", sa.Column("final", sa.Boolean(), nullable=False, server_default=sa.true()))
    _mark_final_quantities()
    for column in ("value", "std"):
        op.create_index(
            f"ix_estimated_quantities_final_{column}",
            "estimated_quantities",
            ["name", "unit", column],
            sqlite_where=sa.text("final"),
            postgresql_where=sa.text("final"),
        )

    op.drop_index("ix_estimated_quantities_name_method_value", "estimated_quantities")
    op.create_index(
        "ix_estimated_quantities_name_method_unit_value", "estimated_quantities", ["name", "method", "unit", "value"]
    )
    op.create_index("ix_measurements_file_name", "measurements", ["file_name"])
    op.create_index("ix_predictions_operator_created", "predictions", ["operator", "created"])
    op.create_index("ix_predictions_misfit_unit_misfit", "predictions", ["misfit_unit", "misfit"])

    op.create_table(
        "model_aliases",
        sa.Column("sample_name", sa.Text(), nullable=False),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("model_id", sa.String(10), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sample_name", "alias", name="pk_model_aliases"),
        sa.ForeignKeyConstraint(
            ["model_id"], ["models.id"], name="fk_model_aliases_model_id_models", ondelete="RESTRICT"
        ),
    )
    op.create_index("ix_model_aliases_model_id", "model_aliases", ["model_id"])
    op.create_table(
        "sample_tags",
        sa.Column("sample_id", sa.String(10), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sample_id", "tag", name="pk_sample_tags"),
        sa.ForeignKeyConstraint(
            ["sample_id"], ["samples.id"], name="fk_sample_tags_sample_id_samples", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_sample_tags_tag", "sample_tags", ["tag"])


def _mark_final_quantities() -> None:
    """Unmark the network's values where there are refined ones."""
    columns: list[sa.ColumnClause[bool | str]] = [
        sa.column(name) for name in ("prediction_id", "name", "method", "final")
    ]
    quantities = sa.table("estimated_quantities", *columns)
    refined = quantities.alias("refined")
    has_refined = (
        sa.exists()
        .where(refined.c.prediction_id == quantities.c.prediction_id, refined.c.name == quantities.c.name)
        .where(refined.c.method == "refined")
        .correlate(quantities)
    )
    op.execute(sa.update(quantities).where(quantities.c.method == "network", has_refined).values(final=sa.false()))
