"""Studies: variants of a recipe, compared on the same spectra under conditions."""
