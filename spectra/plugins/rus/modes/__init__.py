"""Modes: resonance frequencies by the Rayleigh-Ritz method, their convergence, symmetry, and what they tell apart."""
