"""``spectra indenter curate``: one data set of labels that are known with different accuracy."""
