"""Explanations of models on pictures: which grains, orientations and patterns an answer depends on."""
