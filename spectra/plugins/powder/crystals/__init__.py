"""Unit cells, reflections and structure factors of the phases."""
