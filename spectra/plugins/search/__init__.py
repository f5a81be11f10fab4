"""Searching: optimizers by name, for any task that looks for a design."""
