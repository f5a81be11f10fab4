"""``spectra indenter register``: indents and a picture or orientation map together, as a data set."""
