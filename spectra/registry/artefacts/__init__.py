"""Artefacts: files under the address of their content, in a folder or behind a URL."""
