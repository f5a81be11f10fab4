"""Similarity: feature spaces of everything on record, and what is asked of them."""
