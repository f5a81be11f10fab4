"""Archives: records and artefacts as one file, and moving them from one registry into another."""
