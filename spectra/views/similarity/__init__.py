"""A map of an archive for people: a page in one file, and a figure."""
