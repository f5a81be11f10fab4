"""Resonant ultrasound spectroscopy: the reference technique."""
