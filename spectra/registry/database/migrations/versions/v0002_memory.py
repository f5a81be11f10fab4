"""The laboratory's memory: notes, tags of samples, aliases and retirement of models, final quantities, a name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from spectra.registry.identifiers import new_identifier

revision = "0002"
down_revision = "0001"

# On a server as well, text is ordered by code points.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
IDENTIFIER = sa.String(10).with_variant(sa.String(10, collation="C"), "postgresql")


_TEXTS = {
    "samples": ("name", "technique", "digest"),
    "data_sets": ("digest", "artefact"),
    "models": ("recipe_digest", "artefact"),
    "measurements": ("file_name", "artefact", "reader", "kind"),
    "predictions": ("misfit_unit", "command", "operator"),
    "estimated_quantities": ("name", "method", "unit", "note"),
    "model_tags": ("tag",),
    "measurement_tags": ("tag",),
    "prediction_tags": ("tag",),
}
_IDENTIFIERS = {
    "samples": ("id",),
    "data_sets": ("id", "sample_id"),
    "models": ("id", "sample_id", "data_set_id"),
    "measurements": ("id", "sample_id"),
    "predictions": ("id", "model_id", "measurement_id"),
    "estimated_quantities": ("prediction_id",),
    "model_tags": ("model_id",),
    "measurement_tags": ("measurement_id",),
    "prediction_tags": ("prediction_id",),
}


def upgrade() -> None:
    """Add what schema 0002 has beyond 0001."""
    if op.get_context().dialect.name == "postgresql":
        _order_by_code_points()
    for table in ("samples", "models", "measurements", "predictions"):
        op.add_column(table, sa.Column("note", TEXT, nullable=False, server_default=""))
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
    for column in ("model_id", "measurement_id"):
        op.drop_index(f"ix_predictions_{column}", "predictions")
        op.create_index(f"ix_predictions_{column}_created", "predictions", [column, "created"])
    op.create_index("ix_predictions_operator_created", "predictions", ["operator", "created"])
    op.create_index("ix_predictions_misfit_unit_misfit", "predictions", ["misfit_unit", "misfit"])

    op.create_table(
        "model_aliases",
        sa.Column("sample_name", TEXT, nullable=False),
        sa.Column("alias", TEXT, nullable=False),
        sa.Column("model_id", IDENTIFIER, nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sample_name", "alias", name="pk_model_aliases"),
        sa.ForeignKeyConstraint(
            ["model_id"], ["models.id"], name="fk_model_aliases_model_id_models", ondelete="RESTRICT"
        ),
    )
    op.create_index("ix_model_aliases_model_id", "model_aliases", ["model_id"])
    op.create_table(
        "sample_tags",
        sa.Column("sample_id", IDENTIFIER, nullable=False),
        sa.Column("tag", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("sample_id", "tag", name="pk_sample_tags"),
        sa.ForeignKeyConstraint(
            ["sample_id"], ["samples.id"], name="fk_sample_tags_sample_id_samples", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_sample_tags_tag", "sample_tags", ["tag"])

    identity = op.create_table(
        "registry_identity",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_registry_identity"),
    )
    op.bulk_insert(identity, [{"id": new_identifier()}])


def _order_by_code_points() -> None:
    """Free the columns of schema 0001 from the language that the server was set up for."""
    for columns, kind in ((_TEXTS, TEXT), (_IDENTIFIERS, IDENTIFIER)):
        for table, names in columns.items():
            for name in names:
                op.alter_column(table, name, type_=kind)


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
