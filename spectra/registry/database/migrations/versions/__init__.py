"""One module per revision of the schema, named by its number."""
