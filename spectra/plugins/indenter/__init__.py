"""The virtual indenter: what a picture of a microstructure says about hardness, or whatever was measured on it."""
