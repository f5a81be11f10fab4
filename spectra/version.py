"""The version, apart from the Python face, for everything below it."""

__version__ = "0.1.0"
