"""The published way to map a picture, a window of its own for every place: the same answers as in one pass."""
