"""Verdict of a prediction; files of a prediction, such as its figure, as artefacts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
IDENTIFIER = sa.String(10).with_variant(sa.String(10, collation="C"), "postgresql")


def upgrade() -> None:
    """Add what schema 0004 has beyond 0003; nobody has judged the predictions that are on record."""
    op.add_column("predictions", sa.Column("verdict", TEXT, nullable=True))
    op.create_index("ix_predictions_verdict_created", "predictions", ["verdict", "created"])

    op.create_table(
        "prediction_files",
        sa.Column("prediction_id", IDENTIFIER, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("artefact", TEXT, nullable=False),
        sa.Column("artefact_size", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("prediction_id", "name", name="pk_prediction_files"),
        sa.ForeignKeyConstraint(
            ["prediction_id"],
            ["predictions.id"],
            name="fk_prediction_files_prediction_id_predictions",
            ondelete="CASCADE",
        ),
    )
