"""The database: connection, schema and its migrations, tables."""
