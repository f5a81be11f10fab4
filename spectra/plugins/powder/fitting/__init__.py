"""The whole-pattern fit: search, least squares, uncertainties and doubts."""
