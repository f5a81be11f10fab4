"""Several signals in one file: bundles of measured files, data sets with where they come from."""
