"""Crystals: elastic symmetry, orientation, and the sets of moduli by which a solid is described."""
