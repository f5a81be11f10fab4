"""Layouts: features as points of a plane, by name, for any task that shows an archive as a map."""
