"""Alembic executes this file to run migrations on the connection that it was handed."""

from __future__ import annotations

from alembic import context

from spectra.registry.database.schema import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    version_table=VERSION_TABLE,
    render_as_batch=True,  # SQLite alters a table by copying it
    transactional_ddl=True,  # SQLite can, although Alembic does not expect it
)
with context.begin_transaction():
    context.run_migrations()
