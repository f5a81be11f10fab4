"""The workflow *series*: one specimen at many temperatures, pressures, fields or times."""
