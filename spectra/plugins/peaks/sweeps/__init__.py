"""Sweeps: readers, and the resonances in them."""
