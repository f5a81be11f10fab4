"""Figures: one subject a module, each function returns a Figure; ``canvas`` makes an empty one and saves it."""
