"""Commands about the installation and its results: ``doctor`` and ``cite``."""
