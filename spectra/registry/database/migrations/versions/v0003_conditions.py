"""Conditions of a measurement; a regressor's own value is called "learned", whatever kind of regressor it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
IDENTIFIER = sa.String(10).with_variant(sa.String(10, collation="C"), "postgresql")


def upgrade() -> None:
    """Add what schema 0003 has beyond 0002."""
    method: sa.ColumnClause[str] = sa.column("method")
    quantities = sa.table("estimated_quantities", method)
    op.execute(sa.update(quantities).where(method == "network").values(method="learned"))

    op.create_table(
        "measurement_conditions",
        sa.Column("measurement_id", IDENTIFIER, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("unit", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("measurement_id", "name", name="pk_measurement_conditions"),
        sa.ForeignKeyConstraint(
            ["measurement_id"],
            ["measurements.id"],
            name="fk_measurement_conditions_measurement_id_measurements",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_measurement_conditions_name_unit_value", "measurement_conditions", ["name", "unit", "value"])
