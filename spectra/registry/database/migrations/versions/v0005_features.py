"""Feature spaces: encoders with their state, and the features of what is on record."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
IDENTIFIER = sa.String(10).with_variant(sa.String(10, collation="C"), "postgresql")


def upgrade() -> None:
    """Add what schema 0005 has beyond 0004."""
    op.create_table(
        "feature_spaces",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("artefact", TEXT, nullable=False),
        sa.Column("artefact_size", sa.BigInteger(), nullable=False),
        sa.Column("environment", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feature_spaces"),
        sa.UniqueConstraint("digest", name="uq_feature_spaces_digest"),
    )
    op.create_table(
        "feature_parts",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("space_id", IDENTIFIER, nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("artefact", TEXT, nullable=False),
        sa.Column("artefact_size", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feature_parts"),
        sa.ForeignKeyConstraint(
            ["space_id"],
            ["feature_spaces.id"],
            name="fk_feature_parts_space_id_feature_spaces",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_feature_parts_space_id", "feature_parts", ["space_id"])
    op.create_table(
        "feature_failures",
        sa.Column("space_id", IDENTIFIER, nullable=False),
        sa.Column("content", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("space_id", "content", name="pk_feature_failures"),
        sa.ForeignKeyConstraint(
            ["space_id"],
            ["feature_spaces.id"],
            name="fk_feature_failures_space_id_feature_spaces",
            ondelete="CASCADE",
        ),
    )
