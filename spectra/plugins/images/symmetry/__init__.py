"""Symmetry of periodic pictures: the 17 plane groups."""
