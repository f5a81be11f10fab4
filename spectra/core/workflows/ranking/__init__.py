"""Recipes that compete: folds of whole groups, intervals that hold for groups never seen, and who is best."""
