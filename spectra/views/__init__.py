"""Records and results as figures, numbers, tables and documents: for the command line, a notebook and a page."""
