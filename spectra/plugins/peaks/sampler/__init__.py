"""Samples of the posterior by Markov chains, and how well they stand for it."""
