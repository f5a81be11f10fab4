"""The task *design*: which structure, or which specimen, has a wanted property."""
