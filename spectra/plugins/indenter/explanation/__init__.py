"""``spectra indenter explain``: what a model on record looks at."""
